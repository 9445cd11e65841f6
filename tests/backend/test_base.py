"""What every backend does alike."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcbs.backend.documents import NEWEST_FIRST
from mockcbs.backend.memory import MemoryDocuments

VALUES = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from(["", "a", "b", "名'"])
)
MEMBERS = st.sampled_from(["a", "b c", "名'"])
CONDITIONS = st.lists(
    st.tuples(MEMBERS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), VALUES), max_size=2
)
SORTS = st.lists(
    st.builds("".join, st.tuples(st.sampled_from(["", "-"]), MEMBERS)) | st.just("-"), max_size=2
)


def test_documents_are_kept_by_kind_scope_and_key(backend):
    """What is put can be had, listed in order, replaced and deleted; scopes and kinds are apart."""
    documents = backend.documents

    documents.put("session", "p1", "b", {"n": 1})
    documents.put("session", "p1", "a", {"n": 2})
    documents.put("session", "p1", "b", {"n": 3})
    documents.put("session", "p2", "b", {"n": 4})

    assert documents.get("session", "p1", "b") == {"n": 3}
    assert documents.select("session", "p1") == [{"n": 3}, {"n": 2}]
    assert documents.get("request", "p1", "b") is None
    assert documents.delete("session", "p1", "b")
    assert not documents.delete("session", "p1", "b")
    documents.clear("p1")
    assert documents.select("session", "p1") == []
    assert documents.get("session", "p2", "b") == {"n": 4}
    documents.drop("session")
    assert documents.get("session", "p2", "b") is None


def test_documents_are_selected_sorted_and_paged(backend):
    """Conditions choose, sort keys order, and pages follow each other without a gap."""
    for number in range(10):
        document = {"number": number, "even": number % 2 == 0, "group": "ab"[number > 6]}
        backend.documents.put("row", "p", f"k{number}", document)

    def numbers(**how):
        return [row["number"] for row in backend.documents.select("row", "p", **how)]

    assert numbers(where=[("even", "=", True), ("number", ">", 2)]) == [4, 6, 8]
    assert numbers(where=[("group", "!=", "a")], sort=["-number"]) == [9, 8, 7]
    assert numbers(sort=["-group", "even"]) == [7, 9, 8, 1, 3, 5, 0, 2, 4, 6]
    assert numbers(sort=NEWEST_FIRST, limit=3) == [9, 8, 7]
    assert numbers(sort=NEWEST_FIRST, after="k7", limit=2) == [6, 5]
    assert numbers(offset=8) == [8, 9]
    assert numbers(after="gone") == []
    assert backend.documents.count("row", "p", [("even", "=", False)]) == 5
    assert backend.documents.count("row", "q") == 0


@pytest.mark.parametrize("name", ['a"b', "a\\b", "--", "-'\""])
def test_names_that_no_database_can_be_asked_about_are_refused(backend, name):
    """A name cannot leave the quotes that it stands in."""
    with pytest.raises(ValueError, match="no name of a member"):
        backend.documents.select("row", "p", sort=[name])
    with pytest.raises(ValueError, match="no name of a member"):
        backend.documents.count("row", "p", [(name, "=", 1)])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.dictionaries(MEMBERS, VALUES | st.just([1]) | st.just({"x": 1})), max_size=6),
    where=CONDITIONS,
    sort=SORTS,
    after=st.none() | st.integers(0, 5),
    window=st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3)),
)
def test_all_select_alike(backend, rows, where, sort, after, window):
    """Whatever is asked of whatever documents, every backend finds what memory finds."""
    model = MemoryDocuments()
    backend.documents.drop("row")
    for number, row in enumerate(rows):
        for documents in (backend.documents, model):
            documents.put("row", "p", str(number), {**row, "number": number})

    found, wanted = (
        documents.select(
            "row",
            "p",
            where=where,
            sort=sort,
            after=None if after is None else str(after),
            offset=window[0],
            limit=window[1],
        )
        for documents in (backend.documents, model)
    )

    assert found == wanted
    assert backend.documents.count("row", "p", where) == model.count("row", "p", where)


def test_a_lease_is_held_by_one_and_passes_on(backend):
    """While one holder renews, others wait; released or run out, the lease passes on."""
    leases = backend.leases

    assert leases.lease("job", "a", 1000)
    assert leases.lease("job", "a", 1000)
    assert not leases.lease("job", "b", 1000)
    assert not leases.renew("job", "b", 1000)
    leases.release("job", "b")
    assert leases.renew("job", "a", 0.0)
    assert leases.lease("job", "b", 1000)
    assert not leases.renew("job", "a", 1000)
    leases.release("job", "b")
    assert leases.lease("job", "c", 1000)


def test_one_of_many_gets_a_lease(backend):
    """However many ask at once."""
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda holder: backend.leases.lease("job", str(holder), 1000), range(8)))

    assert sum(got) == 1


def test_an_outbox_gives_what_is_due_in_order(backend):
    """Entries come by due time, each to one worker, until they are acknowledged or postponed."""
    outbox = backend.outbox
    late, soon, other = (
        outbox.append(queue, {"n": number}, due=due, scope="p")
        for number, (queue, due) in enumerate([("hooks", 200), ("hooks", 100), ("rows", 1)])
    )

    assert [entry.number for entry in outbox.peek("hooks")] == [soon, late]
    assert outbox.claim("hooks", 99, seconds=1000) == []
    (first,) = outbox.claim("hooks", 150, seconds=1000)
    assert (first.number, first.body, first.scope, first.due) == (soon, {"n": 1}, "p", 100)
    (second,) = outbox.claim("hooks", 250, seconds=1000)
    assert second.number == late
    assert outbox.postpone(late, 300, {"n": 0, "attempts": 1})
    assert outbox.claim("hooks", 250, seconds=1000) == []
    assert [entry.body for entry in outbox.claim("hooks", 300, seconds=1000)] == [{"n": 0, "attempts": 1}]
    assert outbox.ack(soon)
    assert not outbox.ack(soon)
    assert not outbox.postpone(soon, 1)
    assert [entry.number for entry in outbox.peek("hooks")] == [late]
    assert [entry.number for entry in outbox.peek("rows")] == [other]


def test_a_claim_runs_out(backend):
    """What a worker claimed and did not do comes again."""
    number = backend.outbox.append("hooks", {}, due=0)

    assert [entry.number for entry in backend.outbox.claim("hooks", 0, seconds=0.0)] == [number]
    assert [entry.number for entry in backend.outbox.claim("hooks", 0, seconds=1000)] == [number]
    assert backend.outbox.claim("hooks", 0, seconds=1000) == []


def test_an_outbox_forgets_a_scope(backend):
    """Reset empties the outbox, in one scope or in all."""
    for scope in "pq":
        backend.outbox.append("hooks", {}, due=0, scope=scope)

    backend.outbox.clear("p")

    assert [entry.scope for entry in backend.outbox.peek("hooks")] == ["q"]
    backend.outbox.clear()
    assert backend.outbox.peek("hooks") == []


def test_files_are_written_read_and_deleted(backend):
    """Whole or in part, by scope and name, whatever the name looks like."""
    files = backend.files
    with files.create("p", "../../a/名") as file:
        assert file.write(b"hello ") == 6
        file.write(b"world" * 30_000)

    assert files.size("p", "../../a/名") == 150_006
    assert b"".join(files.read("p", "../../a/名"))[:11] == b"hello world"
    assert b"".join(files.read("p", "../../a/名", 4, 8)) == b"o wo"
    assert files.size("q", "../../a/名") is None
    assert files.delete("p", "../../a/名")
    assert not files.delete("p", "../../a/名")
    with pytest.raises(FileNotFoundError):
        files.read("p", "../../a/名")


def test_a_file_that_fails_half_way_leaves_the_old_one(backend):
    """A name stands for a whole file, or for none."""
    with backend.files.create("p", "a") as file:
        file.write(b"old")

    def fail():
        with backend.files.create("p", "a") as file:
            file.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert b"".join(backend.files.read("p", "a")) == b"old"
    backend.files.clear("p")
    assert backend.files.size("p", "a") is None


def test_a_transaction_keeps_others_out(backend):
    """Between reading and writing in a transaction no other thread writes: no count is lost."""

    def count() -> None:
        for _ in range(50):
            with backend.documents.transaction():
                value = (backend.documents.get("counter", "p", "n") or {"value": 0})["value"]
                time.sleep(0)  # lets another thread run, if it can
                backend.documents.put("counter", "p", "n", {"value": value + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(), range(8)))

    assert backend.documents.get("counter", "p", "n") == {"value": 400}
