"""The figures of session-stats computed by DuckDB (contract 8.3), to compare results and time."""

import time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from mockcbs.traffic.turns import Turns

DAY = 86_400_000
OFFSET = 8 * 3_600_000
"""The offset of the zone of all figures from UTC, in ms."""

Span = tuple[int, int]
Figures = dict[str, tuple[int, int, Decimal, Decimal]]
"""Sessions, users, mean rounds and mean duration in ms, by the first day of the period or ``total``."""


_FIGURES = "count(*), count(DISTINCT usr), sum(rounds), sum(duration)"
_WITHIN = "WHERE first BETWEEN $start AND $end"
_SESSIONS = """(
    SELECT min(asked) AS first, any_value(usr) AS usr, count(*) AS rounds,
           1000 * (max(asked) // 1000 - min(asked) // 1000) AS duration
    FROM turns GROUP BY session
)"""


class Duck:
    """Turns in a DuckDB database in memory, with the default number of threads."""

    def __init__(self, turns: Turns, now: int) -> None:
        """Load the turns up to *now* (ms, UTC) and choose the faster form of each query."""
        self._connection = duckdb.connect()
        user = pa.array(turns.user, mask=turns.user < 0)
        given = pa.table({"asked": turns.at, "session": turns.session, "usr": user})
        self._connection.register("given", given)
        self._connection.execute(f"CREATE TABLE turns AS FROM given WHERE asked <= {now}")
        self._connection.unregister("given")
        self._connection.execute(f"CREATE TABLE sessions AS FROM {_SESSIONS} ORDER BY first")
        self._of_sessions = self._quickest(_phrasings("sessions"), now)
        self._of_turns = self._quickest(_phrasings(_SESSIONS), now)

    def from_sessions(self, span: Span) -> list[Any]:
        """Rows of figures from a table with one row for each session."""
        return self._run(self._of_sessions, span)

    def from_turns(self, span: Span) -> list[Any]:
        """Rows of figures from a table with one row for each turn."""
        return self._run(self._of_turns, span)

    @staticmethod
    def read(rows: list[Any]) -> Figures:
        """Convert rows to figures."""
        return {
            "total" if day is None else str(np.datetime64(day, "D")): (
                count,
                users,
                _mean(rounds, count),
                _mean(duration, count),
            )
            for day, count, users, rounds, duration in rows
        }

    def one(self, query: str) -> Any:
        """The only value of the result of *query*."""
        ((value,),) = self._connection.execute(query).fetchall()
        return value

    def _run(self, queries: list[str], span: Span) -> list[Any]:
        given = {"start": span[0], "end": span[1]}
        return [row for query in queries for row in self._connection.execute(query, given).fetchall()]

    def _quickest(self, phrasings: list[list[str]], now: int) -> list[str]:
        def trial(queries: list[str]) -> float:
            times = []
            for shift in range(2):
                began = time.perf_counter()
                self._run(queries, (now - 90 * DAY + shift, now))
                times.append(time.perf_counter() - began)
            return min(times)

        return min(phrasings, key=trial)


def _phrasings(source: str) -> list[list[str]]:
    """Two equal forms of the figures of each day and of the total: one query, or two."""
    by_day = f"SELECT (first + {OFFSET}) // {DAY} AS d, {_FIGURES} FROM {source} {_WITHIN}"
    whole = f"SELECT NULL, {_FIGURES} FROM {source} {_WITHIN}"
    return [[f"{by_day} GROUP BY GROUPING SETS ((d), ())"], [f"{by_day} GROUP BY d", whole]]


def _mean(total: int, count: int) -> Decimal:
    """A mean rounded half up to three decimals (contract 8.3), or 0 without data."""
    return (Decimal(total or 0) / max(1, count)).quantize(Decimal("0.001"), ROUND_HALF_UP)
