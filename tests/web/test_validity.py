"""How long a response stays true."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.changes import Changes
from mockcbs.web.validity import Validity

KEYS = [("a",), ("b",), ("c",)]
INSTANTS = st.integers(0, 9)


@given(INSTANTS, INSTANTS, INSTANTS, INSTANTS, st.sets(st.sampled_from(KEYS)), INSTANTS)
def test_two_hold_together_when_each_holds(since, until, other_since, other_until, changed, now):
    """At every instant a joined validity holds if both of its parts hold, after any changes."""
    changes = Changes()
    one = Validity(since, changes.watch(KEYS[0], KEYS[1]), until)
    other = Validity(other_since, changes.watch(KEYS[1], KEYS[2]), other_until)
    for key in changed:
        changes.bump(*key)

    assert (one & other).holds(now, changes) == (one.holds(now, changes) and other.holds(now, changes))


def test_nothing_watched_holds_until_it_ends():
    """A validity ends at its end, which is exclusive."""
    validity = Validity(5, until=7)

    assert [validity.holds(now, Changes()) for now in (4, 5, 6, 7)] == [False, True, True, False]


def test_texts_of_both_differ():
    """A response of two parts differs where either does."""
    one, other = Validity(0, fresh={"x": lambda *_: "1"}), Validity(0, fresh={"y": lambda *_: "2"})

    assert list((one & other).fresh) == ["x", "y"]
