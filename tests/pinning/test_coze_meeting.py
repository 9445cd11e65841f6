"""One way for each period so that the sums match."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.pinning.coze_meeting import Way, matching
from tests.thoroughness import examples

WAYS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9_000)).map(
            lambda way: Way(way[0], way[1], way[2], way[2])
        ),
        min_size=1,
        max_size=6,
    ),
    min_size=1,
    max_size=6,
)


def whole(ways, chosen) -> tuple[int, ...]:
    rows = [found[number] for found, number in zip(ways, chosen, strict=True)]
    return tuple(sum(column) for column in zip(*rows, strict=True))


@given(WAYS, st.data())
@settings(max_examples=examples(100), deadline=None)
def test_what_exists_is_found(ways, data):
    """If a combination has the sums, one with the same sums is found."""
    picked = [data.draw(st.integers(0, len(found) - 1)) for found in ways]
    finished, completed, low, high = whole(ways, picked)

    chosen = matching(ways, lambda f, c: (low, high) if (f, c) == (finished, completed) else None)

    assert chosen is not None
    assert whole(ways, chosen) == (finished, completed, low, high)


def test_what_does_not_exist_is_not_found():
    """If no combination fits, none is found."""
    ways = [[Way(1, 1, 10, 10), Way(2, 1, 20, 20)]] * 3

    assert matching(ways, lambda *_: (1_000, 2_000)) is None
    assert matching(ways, lambda *_: None) is None


def test_bounds_that_overlap_fit():
    """The sum of times of a period may be known roughly; it fits if its bounds meet those of the whole."""
    ways = [[Way(1, 1, 10, 30)], [Way(1, 1, 100, 105)]]

    assert matching(ways, lambda *_: (134, 200)) == [0, 0]
    assert matching(ways, lambda *_: (136, 200)) is None
