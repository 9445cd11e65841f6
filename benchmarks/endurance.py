"""Measures whether memory stays constant over a million requests of repeated reads and new queries."""

import time

from arena import started
from contenders import Answers, Mockcbs
from load import Wrk
from progress import Progress
from report import Result, Table
from work import works


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
    if made < requests:
        table.notes.append(f"**Only {made:,} of {requests:,} requests** in {most_seconds} s.")
    if mistakes:
        table.notes.append(f"**{mistakes} answers failed.**")
    measured = {"MB after all": samples[-1][1], "MB after a tenth": early(samples)}
    return Result("endurance", figures, [table], measured)


def early(samples: list[tuple[int, float]]) -> float:
    """The memory after the first tenth of the requests."""
    made, _ = samples[-1]
    return next(mb for at, mb in samples if at >= made / 10)
