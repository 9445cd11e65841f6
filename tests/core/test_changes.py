"""Counters that tell whether something has changed since it was read."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.changes import SIZE, Changes

KEYS = st.tuples(st.sampled_from(["turns", "documents"]), st.text(max_size=5))


@given(st.lists(KEYS, min_size=1, max_size=4), st.data())
def test_a_change_of_any_key_is_seen(keys, data):
    """A token is out of date after a change of one of its keys, and not before."""
    changes = Changes()
    token = changes.watch(*keys)
    before = changes.changed(token)

    changes.bump(*data.draw(st.sampled_from(keys)))

    assert (before, changes.changed(token)) == (False, True)
    assert not changes.changed(changes.watch(*keys))


def test_a_change_of_everything():
    """A reset changes every key."""
    changes = Changes()
    token = changes.watch(("turns", "p"))

    changes.bump_all()

    assert changes.changed(token)


def test_every_change_counts_in_the_total():
    """While the total stays the same, nothing has changed, whatever the key."""
    changes = Changes()
    totals = [changes.total]

    for change in (lambda: changes.bump("turns", "p"), lambda: changes.bump_cell(7), changes.bump_all):
        change()
        totals.append(changes.total)

    assert totals == sorted(set(totals))


def test_processes_share_cells():
    """Two processes with the same memory see each other's changes."""
    cells = [0] * SIZE
    one, other = Changes(cells), Changes(cells)
    token = one.watch(("turns", "p"))

    other.bump("turns", "p")

    assert one.changed(token)


def test_lone_surrogates_are_keys_too():
    """A key may come from a path that is not valid UTF-8."""
    changes = Changes()
    token = changes.watch(("turns", "\udcff"))

    changes.bump("turns", "\udcff")

    assert changes.changed(token)
