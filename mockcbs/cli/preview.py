"""``mockcbs datasets --show``: the traffic of a dataset, as curves of one line."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mockcbs.app import sections
from mockcbs.cli.output import say, say_json
from mockcbs.core import clock
from mockcbs.core.errors import UserError
from mockcbs.datasets.load import load
from mockcbs.traffic.bots import ANY, Bot
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import Endings
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import OUTCOMES, Turns

_BARS = "▁▂▃▄▅▆▇█"
_MAX_DAYS = 90
_MAX_BOTS = 8
_EXAMPLE = "5e0a0a00-c88a-43e3-aa2f-d5b8b9832b02"
"""The id of an example bot that the file does not name."""
_ZONE = 8 * HOUR


def write(name_or_file: str, seed: int, *, as_json: bool) -> None:
    """Print the traffic of a dataset; raises `UserError` for an unknown dataset."""
    dataset = load(name_or_file, sections())
    now = clock.real_now() if dataset.now is None else dataset.now
    log = TrafficLog(dataset, seed)
    bots = [bot for bot in _shown(dataset) if len(log.bot(bot, now).view.turns)]
    if not bots:
        raise UserError(f"dataset {dataset.name} has no traffic")
    figures = [_figures(log, bot, now) for bot in bots[:_MAX_BOTS]]
    if as_json:
        say_json(figures)
        return
    described = " ".join(dataset.description.split())
    say(f"{dataset.name}: {described}", f"seed {seed}, until {clock.iso(now)}")
    for each in figures:
        say("", *_lines(each))
    if len(bots) > _MAX_BOTS:
        say("", f"and {len(bots) - _MAX_BOTS} more bots")


def sparkline(values: Sequence[int]) -> str:
    """A curve with one character for each value; an empty value is a blank."""
    high = max(values, default=0)
    return "".join(" " if not value else _BARS[value * (len(_BARS) - 1) // high] for value in values)


def _shown(dataset: Dataset) -> list[str]:
    """The bots that the file names, and an example of other bots if they have traffic."""
    named = [bot for bot in dataset.bots if bot != ANY]
    return [*named, _EXAMPLE] if ANY in dataset.bots else named


def _figures(log: TrafficLog, bot_id: str, now: int) -> dict[str, Any]:
    bot = log.dataset.bot(bot_id)
    zone = bot.profile.utc_offset if bot.profile else _ZONE
    read = log.bot(bot_id, now)
    turns, endings = read.view.turns, read.repertoire.endings
    turns = turns.take(np.flatnonzero(turns.at <= now))
    last = (now + zone) // DAY
    first = max(last - _MAX_DAYS + 1, (int(turns.at[0]) + zone) // DAY)
    turns = turns.take(np.flatnonzero(turns.at + zone >= first * DAY))
    _, opening = np.unique(turns.session, return_index=True)
    begun = turns.at[opening] + zone
    free = (begun // DAY + 3) % 7 > 4
    return {
        "bot": bot_id,
        "name": _name(bot, bot_id),
        "first_day": str(np.datetime64(first, "D")),
        "sessions_by_day": _counts(begun // DAY - first, last - first + 1),
        "sessions_by_hour": _counts(begun[~free] // HOUR % 24, 24),
        "sessions_by_hour_of_weekends": _counts(begun[free] // HOUR % 24, 24),
        "failed_by_day": _counts(
            (turns.at[endings.failed[turns.utterance]] + zone) // DAY - first, last - first + 1
        ),
        "questions": len(turns),
        "outcomes_percent": _outcomes(endings, turns),
        "latency_ms": {
            name: int(np.quantile(turns.latency, share, method="lower"))
            for name, share in (("median", 0.5), ("90 %", 0.9), ("99 %", 0.99), ("longest", 1))
        },
    }  # fmt: skip


def _name(bot: Bot, bot_id: str) -> str:
    return "any other bot" if bot_id == _EXAMPLE and bot.id != bot_id else bot.name


def _counts(places: Any, count: int) -> list[int]:
    counts: list[int] = np.bincount(places, minlength=count).tolist()
    return counts


def _outcomes(endings: Endings, turns: Turns) -> dict[str, float]:
    counts = _counts(endings.outcome[turns.utterance], len(OUTCOMES))
    whole = max(1, sum(counts))
    return {name: round(100 * count / whole, 1) for name, count in zip(OUTCOMES, counts, strict=True)}


def _lines(figures: dict[str, Any]) -> Iterable[str]:
    days, hours, weekends, failed = (
        figures[name]
        for name in (
            "sessions_by_day",
            "sessions_by_hour",
            "sessions_by_hour_of_weekends",
            "failed_by_day",
        )
    )
    yield f"{figures['bot']} {figures['name']}".rstrip()
    yield f"  sessions a day   {sparkline(days)}  {min(days)} to {max(days)}, from {figures['first_day']}"
    yield f"  by hour, weekdays  {sparkline(hours)}  weekends  {sparkline(weekends)}"
    if any(failed):
        yield f"  failures a day   {sparkline(failed)}  {sum(failed)} of {figures['questions']} questions"
    yield "  outcomes, percent  " + ", ".join(
        f"{name} {n}" for name, n in figures["outcomes_percent"].items()
    )
    yield "  latency, ms  " + ", ".join(f"{name} {n}" for name, n in figures["latency_ms"].items())
