"""Usage statistics of bots and workflows: views of the traffic log (contract 1.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from simplejson import RawJSON

from mockcbs.core.numbers import compact, quotient
from mockcbs.services.coze import channels
from mockcbs.services.coze.envelope import API_CHANNEL
from mockcbs.traffic.index.turn_sums import TurnIndex, TurnLayers, TurnSums
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.recording import FIRST_SESSION
from mockcbs.traffic.turns import Turns

Granularity = Literal["day", "hour"]
Rows = npt.NDArray[np.intp]

TIME_ZONE = "Asia/Shanghai"
OFFSET = 8 * HOUR
WIDTHS = {"day": DAY, "hour": HOUR}


@dataclass(frozen=True)
class Question:
    """The parameters of a query of the log. Days are numbers of days since 1970, in Shanghai."""

    bot_id: str
    first: int
    last: int
    """Inclusive."""
    now: int
    """The current time in ms UTC; later turns have not happened yet."""
    granularity: Granularity = "day"
    session_id: str = ""
    user_id: str = ""
    connector_id: str = ""
    is_workflow: bool = False
    """Whether ``bot_id`` is the id of a workflow or chatflow."""
    scope: str = ""
    """The scope of recorded chats."""
    silent: bool = False
    """Whether executions store no messages, like those of plain workflows."""

    @property
    def is_filtered(self) -> bool:
        """Whether it selects turns by more than their time."""
        return bool(self.session_id or self.user_id or self.connector_id)


def answer(log: BotLog, asked: Question) -> dict[str, Any]:
    """The ``data`` of the analytics response (contract 1.4.3)."""
    starts, sums, total = _sums(log, asked)
    rows = [
        {**label(start, asked.granularity), **figures(one, asked)}
        for start, one in zip(starts, sums, strict=True)
    ]
    return _data(asked, rows, figures(total, asked))


def written(log: BotLog, asked: Question) -> dict[str, Any]:
    """`answer` with its rows as JSON text: to write 60 rows takes longer than all else of a response."""
    starts, sums, total = _sums(log, asked)
    how = asked.granularity, asked.silent
    rows = [_written(start, one, *how) for start, one in zip(starts, sums, strict=True)]
    return _data(asked, RawJSON(f"[{','.join(rows)}]"), figures(total, asked))


@lru_cache(4096)  # the hours and days of a range are mostly those of an earlier one
def _written(start: int, sums: TurnSums, granularity: Granularity, silent: bool) -> str:
    return compact({**label(start, granularity), **_figures(sums, silent=silent)})


def _sums(log: BotLog, asked: Question) -> tuple[range, list[TurnSums], TurnSums]:
    """The starts of the buckets (ms UTC), their sums, and the sums of the whole range."""
    width, (low, high) = WIDTHS[asked.granularity], bounds(asked)
    starts = range(low, min(high, asked.now + 1), width)
    layers = TurnLayers(_indexes(log, asked), width, OFFSET, asked.now + 1)
    first = (low + OFFSET) // width
    sums = layers.series(range(first, first + len(starts)))
    return starts, sums, layers.total(low, high, sums)


def _data(asked: Question, rows: Any, summary: dict[str, Any]) -> dict[str, Any]:
    return {
        ("workflow_id" if asked.is_workflow else "bot_id"): asked.bot_id,
        "start_date": _date(asked.first),
        "end_date": _date(asked.last),
        "granularity": asked.granularity,
        "timezone": TIME_ZONE,
        "metrics": rows,
        "summary": summary,
    }


def _indexes(log: BotLog, asked: Question) -> list[TurnIndex]:
    """The turns that pass the filters, in one or two indexes."""
    if asked.is_filtered:
        return [TurnIndex(log.view.turns.take(picked_rows(log, asked)), log.repertoire.endings)]
    return [layer.turn_index(log.repertoire) for layer in log.view.layers]


def picked_rows(log: BotLog, asked: Question) -> Rows:
    """The rows of the picked turns in the log."""
    turns = log.view.turns
    low, high = bounds(asked)
    start, stop = np.searchsorted(turns.at, [low, min(high, asked.now + 1)]).tolist()
    wanted = np.zeros(len(turns), bool)
    wanted[start:stop] = True
    for _, passes in filters(log, asked):
        wanted &= passes
    return np.flatnonzero(wanted)


def filters(log: BotLog, asked: Question) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """The filters of a request: each parameter, with the turns that pass it."""
    turns = log.view.turns
    if asked.session_id:
        number = log.sessions.number(asked.session_id)
        yield "session_id", turns.session == (-1 if number is None else number)
    if asked.user_id:
        user = log.cast.find(asked.user_id)
        yield "user_id", turns.user == user if user is not None else np.zeros(len(turns), bool)
    if asked.connector_id:
        yield "connector_id", _is_of_channel(log, turns, asked)


def _is_of_channel(log: BotLog, turns: Turns, asked: Question) -> npt.NDArray[np.bool_]:
    """Whether each turn came by the requested channel; the first user of a session decides its channel."""
    sessions, opening, place = np.unique(turns.session, return_index=True, return_inverse=True)
    recorded, wanted = sessions >= FIRST_SESSION, asked.connector_id
    users, begun = turns.user[opening].astype(np.int64), turns.at[opening]
    found = np.where(
        sessions < len(log.sessions.stated),
        channels.stated_are_of(wanted, begun),
        channels.generated_are_of(log.log, asked.bot_id, wanted, users, begun),
    )
    by_channel: npt.NDArray[np.bool_] = np.where(recorded, wanted == API_CHANNEL, found)[place]
    return by_channel


def figures(sums: TurnSums, asked: Question) -> dict[str, Any]:
    """The figures of a bucket or of the whole range (contract 1.4.3)."""
    return _figures(sums, silent=asked.silent)


def _figures(sums: TurnSums, *, silent: bool) -> dict[str, Any]:
    finished = sums.ended
    success = quotient(sums.good, finished, 4) if finished else 1.0
    return {
        "total_messages": 0 if silent else sums.turns + sums.good,
        "total_calls": sums.turns,
        "unique_users": sums.users,
        "total_sessions": sums.sessions,
        "success_rate": success,
        "error_rate": round(1 - success, 4),
        "avg_response_time_ms": quotient(sums.latency, finished, 2) if finished else 0,
    }


def label(start: int, granularity: str) -> dict[str, Any]:
    """The name of the bucket that begins *at* that time (ms UTC)."""
    local = start + OFFSET
    hour = {"hour": local % DAY // HOUR} if granularity == "hour" else {}
    return {"date": _date(local // DAY), **hour, "timestamp": start // 1000}


def bounds(asked: Question) -> tuple[int, int]:
    """The start of the range, and its exclusive end (ms UTC)."""
    return asked.first * DAY - OFFSET, (asked.last + 1) * DAY - OFFSET


@lru_cache(1024)
def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))
