"""The calls of one worker: searched in parts, cleared while others are added."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.journal.ring import Found, Ring
from mockcbs.journal.selection import Selection
from tests.journal.calls import FACTS


def ring(number: int, size: int = 1000) -> Ring:
    """A ring to which that many calls were added, every third of another scope."""
    made = Ring(size, itertools.count(1))
    for place in range(number):
        made.add(**{**FACTS, "path": f"/{place}", "scope": "q" if place % 3 == 0 else "p"})
    return made


@given(
    number=st.integers(0, 40),
    limit=st.integers(0, 12),
    before=st.none() | st.integers(1, 41),
    oldest=st.integers(0, 41),
    scope=st.sampled_from([None, "p", "q"]),
)
def test_a_search_in_parts_finds_the_same(number, limit, before, oldest, scope):
    """However often a search pauses, its parts together count and name the same calls, newest first."""
    made, condition = ring(number, 30), Selection(scope=scope).condition()
    whole = made.search(condition, limit, oldest=oldest, before=before)

    found = Found(0, [], more=False, resume=number + 1)
    while found.resume is not None:
        part = made.search(condition, limit, oldest=oldest, before=before, resume=found.resume, seconds=-1)
        found = found.continued(part, limit)

    assert (found.count, found.ids, found.more) == (whole.count, whole.ids, whole.more)


def test_what_is_added_while_a_scope_is_cleared_stays():
    """A call that comes after the copy that is compared is not lost."""
    made = ring(10)

    made.add(**{**FACTS, "path": "/last", "scope": "p"})
    compared = []

    class Comparing(str):
        """The scope that is cleared; a call comes when it is compared."""

        __slots__ = ()

        def __hash__(self) -> int:
            if not made._lock.locked() and not compared:
                compared.append(made.add(**{**FACTS, "path": "/late", "scope": "q"}))
            return super().__hash__()

    deleted = made.clear(Comparing("p"), oldest=4)

    assert compared
    assert deleted == 5
    assert [call.path for call in made.all()] == ["/3", "/6", "/9", "/late"]
