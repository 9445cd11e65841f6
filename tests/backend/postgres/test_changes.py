"""Changes that replicas make."""

import pytest

from mockcbs.backend.postgres.changes import EVERYTHING, START, ReplicatedChanges
from mockcbs.core.changes import cell


@pytest.fixture
def changes():
    made = ReplicatedChanges()
    made.learn("1:1:", "1000", None)
    return made


def test_changes_of_a_transaction_count_at_its_end(changes):
    """Changes take effect at the end of their transaction; before, its writer only notes them."""
    seen, other = changes.watch(("a",)), changes.watch(("b",))

    changes.begin()
    changes.bump("a")
    assert not changes.changed(seen)
    assert changes.noted() == [str(cell(("a",)))]
    changes.end(committed=True)

    assert changes.changed(seen)
    assert not changes.changed(other)
    assert changes.noted() == []


def test_a_transaction_of_unknown_end_changes_everything(changes):
    """If the end of a transaction with changes is unknown, everything counts as changed."""
    other = changes.watch(("b",))

    changes.begin()
    changes.end(committed=False)
    assert not changes.changed(other)

    changes.begin()
    changes.bump("a")
    changes.end(committed=False)
    assert changes.changed(other)


def test_others_hear_of_a_change_at_once_outside_of_transactions(changes):
    """A change outside of transactions is published to other replicas at once."""
    published = []
    changes.publish = published.append

    changes.bump("a")
    changes.bump_all()

    assert published == [[str(cell(("a",)))], [EVERYTHING]]


def test_a_look_counts_what_it_found(changes):
    """A check that comes too late counts everything as changed, because rows may be missing."""
    seen, other = changes.watch(("a",)), changes.watch(("b",))

    changes.learn("2:2:", "1010", str(cell(("a",))))
    assert changes.last_look == ("2:2:", "1010")
    assert changes.changed(seen)
    assert not changes.changed(other)

    changes.learn("3:3:", "1060", None)
    assert changes.changed(other)


def test_what_is_not_trusted_is_looked_at_from_the_start(changes):
    """After a loss of trust everything counts as changed, and the next check begins at the start."""
    seen = changes.watch(("a",))

    changes.distrust()

    assert changes.changed(seen)
    assert changes.last_look == START


def test_what_a_check_found_is_counted_before_the_check_counts_as_last(changes, monkeypatch):
    """A check of another thread that finds the same snapshot takes its changes for known."""
    count, last = ReplicatedChanges._count, []
    monkeypatch.setattr(
        ReplicatedChanges, "_count", lambda self, cells: last.append(self.last_look) or count(self, cells)
    )

    changes.learn("2:2:", "1010", str(cell(("a",))))

    assert last == [("1:1:", "1000")]
