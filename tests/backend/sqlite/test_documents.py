"""Documents in a file: the same as in memory, whichever process asks."""

import mmap
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockcbs.backend.memory import MemoryDocuments
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.documents import SCHEMA, SqliteDocuments
from mockcbs.core.changes import SIZE, Changes
from tests.thoroughness import examples

KINDS, SCOPES, KEYS = (st.sampled_from(names) for names in ("kl", ["", "p", "q"], ["", "a", "b", "名", "\0"]))
DOCUMENTS = st.fixed_dictionaries({"text": st.text(), "rows": st.lists(st.integers() | st.none())})
WORKERS = st.sampled_from([0, 1])


class TwoWorkers(RuleBasedStateMachine):
    """Two processes' views of a file do what one `MemoryDocuments` does."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path, changes = Path(self.folder.name), Changes(memoryview(mmap.mmap(-1, 8 * SIZE)).cast("Q"))
        self.databases = [Database(path / "state", path / "gate", SCHEMA, changes) for _ in range(2)]
        self.shared = [SqliteDocuments(database) for database in self.databases]
        self.model = MemoryDocuments()

    @rule(worker=WORKERS, kind=KINDS, scope=SCOPES, key=KEYS, document=DOCUMENTS)
    def put(self, worker, kind, scope, key, document):
        """Keep a document."""
        self.shared[worker].put(kind, scope, key, document)
        self.model.put(kind, scope, key, document)

    @rule(worker=WORKERS, kind=KINDS, scope=SCOPES, key=KEYS)
    def delete(self, worker, kind, scope, key):
        """Forget a document."""
        assert self.shared[worker].delete(kind, scope, key) == self.model.delete(kind, scope, key)

    @rule(worker=WORKERS, kind=KINDS, scope=SCOPES, key=KEYS, document=DOCUMENTS)
    def replace(self, worker, kind, scope, key, document):
        """A document that a transaction read is the one that it replaces."""
        store = self.shared[worker]
        with store.transaction():
            found = store.get(kind, scope, key)
            store.put(kind, scope, key, {"before": found, "now": document})
            assert store.get(kind, scope, key) == {"before": found, "now": document}
        self.model.put(kind, scope, key, {"before": self.model.get(kind, scope, key), "now": document})

    @rule(worker=WORKERS, scope=st.sampled_from([None, "", "p", "q"]))
    def clear(self, worker, scope):
        """Forget a scope, or all."""
        self.shared[worker].clear(scope)
        self.model.clear(scope)

    @rule(worker=WORKERS, kind=KINDS)
    def drop(self, worker, kind):
        """Forget a kind."""
        self.shared[worker].drop(kind)
        self.model.drop(kind)

    @rule(worker=WORKERS)
    def reopen(self, worker):
        """As a worker that takes the place of another."""
        self.databases[worker].close()

    @invariant()
    def both_agree(self):
        """Every process and every query gets the same documents."""
        for store in self.shared:
            for kind in "kl":
                for scope in ("", "p", "q"):
                    assert store.select(kind, scope) == self.model.select(kind, scope)
                    for key in ("", "a", "b", "名", "\0"):
                        assert store.get(kind, scope, key) == self.model.get(kind, scope, key)

    def teardown(self):
        """Leave no file open."""
        for database in self.databases:
            database.close()
        self.folder.cleanup()


TwoWorkers.TestCase.settings = settings(max_examples=examples(25), stateful_step_count=20)
test_two_workers_do_what_one_does = TwoWorkers.TestCase


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "state", tmp_path / "gate", SCHEMA, Changes())
    yield database
    database.close()


def test_transactions_of_two_workers_follow_each_other(tmp_path):
    """Two workers that read and write a count in transactions lose no increment."""
    changes = Changes()
    databases = [Database(tmp_path / "state", tmp_path / "gate", SCHEMA, changes) for _ in "ab"]
    stores = [SqliteDocuments(database) for database in databases]

    def count(store):
        for _ in range(200):
            with store.transaction():
                number = (store.get("counter", "p", "k") or {"value": 0})["value"]
                store.put("counter", "p", "k", {"value": number + 1})

    threads = [threading.Thread(target=count, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [store.get("counter", "p", "k") for store in stores] == [{"value": 400}] * 2
    for database in databases:
        database.close()


def test_workers_open_a_new_file_at_once(tmp_path):
    """If two workers open a new file, the second waits until the first has created the tables."""
    together = threading.Barrier(2)

    def open_all(worker: int) -> None:
        for number in range(200):
            database = Database(tmp_path / f"{number}", tmp_path / f"gate{number}", SCHEMA, Changes())
            together.wait(30)
            SqliteDocuments(database).put("kind", "scope", f"{worker}", {})
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(open_all, range(2))) == [None, None]


def test_what_was_written_before_an_error_stays(database):
    """An emulated error is an answer, and what led to it is remembered as in memory."""
    store = SqliteDocuments(database)

    def fail():
        with store.transaction():
            store.put("k", "p", "a", {"asked": True})
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert store.get("k", "p", "a") == {"asked": True}


def test_what_nobody_changes_costs_no_query(database, monkeypatch):
    """A document read before is remembered until its kind changes in its scope."""
    store = SqliteDocuments(database)
    store.put("k", "p", "a", {"n": 1})
    assert store.get("k", "p", "a") == {"n": 1}
    assert store.get("never", "p", "a") is None

    with monkeypatch.context() as patch:
        patch.setattr(Database, "__call__", lambda *_: pytest.fail("a query"))
        assert store.get("k", "p", "a") == {"n": 1}
        assert store.get("never", "p", "b") is None
    store.put("k", "p", "a", {"n": 2})

    assert store.get("k", "p", "a") == {"n": 2}
