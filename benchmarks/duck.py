"""The figures of session-stats by DuckDB (contract 8.3): a second opinion, and a time to beat."""

import time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from mockcbs.traffic.turns import Turns

DAY = 86_400_000
OFFSET = 8 * 3_600_000
"""The zone of all figures, ms ahead of UTC."""

Span = tuple[int, int]
Figures = dict[str, tuple[int, int, Decimal, Decimal]]
"""By first day of the period, or ``total``: sessions, users, mean rounds, mean milliseconds."""


_FIGURES = "count(*), count(DISTINCT usr), sum(rounds), sum(duration)"
_WITHIN = "WHERE first BETWEEN $start AND $end"
_SESSIONS = """(
    SELECT min(asked) AS first, any_value(usr) AS usr, count(*) AS rounds,
           1000 * (max(asked) // 1000 - min(asked) // 1000) AS duration
    FROM turns GROUP BY session
)"""


class Duck:
    """Turns in an in-memory DuckDB, with its default threads."""

    def __init__(self, turns: Turns, now: int) -> None:
        """Load the turns asked up to *now* (ms UTC), and choose how to ask about them."""
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
        """Rows of figures, from turns that were summed up to sessions beforehand."""
        return self._run(self._of_sessions, span)

    def from_turns(self, span: Span) -> list[Any]:
        """Rows of figures, from turns."""
        return self._run(self._of_turns, span)

    @staticmethod
    def read(rows: list[Any]) -> Figures:
        """Rows as figures."""
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
        """The only value *query* yields."""
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
    """Ways to ask for the figures of each day and of the whole: in one query, or in two."""
    by_day = f"SELECT (first + {OFFSET}) // {DAY} AS d, {_FIGURES} FROM {source} {_WITHIN}"
    whole = f"SELECT NULL, {_FIGURES} FROM {source} {_WITHIN}"
    return [[f"{by_day} GROUP BY GROUPING SETS ((d), ())"], [f"{by_day} GROUP BY d", whole]]


def _mean(total: int, count: int) -> Decimal:
    """Half-up to three places (contract 8.3), and 0 of nothing."""
    return (Decimal(total or 0) / max(1, count)).quantize(Decimal("0.001"), ROUND_HALF_UP)
