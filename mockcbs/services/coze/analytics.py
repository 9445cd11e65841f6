"""Usage statistics of bots and workflows: views of the traffic log (contract 1.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mockcbs.core.numbers import rounded
from mockcbs.services.coze import channels
from mockcbs.services.coze.envelope import API_CHANNEL
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.recording import FIRST_SESSION
from mockcbs.traffic.turns import Turns, distinct

Granularity = Literal["day", "hour"]
Rows = npt.NDArray[np.intp]

TIME_ZONE = "Asia/Shanghai"
OFFSET = 8 * 3_600_000
WIDTHS = {"day": DAY, "hour": 3_600_000}
_MAX_CELLS = 1 << 23
"""The maximum number of pairs of bucket and value that get a byte each to count distinct values."""


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


def answer(log: BotLog, asked: Question) -> dict[str, Any]:
    """The ``data`` of the analytics response (contract 1.4.3)."""
    width = WIDTHS[asked.granularity]
    low, high = bounds(asked)
    starts = np.arange(low, min(high, asked.now + 1), width, dtype=np.int64)
    picked = _pick(log, asked)
    metrics = [
        {**label(start, asked.granularity), **figures}
        for start, figures in zip(
            starts.tolist(),
            _figures(log, picked, (picked.at - low) // width, len(starts), asked),
            strict=True,
        )
    ]
    whole = np.zeros(len(picked), np.int64)
    return {
        ("workflow_id" if asked.is_workflow else "bot_id"): asked.bot_id,
        "start_date": _date(asked.first),
        "end_date": _date(asked.last),
        "granularity": asked.granularity,
        "timezone": TIME_ZONE,
        "metrics": metrics,
        "summary": next(_figures(log, picked, whole, 1, asked)),
    }


def _pick(log: BotLog, asked: Question) -> Turns:
    """The turns in the range that have begun and pass the filters."""
    return log.view.turns.take(picked_rows(log, asked))


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


def _figures(
    log: BotLog, turns: Turns, bucket: npt.NDArray[np.int64], buckets: int, asked: Question
) -> Iterator[dict[str, Any]]:
    """The figures of each bucket, given the bucket of each turn (contract 1.4.3)."""
    endings = log.repertoire.endings
    ended = ~endings.unfinished[turns.utterance]
    good = ended & ~endings.failed[turns.utterance]

    def count(rows: npt.NDArray[np.bool_]) -> list[int]:
        return list(np.bincount(bucket[rows], minlength=buckets).tolist())

    latency = np.bincount(
        bucket[ended], turns.latency[ended], buckets
    )  # floats are exact here: all sums stay below 2**53
    columns = (count(ended | ~ended), count(ended), count(good), latency.tolist())
    users_and_sessions = (_different(bucket, of, buckets) for of in (turns.user, turns.session))
    for calls, finished, completed, spent, users, sessions in zip(*columns, *users_and_sessions, strict=True):
        success = rounded(completed, finished, 4) if finished else rounded(1, 1, 4)
        yield {
            "total_messages": 0 if asked.silent else calls + completed,
            "total_calls": calls,
            "unique_users": users,
            "total_sessions": sessions,
            "success_rate": float(success),
            "error_rate": float(1 - success),
            "avg_response_time_ms": float(rounded(int(spent), finished, 2)) if finished else 0,
        }


def _different(bucket: npt.NDArray[np.int64], values: npt.NDArray[Any], buckets: int) -> list[int]:
    """The number of different values in each bucket; negative values do not count."""
    counted = values >= 0
    bucket, values = bucket[counted], values[counted].astype(np.int64)
    if not len(values):
        return [0] * buckets
    width = int(values.max()) + 1 - (least := int(values.min()))
    pairs = bucket * width + (values - least)
    if buckets * width <= _MAX_CELLS:  # several times as fast as sorting
        seen = np.zeros(buckets * width, bool)
        seen[pairs] = True
        pairs = np.flatnonzero(seen)
    else:
        pairs = distinct(pairs)
    return list(np.bincount(pairs // width, minlength=buckets).tolist())


def label(start: int, granularity: str) -> dict[str, Any]:
    """The name of the bucket that begins *at* that time (ms UTC)."""
    local = start + OFFSET
    hour = {"hour": local % DAY // 3_600_000} if granularity == "hour" else {}
    return {"date": _date(local // DAY), **hour, "timestamp": start // 1000}


def bounds(asked: Question) -> tuple[int, int]:
    """The start of the range, and its exclusive end (ms UTC)."""
    return asked.first * DAY - OFFSET, (asked.last + 1) * DAY - OFFSET


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))
