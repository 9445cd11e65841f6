"""Turns a published Coze analytics response into a dataset that reproduces it exactly.

A response contains, for each period, the number of executions and, for those that ended, the success rate and
the mean response time, both rounded. First the numbers of ended and of successful executions and the sum of
response times are found for each period. Then the executions are placed in the periods.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mockcbs.core.clock import iso
from mockcbs.pinning.coze_endings import Ending, endings
from mockcbs.pinning.coze_figures import Published, Row, published
from mockcbs.pinning.coze_request import UNKNOWN, Asked
from mockcbs.pinning.reading import PinError, shown, span
from mockcbs.pinning.shares import check_sum, evenly, present, shared
from mockcbs.services.coze.channels import CHANNELS, of_stated


def pin(answer: Any, asked: Asked = UNKNOWN) -> dict[str, Any]:
    """The content of a dataset file whose bot or workflow reproduces this *answer*.

    Raises `PinError` if no traffic can produce it.
    """
    given = published(answer)
    _check_echoed(given, asked)
    kind = _kind(given, asked)
    _check_filters(given, asked)
    for member in ("messages", "calls"):
        parts = sum(getattr(row, member) for row in given.rows)
        check_sum(f"total_{member}", getattr(given.total, member), parts, "summary")
    users, sessions = (
        present(name, getattr(given.total, member), [getattr(row, member) for row in given.rows], "summary")
        for name, member in (("unique_users", "users"), ("total_sessions", "sessions"))
    )
    ended = endings(given)
    turns: dict[int, list[dict[str, Any]]] = {}
    for row, ending, spent, *who in zip(
        given.rows, ended, _times(given, ended), sessions, users, strict=True
    ):
        for session, turn in _lay_out(row, ending, spent, [list(those) for those in who], asked):
            turns.setdefault(session, []).append(turn)
    card = {"card": {"kind": kind}} if kind != "bot" else {}
    name = {"id": asked.session_id} if asked.session_id else {}
    stated = [_session(name, turns[number]) for number in sorted(turns)]
    return {
        "description": f"Pinned: a published response from about {iso(given.now)}.",
        "now": given.now,
        "bots": [{"id": given.echoed["id"], **card, "sessions": stated}],
    }


def _check_echoed(given: Published, asked: Asked) -> None:
    """Check that the response belongs to the request: the same bot, days and periods."""
    for name, value in asked.echoed.items():
        said = given.echoed[name]
        if value != said:
            raise PinError(
                f"request: {name} {shown(value)} contradicts the response, which has {shown(said)}"
            )


def _kind(given: Published, asked: Asked) -> str:
    if given.silent and asked.kind in {"bot", "chatflow"}:
        raise PinError(
            f"summary: total_messages 0 is impossible with {given.total.calls} calls of a {asked.kind}; "
            f"{span(given.total.calls, 2 * given.total.calls)}"
        )
    if given.of_workflow and asked.kind == "bot":
        raise PinError("request: it is about a bot, but the response has a workflow_id")
    if asked.kind != "workflow" and not (given.of_workflow and not asked.kind):
        return asked.kind or ("workflow" if given.silent else "bot")
    return "workflow" if given.silent or not given.total.calls else "chatflow"


def _check_filters(given: Published, asked: Asked) -> None:
    for name, value, member, number in (
        ("user_id", asked.user_id, "unique_users", given.total.users),
        ("session_id", asked.session_id, "total_sessions", given.total.sessions),
    ):
        if value and number != min(given.total.calls, 1):
            raise PinError(
                f"summary: {member} {number} is impossible with the filter {name}={value}; "
                f"{min(given.total.calls, 1)} is possible"
            )


def _times(given: Published, ended: Sequence[Ending]) -> list[int]:
    """The sum of the response times of each period, in ms."""
    bounds = [ending.times for ending in ended]
    expected = given.total.times(sum(ending.finished for ending in ended))
    return shared(bounds, max(expected.low, sum(b.low for b in bounds)))


def _lay_out(
    row: Row, ending: Ending, spent: int, who: list[list[int]], asked: Asked
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The executions of a period, each with the number of its session."""
    latencies = evenly(spent, ending.finished)
    for number, at in enumerate(_instants(row, asked.connector_id)):
        session, user = _who(number, *who)
        turn: dict[str, Any] = {"at": at}
        if number >= ending.finished:
            turn["status"] = "running"
        else:
            turn["latency_ms"] = latencies[number]
            if number >= ending.completed:
                turn["status"] = "failed"
        turn["user"] = "" if user is None else asked.user_id or f"u{user + 1}"
        yield session, turn


def _who(number: int, sessions: Sequence[int], users: Sequence[int]) -> tuple[int, int | None]:
    """The session and the user of an execution; both are spread evenly."""
    if not users:
        return sessions[number % len(sessions)], None
    if len(users) <= len(sessions):
        place = number % len(sessions)
        return sessions[place], users[place % len(users)]
    place = number % len(users)
    return sessions[place % len(sessions)], users[place]


def _instants(row: Row, connector_id: str) -> list[int]:
    """The start times of executions: spread over the period, all in the requested channel, if any."""
    width = row.high + 1 - row.low
    if not connector_id:
        return [row.low + width * number // row.calls for number in range(row.calls)]
    fitting = [at for at in range(row.low, row.high, 1000) if of_stated(at) == connector_id]
    if row.calls and not fitting:
        raise PinError(
            f"{row.place}: {row.calls} calls are impossible in channel {connector_id!r}; "
            f"possible are {', '.join(CHANNELS)}"
        )
    return [fitting[len(fitting) * number // row.calls] for number in range(row.calls)]


def _session(name: dict[str, str], turns: list[dict[str, Any]]) -> dict[str, Any]:
    """A session in the form of a dataset; its user is that of the first execution."""
    user = turns[0].get("user", "")
    others = [{key: value for key, value in turn.items() if key != "user" or value != user} for turn in turns]
    return {**name, **({"user": user} if user else {}), "turns": others}
