"""Measures whether memory stays constant over a million requests of repeated reads and new queries."""

import time

from arena import started
from contenders import Answers, Mockcbs
from load import Wrk
from progress import Progress
from report import Result, Table, Target
from work import works

_FLAT = 1.1
"""The accepted ratio of the memory at the end to the memory after the first tenth."""


def measure(answers: Answers, wrk: Wrk, requests: int, most_seconds: float, progress: Progress) -> Result:
    """Send *requests* requests, or as many as *most_seconds* allow, and measure memory."""
    kinds = works()
    contender = Mockcbs()
    samples: list[tuple[int, float]] = []
    made, mistakes = 0, 0
    with started(contender, answers) as server:
        server.first_answer(kinds["repeated"].asks[0])
        samples.append((0, server.resident()))
        began = time.monotonic()
        while made < requests and (spent := time.monotonic() - began) < most_seconds:
            kind = kinds["new"] if len(samples) % 2 else kinds["repeated"]
            load = wrk(server.url, kind, 32, 3)
            made += load.requests
            mistakes += load.mistakes(kind, 32)
            samples.append((made, server.resident()))
            told = f"{made:,} requests, {samples[-1][1]:.1f} MB"
            progress.tell(min(1, max(made / requests, spent / most_seconds)), told)
    figures = {
        "samples": [{"requests": at, "resident_mb": round(mb, 2)} for at, mb in samples],
        "mistakes": mistakes,
    }
    shown = samples[:: max(1, len(samples) // 10)]
    if shown[-1] is not samples[-1]:
        shown.append(samples[-1])
    table = Table(
        "Memory over many requests",
        ["requests", "resident MB"],
        [[f"{at:,}", f"{mb:.1f}"] for at, mb in shown],
        ["One worker, 32 connections; ever-new queries and repeated reads in turns, three seconds each."],
    )
    return Result("endurance", figures, [table], [_target(samples, requests, mistakes)])


def _target(samples: list[tuple[int, float]], requests: int, mistakes: int) -> Target:
    growth = flatness(samples)
    made = samples[-1][0]
    found = f"{growth:.2f} times over {made:,} requests, {mistakes} mistakes"
    if made < requests:
        found += ", for want of time"
    what = f"memory at the end of {requests:,} requests, after the first tenth"
    return Target(
        what, f"at most {_FLAT} times", found, growth <= _FLAT and made >= requests and not mistakes
    )


def flatness(samples: list[tuple[int, float]]) -> float:
    """The memory at the end as a multiple of the memory after the first tenth of the requests."""
    made, last = samples[-1]
    early = next(mb for at, mb in samples if at >= made / 10)
    return last / early
