"""Turns as columns."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.turns import merge, turns

ROWS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=20)


def rows(columns):
    return list(zip(columns.at.tolist(), columns.session.tolist(), columns.utterance.tolist(), strict=True))


def made(pairs, first_session=0):
    at = [at for at, _ in pairs]
    return turns(at, [s + first_session for _, s in pairs], [0] * len(at), range(len(at)), [1] * len(at))


@given(ROWS)
def test_turns_are_sorted(pairs):
    """Turns are sorted by time, then session, and keep their other columns."""
    columns = made(pairs)

    wanted = sorted((at, session, number) for number, (at, session) in enumerate(pairs))
    assert rows(columns) == wanted
    assert len(columns) == len(pairs)


@given(ROWS, ROWS)
def test_merging_equals_sorting_all(one, other):
    """Two sorted pieces, the second with higher session numbers, merge into one sorted whole."""
    pieces = [made(one), made(other, 100)]

    merged = merge(pieces)

    assert sorted(rows(merged)) == sorted(rows(pieces[0]) + rows(pieces[1]))
    assert [row[:2] for row in rows(merged)] == sorted(row[:2] for row in rows(merged))
