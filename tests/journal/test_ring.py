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


def test_a_long_search_gives_way(monkeypatch):
    """Other threads have their turn after each few hundred calls, and a search of few does not pause."""
    pauses = []
    monkeypatch.setattr("mockcbs.journal.ring.give_way", lambda: pauses.append(1))

    assert [ring(number, 5_000).search(lambda _: True, 0, oldest=0).count for number in (200, 2_600)] == [
        200,
        2_600,
    ]
    assert len(pauses) == 10


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


@given(
    st.integers(0, 12),
    st.lists(
        st.tuples(st.sampled_from("pq"), st.integers(1, 30)) | st.sampled_from([None, "p", "q"]), max_size=12
    ),
)
def test_a_ring_is_its_last_calls(size, steps):
    """However calls are added and cleared, a ring has the last of those that are left."""
    made, wanted = Ring(size, itertools.count(1)), []
    for step in steps:
        if isinstance(step, tuple):
            scope, number = step
            wanted += [made.add(**{**FACTS, "path": "/", "scope": scope}) for _ in range(number)]
            wanted = wanted[len(wanted) - size :] if len(wanted) > size else wanted
        else:
            left = [call for call in wanted if step not in {None, call.scope}]
            assert made.clear(step, oldest=0) == len(wanted) - len(left)
            wanted = left

        ids = [call.id for call in wanted]
        assert [call.id for call in made.all()] == ids
        assert made.ends == ((ids[0], ids[-1]) if ids else None)
        assert made.numbers_from([0, 7, 10**6]) == [len(ids), sum(one >= 7 for one in ids), 0]
        assert made.next_after(7) == next((one for one in ids if one > 7), None)
        assert [call.id for call in made.at([7, 8])] == [one for one in ids if one in {7, 8}]
        assert made.search(lambda _: True, 3, oldest=7).ids == [one for one in ids if one >= 7][::-1][:3]


def test_reading_copies_no_calls():
    """All readers share the parts of a ring: a copy of a million calls would stop all threads."""
    made = ring(3_000, 3_000)

    first, second = made._parts(), made._parts()

    assert sum(map(len, first)) == 3_000
    assert sum(one is not other for one, other in zip(first, second, strict=True)) <= 2
    assert max(map(len, first)) <= 256
