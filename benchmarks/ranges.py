"""Measures session-stats over 90 days, a new range each time, beside DuckDB with the same turns.

mockcbs generates the turns of every bot. DuckDB gets them as Arrow columns and holds them in memory in two
tables: one row for each turn, and one row for each session in order of time. The second table favours DuckDB:
what is left to do is one GROUP BY with COUNT(*), COUNT(DISTINCT user) and two SUMs over whole numbers,
without zones or strings. DuckDB has its default number of threads and uses the faster of two forms of the
query.

Both get the same ranges in turns and must return the same figures for each range, so this is a test as well.
Every other range ends within a minute of now, while sessions are still open.
"""

import gc
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from statistics import median
from typing import Any

import click
import numpy as np
import psutil
from duck import DAY, OFFSET, Duck, Figures, Span
from progress import Progress
from report import Result, Table, spread
from work import BOT, TOKEN

from mockcbs import Settings, create_app
from mockcbs.backend.world import World, Worlds
from mockcbs.services.cbs.schemas import Zone
from mockcbs.services.cbs.statistics import resolve, session_stats
from mockcbs.state import State
from mockcbs.traffic.bots import Bot, Profile
from mockcbs.traffic.index.rollup import Rollup
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.turns import Turns

_PROJECT = "any-project"
_MINUTE = 60_000
_NOW = 1_795_352_400_000
"""2026-11-22T13:00:00Z, the middle of a day, whose later turns must not be counted."""
_ZONE = Zone("+08:00", OFFSET)
_WORKING_DAYS = 73.3
"""The number of ordinary working days to which the 90 days up to now are equal."""
_BUILDING = 0.5
"""The approximate share of the time that building takes."""
_RANGES = 5
"""The number of ranges in one round; DuckDB sums turns for one of them only, as that is slow."""


@dataclass
class Contender:
    """One way to compute the figures."""

    ask: Callable[[Span], Any]
    read: Callable[[Any], Figures]
    most: int = _RANGES
    milliseconds: list[float] = field(default_factory=list)


def measure(rounds: int, sizes: list[int], progress: Progress) -> Result:
    """Build a bot of each of *sizes* (sessions in 90 days), then request ranges of all bots in *rounds*."""
    bots = []
    for place, size in enumerate(sizes):
        bots.append(_Subject(size))
        progress.tell(_BUILDING * (place + 1) / len(sizes), f"{bots[-1].sessions:,} sessions built")
    draw = np.random.default_rng(1)
    for number in range(-1, rounds):
        for bot in bots:
            bot.round([_span(draw, place) for place in range(_RANGES)], backwards=number % 2 == 1)
            if number < 0:
                bot.forget_times()
        done = _BUILDING + (1 - _BUILDING) * (number + 2) / (rounds + 1)
        progress.tell(done, f"round {number + 1} of {rounds}" if number >= 0 else "warm-up")
    figures = {
        "duckdb_threads": bots[0].duckdb_threads,
        "sizes": [bot.figures() for bot in bots],
    }
    return Result("statistics", figures, [_table(figures, rounds)], _measured(figures))


def _span(draw: np.random.Generator, place: int) -> Span:
    late = _MINUTE if place % 2 else DAY
    return _NOW - 90 * DAY + int(draw.integers(DAY)), _NOW - int(draw.integers(late))


class _Subject:
    """One bot, in mockcbs and in DuckDB."""

    def __init__(self, size: int) -> None:
        self._app = create_app(Settings(now=_NOW))
        mock: State = self._app.extensions["mockcbs"]
        busy = round(size / _WORKING_DAYS)
        steady = Profile(
            sessions_per_day=busy,
            users=4 * busy,
            calendar="none",
            weekend_percent=35,
            variation_percent=0,
            wave_percent=0,
            release_percent=0,
            campaign_days=0,
            incident_days=0,
        )  # scaled so that the bot has as many sessions as requested
        bot = Bot(BOT, profile=steady)
        dataset = replace(mock.dataset, bots={BOT: bot})
        self._log = TrafficLog(dataset, mock.settings.seed)
        world = World(dataset, mock.settings.seed, self._log)
        mock.worlds = Worlds(world, lambda _: dataset, mock.backend.live, mock.changes)
        self._client = self._app.test_client()
        before = _resident()
        began = time.perf_counter()
        view = self._log.bot(BOT, _NOW, _PROJECT).view
        self._built = {
            "size": size,
            "turns": len(view.turns),
            "build_s": round(time.perf_counter() - began, 3),
            "index_mb": round(view.nbytes / 1e6, 1),
            "resident_growth_mb": round(_resident() - before, 1),
            **_index_times(view.turns),
        }
        self._duck = Duck(view.turns, _NOW)
        self._built["sessions"] = self._duck.one("SELECT count(*) FROM sessions")
        self.sessions: int = self._built["sessions"]
        self.duckdb_threads = self._duck.one("SELECT current_setting('threads')")
        self.contenders = {
            "mockcbs": Contender(self._by_library, _figures_of),
            "mockcbs_wsgi": Contender(self._by_wsgi, lambda body: _figures_of(_parsed(body))),
            "duckdb_sessions": Contender(self._duck.from_sessions, Duck.read),
            "duckdb_turns": Contender(self._duck.from_turns, Duck.read, most=1),
        }

    def round(self, spans: list[Span], *, backwards: bool) -> None:
        """Let every contender compute the same *spans*. Raises an error if their figures differ."""
        expected: dict[Span, Figures] = {}
        contenders = list(self.contenders.items())
        for name, contender in contenders[::-1] if backwards else contenders:
            for span in spans[: contender.most]:
                began = time.perf_counter()
                answer = contender.ask(span)
                contender.milliseconds.append(1000 * (time.perf_counter() - began))
                found = contender.read(answer)
                if found != expected.setdefault(span, found):
                    raise click.ClickException(_difference(name, span, found, expected[span]))

    def forget_times(self) -> None:
        for contender in self.contenders.values():
            contender.milliseconds.clear()

    def figures(self) -> dict[str, Any]:
        """All measurements of this bot."""
        times = {name: contender.milliseconds for name, contender in self.contenders.items()}
        ratios = {
            f"{name}_to_mockcbs": round(median(times[name]) / median(times["mockcbs"]), 1)
            for name in ("duckdb_sessions", "duckdb_turns")
        }
        spreads = {f"{name}_ms": spread(values) for name, values in times.items()}
        return {**self._built, **spreads, **ratios, "ranges_equal": len(times["mockcbs"])}

    def _by_library(self, span: Span) -> dict[str, Any]:
        start, end = span
        query = {"interval": "day", "time_zone": _ZONE, "start_time": start, "end_time": end}
        asked = resolve(query, _NOW, "epoch")
        return session_stats(self._log.bot(BOT, _NOW, _PROJECT), asked, query)

    def _by_wsgi(self, span: Span) -> bytes:
        start, end = span
        target = (
            f"/v1/{_PROJECT}/qabots/{BOT}/requests/session-stats"
            f"?interval=day&time_zone=%2B08%3A00&start_time={start}&end_time={end}"
        )
        response = self._client.get(target, headers={"X-Auth-Token": TOKEN})
        body: bytes = response.get_data()
        if response.status_code != 200:
            raise click.ClickException(f"{target} answered {response.status}: {body[:300]!r}")
        return body


