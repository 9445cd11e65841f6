"""How long a response stays valid."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.changes import Changes
from mockcbs.web.validity import Validity

INSTANTS = st.integers(0, 10**15)


@given(INSTANTS)
def test_without_a_statement_nothing_is_valid(now):
    """A response about which nobody has stated anything is never valid."""
    assert not Validity().holds(now, Changes())


def test_it_ends():
    """A response is valid from its first time until its end, which is exclusive."""
    validity = Validity(5, until=7)

    assert [validity.holds(now, Changes()) for now in (4, 5, 6, 7)] == [False, True, True, False]


@given(st.sets(st.sampled_from("abc")))
def test_it_holds_until_a_watched_key_changes(changed):
    """A change of another key does not matter."""
    changes = Changes()
    validity = Validity(5, changes.watch(("a",), ("b",)))

    for key in changed:
        changes.bump(key)

    assert validity.holds(5, changes) == (changed <= {"c"})
