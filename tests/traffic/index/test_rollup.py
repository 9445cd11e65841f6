"""The rollup against the same figures counted one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.index.rollup import Layered, Rollup
from mockcbs.traffic.turns import ANONYMOUS, Turns, turns
from tests.thoroughness import examples
from tests.traffic.logs import BOT, NOW, log_of

TURN = st.tuples(
    st.integers(0, 30_000),  # when
    st.integers(0, 8),  # session
    st.integers(ANONYMOUS, 3),  # user
    st.integers(0, 4),  # utterance
)


def columns(rows: list[tuple[int, int, int, int]]) -> Turns:
    at, session, user, said = zip(*rows, strict=True) if rows else ((), (), (), ())
    return turns(at=at, session=session, user=user, utterance=said, latency=[0] * len(rows))


def figures(
    rows: list[tuple[int, int, int, int]], low: int, high: int, now: int
) -> tuple[int, int, int, int]:
    """Contract 8.3, word by word."""
    sessions: dict[int, list[tuple[int, int, int, int]]] = {}
    for row in sorted(row for row in rows if row[0] <= now):
        sessions.setdefault(row[1], []).append(row)
    chosen = [rows for rows in sessions.values() if low <= rows[0][0] < high]
    users = {row[2] for rows in chosen for row in rows} - {ANONYMOUS}
    duration = sum(rows[-1][0] // 1000 - rows[0][0] // 1000 for rows in chosen)
    return len(chosen), len(users), sum(map(len, chosen)), duration


@given(st.lists(TURN, max_size=60), st.integers(0, 31_000), st.integers(0, 31_000), st.integers(0, 31_000))
@settings(max_examples=examples(400))
def test_sessions_are_those_counted_one_by_one(rows, one, other, now):
    """Sessions, users, rounds and durations of a range equal a simple count, whatever turns follow later."""
    low, high = min(one, other, now + 1), min(max(one, other), now + 1)

    rollup = Rollup(columns(rows), 5)
    sums = rollup.sessions(np.array([low]), np.array([high]), now)
    users = {user for user in range(200) if rollup.has_user(user, low, high, now)}

    assert {*rollup.users(low, high, now).tolist()} == users
    assert len(users) == int(sums.users[0])
    found = tuple(int(column[0]) for column in (sums.count, sums.users, sums.rounds, sums.duration))
    assert found == figures(rows, low, high, now)


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=6))
def test_sessions_of_any_length_are_open_until_their_last_turn(lengths):
    """The lengths of sessions are kept roughly, and yet no last turn counts a millisecond too early."""
    rows = [(at, session, 0, 0) for session, length in enumerate(lengths) for at in (0, length)]
    rollup = Rollup(columns(rows), 5)

    for now in {max(0, length + more) for length in lengths for more in (-1, 0)}:
        sums = rollup.sessions(np.array([0]), np.array([1]), now)
        found = tuple(int(column[0]) for column in (sums.count, sums.users, sums.rounds, sums.duration))
        assert found == figures(rows, 0, 1, now)


@given(st.lists(TURN, max_size=60), st.integers(0, 20_000))
def test_it_knows_whether_a_session_has_just_begun(rows, before):
    """Of each turn, whether its session began at most that long before it."""
    found = columns(rows)
    begins = {session: int(found.at[found.session == session].min()) for _, session, *_ in rows}

    fresh = Rollup(found, 5).begun_since(found.at - before, found)

    assert fresh.tolist() == [
        begins[session] >= at - before
        for at, session in zip(found.at.tolist(), found.session.tolist(), strict=True)
    ]


@given(st.lists(TURN, max_size=60), st.lists(st.integers(0, 31_000), min_size=2, max_size=6))
def test_ranges_add_up(rows, cuts):
    """Counts are the sums over any partition; distinct users lie between the most and the sum."""
    edges = np.array(sorted(cuts))
    rollup = Rollup(columns(rows), 5)

    parts = rollup.sessions(edges[:-1], edges[1:], 40_000)
    whole = rollup.sessions(edges[:1], edges[-1:], 40_000)

    for column in ("count", "rounds", "duration"):
        assert getattr(parts, column).sum() == getattr(whole, column)[0]
    assert parts.users.max(initial=0) <= whole.users[0] <= parts.users.sum()
    said = rollup.utterances(edges[:-1], edges[1:]).sum(axis=0)
    assert (said == rollup.utterances(edges[:1], edges[-1:])[0]).all()


@given(
    st.lists(TURN, max_size=40),
    st.lists(TURN, max_size=20),
    st.integers(0, 31_000),
    st.integers(0, 31_000),
    st.integers(0, 31_000),
)
@settings(max_examples=examples(200))
def test_two_layers_are_seen_as_one(base, recent, one, other, now):
    """Figures of what stays and what changes together are those of all turns in one rollup."""
    low, high = min(one, other, now + 1), min(max(one, other), now + 1)
    recent = [(at, session + 100, user, said + 2) for at, session, user, said in recent]
    bounds = np.array([low]), np.array([high])

    layered = Layered(Rollup(columns(base), 5), Rollup(columns(recent), 7))
    whole = Rollup(columns(base + recent), 7)

    assert layered.session_extent(low, high) == whole.session_extent(low, high)
    assert layered.turn_extent(low, high) == whole.turn_extent(low, high)
    assert (layered.utterances(*bounds) == whole.utterances(*bounds)).all()
    assert (layered.said(low, high) == whole.said(low, high)).all()
    both = [view.sessions(*bounds, now) for view in (layered, whole)]
    for column in ("count", "users", "rounds", "duration"):
        assert (getattr(both[0], column) == getattr(both[1], column)).all()


def test_a_bot_takes_little_memory():
    """A hundred bots are often in use: a turn takes 18 bytes, and a session 16 for sums and users."""
    log = log_of(profile=Profile(sessions_per_day=300))
    rollup = log._base(BOT, NOW).rollup
    sessions = len(np.unique(rollup.turns.session))

    assert sessions > 10_000
    assert rollup.turns.nbytes <= 18 * len(rollup.turns)
    assert rollup._sessions.nbytes <= 16 * sessions + 100