def _parsed(body: bytes) -> Any:
    return json.loads(body, parse_float=Decimal)


def _figures_of(answer: dict[str, Any]) -> Figures:
    rows = [("total", answer["total"]), *((row["start"], row) for row in answer["intervals"])]
    keys = ("session_count", "user_count", "avg_request_count", "avg_session_time")
    return {label: tuple(row[key] for key in keys) for label, row in rows}


def _difference(name: str, span: Span, found: Figures, expected: Figures) -> str:
    keys = [key for key in {**expected, **found} if expected.get(key) != found.get(key)]
    first = keys[0]
    return (
        f"{name} disagrees on {len(keys)} periods of {span}; {first} is {found.get(first)}, "
        f"not {expected.get(first)}"
    )


def _index_times(turns: Turns) -> dict[str, float]:
    """The time of an index of *turns* alone, and of numpy sorting the same rows by time, in s."""
    shuffled = turns.take(np.random.default_rng(1).permutation(len(turns)))
    utterances = int(turns.utterance.max()) + 1
    began = time.process_time()
    Rollup(turns, utterances)
    indexed = time.process_time()
    shuffled.take(np.argsort(shuffled.at, kind="stable"))
    return {"index_s": indexed - began, "sort_s": time.process_time() - indexed}


def _resident() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


def _table(figures: dict[str, Any], rounds: int) -> Table:
    columns = [
        "sessions",
        "turns",
        "mockcbs ms",
        "through WSGI ms",
        "DuckDB, sessions ms",
        "ratio",
        "DuckDB, turns ms",
        "ratio",
        "built s",
        "of it index s",
        "numpy sorts s",
        "index MB",
        "resident MB",
    ]
    rows = [
        [
            f"{row['sessions']:,}",
            f"{row['turns']:,}",
            *(f"{row[f'{name}_ms']['median']:.2f}" for name in ("mockcbs", "mockcbs_wsgi")),
            f"{row['duckdb_sessions_ms']['median']:.1f}",
            f"{row['duckdb_sessions_to_mockcbs']:.0f}x",
            f"{row['duckdb_turns_ms']['median']:.1f}",
            f"{row['duckdb_turns_to_mockcbs']:.0f}x",
            *(f"{row[name]:.2f}" for name in ("build_s", "index_s", "sort_s")),
            f"{row['index_mb']:.1f}",
            f"{row['resident_growth_mb']:.1f}",
        ]
        for row in figures["sizes"]
    ]
    asked = sum(row["ranges_equal"] for row in figures["sizes"])
    note = (
        f"Medians of {rounds} rounds of {_RANGES} ranges each; all {asked} ranges gave equal figures in "
        f"every way they were computed. DuckDB: in memory, {figures['duckdb_threads']} threads. *Ratio*: "
        "DuckDB's time in mockcbs's. *Sessions*: summed up to sessions beforehand; *turns*: in the query. "
        "*Built*: turns generated and indexed. *numpy sorts*: the same rows by time. *Resident*: what the "
        "process grew by meanwhile."
    )
    return Table("A new range of 90 days, by day", columns, rows, [note])


def _measured(figures: dict[str, Any]) -> dict[str, float]:
    """The figures that targets are about."""
    return {
        f"{name} of {row['size']:,}": value
        for row in figures["sizes"]
        for name, value in (
            ("index s", row["index_s"]),
            ("sort s", row["sort_s"]),
            ("range ms", row["mockcbs_ms"]["median"]),
            ("duckdb ms", row["duckdb_sessions_ms"]["median"]),
        )
    }
