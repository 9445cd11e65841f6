"""Ninety days of traffic of some seeds and bots, and what tests count in it."""

from functools import cache

import numpy as np

from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Turns

SEEDS = range(20)
CBS = ("303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "404a0a00-c88a-44e4-aa2f-d5b8b9842b02")
COZE = ("7342866812345678901", "7342866812345678905")
EIGHT_HOURS = 8 * 3_600_000
LAST = 20_779
"""2026-11-22."""
DAYS = range(LAST - 90, LAST)
NATIONAL_DAY = range(20_727, 20_734)
"""1 to 7 October 2026."""
DOUBLE_11 = 20_768
"""11 November 2026."""
KNOWLEDGE = load("everyday").knowledge
REPERTOIRE = generated(KNOWLEDGE)


@cache
def made(seed: int, bot: str, **profile) -> Turns:
    return Generator(seed, bot, Profile(**profile), KNOWLEDGE).turns_of(DAYS)[0]


def begins(turns: Turns) -> np.ndarray:
    _, first = np.unique(turns.session, return_index=True)
    return turns.at[first] + EIGHT_HOURS


def by_day(turns: Turns) -> np.ndarray:
    """Sessions of the local days that lie within the UTC days."""
    return np.bincount(begins(turns) // DAY - DAYS.start, minlength=len(DAYS))[1 : len(DAYS)]


LOCAL_DAYS = np.arange(DAYS.start + 1, DAYS.stop)
WEEKDAY = ((LOCAL_DAYS + 3) % 7 < 5) & ~np.isin(LOCAL_DAYS, [*NATIONAL_DAY, 20_721])


def by_hour(turns: Turns) -> np.ndarray:
    return np.bincount(begins(turns) // 3_600_000 % 24, minlength=24)


def in_sessions(turns: Turns) -> tuple[np.ndarray, np.ndarray]:
    """The turns by session, and for each whether the next one belongs to the same session."""
    order = np.lexsort((turns.at, turns.session))
    session = turns.session[order]
    return order[:-1][session[:-1] == session[1:]], order[1:][session[:-1] == session[1:]]


def outcomes(turns: Turns) -> np.ndarray:
    return np.array([said.outcome for said in REPERTOIRE])[turns.utterance]


def failed(turns: Turns) -> np.ndarray:
    return REPERTOIRE.endings.failed[turns.utterance]
