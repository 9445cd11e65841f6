"""Turns a published CBS statistics response into a dataset that reproduces it exactly.

Every rounded mean allows a range of sums. First the numbers of questions of the sessions are chosen, so that
they match the mean of each period, the total mean and, if reply-rates is given, the questions of each period.
Questions of a session after the end of its period are carried into the next one. Then durations, users and
outcomes are chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mockcbs.core.clock import iso
from mockcbs.core.numbers import rounded
from mockcbs.pinning.cbs_figures import Period, Published, adjacent, published
from mockcbs.pinning.reading import LAST_INSTANT, MAX_TURNS, PinError, span
from mockcbs.pinning.shares import Bounds, Present, check_sum, evenly, present, shared
from mockcbs.traffic import periods
from mockcbs.traffic.turns import OUTCOMES

Rounds = list[tuple[int, int, int]]
"""For each period: the questions carried in, the questions of its sessions, the questions carried out."""


@dataclass(frozen=True)
class Plan:
    """The integers that give the figures of one period."""

    period: Period
    carried_in: int
    """The questions in the period that belong to earlier sessions."""
    rounds: int
    """The questions of the sessions that begin in the period."""
    carried_out: int
    """The number of these questions that are asked after the period."""
    seconds: int
    """The sum of the durations of its sessions, in seconds."""
    users: Present
    """The users who have sessions in the period."""


Turn = dict[str, Any]


@dataclass
class Session:
    """A session of the dataset, while it is being built."""

    at: list[int]
    users: list[str]


def pin(answers: Sequence[Mapping[str, Any]], bot_id: str) -> dict[str, Any]:
    """The content of a dataset file whose bot *bot_id* reproduces the responses.

    Raises `PinError` if no traffic can produce them.
    """
    given = published(answers)
    _check_size(given)
    plans = _plan(given)
    sessions = [session for number, plan in enumerate(plans) for session in _lay_out(given, plans, number)]
    sessions += _before(given, plans)
    outcomes = _say(given, sessions)
    latest = max((at for session in sessions for at in session.at), default=0)
    content: dict[str, Any] = {
        "description": f"Pinned: a published response for {iso(given.start)} to {iso(given.end)}.",
        "now": max(given.end, latest),
    }
    if given.start == periods.local_midnight(given.end, given.zone_offset, 7):
        content["default_start"] = "week"
    stated = [_stated(session, outcomes) for session in sorted(sessions, key=lambda session: session.at[0])]
    bots = [{"id": name, "sessions": stated} for name in (bot_id, "*")]
    return {**content, "bots": bots}


def _check_size(given: Published) -> None:
    total = given.total
    questions = max(total.sessions.rounds.high, total.questions or 0)
    if questions > MAX_TURNS:
        raise PinError(f"{questions} questions are too many for a dataset file; the limit is {MAX_TURNS}")


def _plan(given: Published) -> list[Plan]:
    _check_counts(given)
    if not given.has_sessions:
        return [Plan(row, 0, row.questions or 0, 0, 0, Present(range(0), range(0))) for row in given.periods]
    rows = _rounds(given)
    seconds = _seconds(given, rows)
    users = present(
        "user_count", given.total.sessions.users, [row.sessions.users for row in given.periods], "total"
    )
    return [
        Plan(row, carried_in, rounds, carried_out, time, who)
        for row, (carried_in, rounds, carried_out), time, who in zip(
            given.periods, rows, seconds, users, strict=True
        )
    ]


def _check_counts(given: Published) -> None:
    """Check that counts add up to their totals."""
    total = given.total
    check_sum(
        "session_count", total.sessions.count, sum(row.sessions.count for row in given.periods), "total"
    )
    for place, outcome in enumerate(OUTCOMES if total.outcomes is not None else ()):
        parts = sum(row.outcomes[place] for row in given.periods if row.outcomes is not None)
        check_sum(f"{outcome}_count", total.outcomes[place], parts, "total")  # type: ignore[index]

    for row in given.periods if given.has_sessions and total.outcomes is not None else ():
        if (row.questions or 0) < row.sessions.count:
            raise PinError(
                f"{row.name}: question_count {row.questions} is below session_count {row.sessions.count}, "
                "the minimum, as every session begins with a question"
            )


# Questions


def _rounds(given: Published) -> Rounds:
    """Numbers of questions that match all figures, with the fewest possible carried into the range."""
    bounds = [_least_rounds(row) for row in given.periods]
    wanted = given.total.sessions.rounds
    low, high = max(wanted.low, sum(b.low for b in bounds)), min(wanted.high, sum(b.high for b in bounds))
    if low > high:
        count = given.total.sessions.count
        nearest = [rounded(sum(getattr(b, end) for b in bounds), count, 3) for end in ("low", "high")]
        raise PinError(
            f"total.avg_request_count is not the weighted average of the periods; {span(*nearest)}"
        )
    if given.total.outcomes is None:
        return [(0, number, 0) for number in shared(bounds, low)]
    first = given.periods[0] if given.periods else given.total
    may_carry_in = first.low == given.start > periods.MINUTE
    most = (first.questions or 0) - first.sessions.count if may_carry_in else 0
    best, possible = None, range(most + 1)
    while possible:
        carried_in = possible[len(possible) // 2]
        found = _carried(given.periods, bounds, Bounds(low, high), carried_in)
        if found == "more":
            possible = range(carried_in + 1, possible.stop)
        else:
            possible = range(possible.start, carried_in)
            best = best if found == "less" else found
    if best is not None:
        return best
    raise _irreconcilable(given, bounds, Bounds(low, high + most))


def _irreconcilable(given: Published, bounds: Sequence[Bounds], wanted: Bounds) -> PinError:
    """The error for questions of reply-rates that contradict the sessions, at the first such period."""
    asked, begun, most = 0, 0, wanted.high - sum(b.high for b in bounds)
    for row, b, open_end in zip(given.periods, bounds, _open_ends(given.periods), strict=True):
        asked, begun, most = asked + (row.questions or 0), begun + b.low, max(0, most) + b.high
        if asked > most or (asked < begun and not open_end):
            return PinError(
                f"{row.name}: reply-rates has {asked} questions up to its end; with the sessions that "
                f"session-stats has until then, {span(begun, most)}"
            )
    return PinError(
        f"total: reply-rates has {given.total.questions} questions; with the sessions of session-stats, "
        f"{span(wanted.low, wanted.high)}, also if sessions continue in the next period"
    )


def _least_rounds(row: Period) -> Bounds:
    """The possible numbers of rounds that match the mean; a session with a duration has at least two."""
    sessions = row.sessions
    low = sessions.rounds.low
    if sessions.seconds.low > 0:
        low = max(low, sessions.count + 1)
    if low > sessions.rounds.high:
        raise PinError(
            f"{row.name}: a session of one question has the duration 0, but avg_session_time is at least "
            f"{rounded(1000 * sessions.seconds.low, sessions.count, 3)}"
        )
    return Bounds(low, sessions.rounds.high)


def _carried(
    rows: Sequence[Period], bounds: Sequence[Bounds], wanted: Bounds, carried_in: int
) -> Rounds | Literal["more", "less"]:
    """The `_rounds` with *carried_in* questions from before the range, or whether that number must change.

    The possible numbers carried out of each period form an interval. A forward pass finds the intervals, a
    backward pass chooses the numbers.
    """
    reach = [Bounds(carried_in, carried_in)]
    for row, b, open_end in zip(rows, bounds, _open_ends(rows), strict=True):
        asked = row.questions or 0
        before = Bounds(reach[-1].low, min(reach[-1].high, asked - row.sessions.count))
        if not before:
            return "less"
        reach[-1] = before
        after = Bounds(max(0, before.low + b.low - asked), before.high + b.high - asked)
        if not after:
            return "more"
        reach.append(after if open_end else Bounds(after.low, min(0, after.high)))
        if not reach[-1]:
            return "less"
    asked = sum(row.questions or 0 for row in rows)
    end = Bounds(wanted.low - asked + carried_in, wanted.high - asked + carried_in)
    if reach[-1].low > end.high:
        return "more"
    if reach[-1].high < end.low:
        return "less"
    return _choose(rows, bounds, reach, max(reach[-1].low, end.low))


def _open_ends(rows: Sequence[Period]) -> list[bool]:
    """For each period, whether its sessions may continue after its end."""
    return [
        follows and row.sessions.seconds.high > 0
        for row, follows in zip(rows, [*adjacent(rows), True], strict=False)
    ]


def _choose(
    rows: Sequence[Period], bounds: Sequence[Bounds], reach: Sequence[Bounds], carried_out: int
) -> Rounds:
    chosen = []
    for place in range(len(rows) - 1, -1, -1):
        asked = rows[place].questions or 0
        carried_in = max(reach[place].low, carried_out + asked - bounds[place].high)
        chosen.append((carried_in, carried_out + asked - carried_in, carried_out))
        carried_out = carried_in
    return chosen[::-1]


# Durations and users


def _seconds(given: Published, rows: Rounds) -> list[int]:
    """For each period, the sum of the durations of its sessions, in seconds."""
    bounds = []
    for place, (row, (_, rounds, carried_out)) in enumerate(zip(given.periods, rows, strict=True)):
        most = _longest(given, place, rounds, carried_out)
        least = _steps(row.high, _beyond(given, place)) if carried_out else 0
        b = Bounds(max(row.sessions.seconds.low, least), min(row.sessions.seconds.high, most))
        if not b:
            shortest, longest = (rounded(1000 * number, row.sessions.count, 3) for number in (least, most))
            raise PinError(
                f"{row.name}: avg_session_time is impossible for sessions with {rounds} questions in all; "
                f"{span(shortest, longest)}"
            )
        bounds.append(b)
    wanted = given.total.sessions.seconds
    low, high = max(wanted.low, sum(b.low for b in bounds)), min(wanted.high, sum(b.high for b in bounds))
    if low > high:
        count = given.total.sessions.count
        nearest = [rounded(1000 * sum(getattr(b, end) for b in bounds), count, 3) for end in ("low", "high")]
        raise PinError(f"total.avg_session_time is not the weighted average of the periods; {span(*nearest)}")
    return shared(bounds, low)


def _longest(given: Published, place: int, rounds: int, carried_out: int) -> int:
    """The maximum sum of the durations of sessions that begin in a period, in seconds."""
    row = given.periods[place]
    lasting = min(row.sessions.count, rounds - row.sessions.count)
    if lasting == 0:
        return 0
    if row.outcomes is None or (carried_out and place == len(given.periods) - 1):
        return lasting * _steps(row.low, LAST_INSTANT)
    inside = _steps(row.low, row.high)
    if not carried_out:
        return lasting * inside
    others = min(row.sessions.count - 1, rounds - carried_out - row.sessions.count)
    return others * inside + _steps(row.low, given.periods[place + 1].high)


def _steps(first: int, last: int) -> int:
    """The number of whole seconds between two times, as durations are counted."""
    return last // 1000 - first // 1000


# Sessions


def _lay_out(given: Published, plans: Sequence[Plan], place: int) -> list[Session]:
    """The sessions that begin in one period."""
    plan = plans[place]
    row = plan.period
    if not given.has_sessions:
        return [Session([row.low], [""]) for _ in range(plan.rounds)]
    count = row.sessions.count
    own = plan.rounds - plan.carried_out
    sizes = [1 + extra for extra in evenly(own - count, count)]
    times: list[list[int]] = []
    seconds = plan.seconds
    if plan.carried_out:
        sizes.reverse()
        lasting = [size for size in sizes[:-1] if size > 1]
        edge = _beyond(given, place)
        others = len(lasting) * _steps(row.low, row.high)
        spanning = max(_steps(row.high, edge), seconds - others) if lasting else seconds
        times.append(_spanning(row, edge, sizes.pop(), plan.carried_out, spanning))
        seconds -= spanning
    lasting_count = sum(size > 1 for size in sizes)
    durations = iter(evenly(seconds, lasting_count))
    for number, size in enumerate(sizes):
        duration = next(durations) if size > 1 else 0
        room = max(0, _steps(row.low, row.high) - duration)
        start = row.low + 1000 * (room * number // max(1, len(sizes)))
        seconds_in = [duration * turn // max(1, size - 1) for turn in range(size)]
        times.append([max(start, (start // 1000 + step) * 1000) for step in seconds_in])
    return _named(plan, times)


def _beyond(given: Published, place: int) -> int:
    """The time of questions carried out of a period: the start of the next one, or after the range."""
    if place + 1 < len(given.periods):
        return given.periods[place + 1].low
    return given.total.high // 1000 * 1000 + 1000


def _spanning(row: Period, edge: int, own: int, carried_out: int, seconds: int) -> list[int]:
    """A session of *seconds* with *own* questions in a period, and the others from *edge* on."""
    start = max(row.low, (edge // 1000 - seconds) * 1000)
    end = (start // 1000 + seconds) * 1000
    return [start] * own + [edge] * (carried_out - 1) + [max(end, edge)]


def _named(plan: Plan, times: list[list[int]]) -> list[Session]:
    """Sessions at *times*, with the users of the period."""
    names = [f"u{number + 1}" for number in plan.users] or [""]
    sessions = [Session(at, [names[place % len(names)]] * len(at)) for place, at in enumerate(times)]
    later = iter(names[len(times) :])
    for session in sessions:
        for turn in range(1, len(session.at)):
            session.users[turn] = next(later, session.users[turn])
    return sessions


def _before(given: Published, plans: Sequence[Plan]) -> list[Session]:
    """The session that began before the range and continues in it."""
    if not plans or not plans[0].carried_in:
        return []
    return [
        Session([given.start - 1000, *[given.start] * plans[0].carried_in], [""] * (1 + plans[0].carried_in))
    ]


def _say(given: Published, sessions: Sequence[Session]) -> dict[tuple[int, int], str]:
    """Assign an outcome to each question; the key is the session and the position of the question in it."""
    asked = sorted((at, id(session), place) for session in sessions for place, at in enumerate(session.at))
    endings: dict[tuple[int, int], str] = {}
    waiting = {
        row.name: [
            outcome
            for outcome, count in zip(OUTCOMES, row.outcomes or (), strict=False)
            for _ in range(count)
        ]
        for row in given.periods
    }
    spans = iter(given.periods)
    row = next(spans, None)
    for at, session, place in asked:
        while row and at > row.high:
            row = next(spans, None)
        left = waiting[row.name] if row and at >= row.low else []
        endings[session, place] = left.pop(0) if left else "direct"
    return endings


def _stated(session: Session, endings: Mapping[tuple[int, int], str]) -> dict[str, Any]:
    user = session.users[0]
    turns = []
    for place, at in enumerate(session.at):
        turn: Turn = {"at": at, "outcome": endings[id(session), place]}
        if session.users[place] != user:
            turn["user"] = session.users[place]
        turns.append(turn)
    return {**({"user": user} if user else {}), "turns": turns}
