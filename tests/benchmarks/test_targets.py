"""Every target is measured by a part of the benchmarks, and judged by its bound."""

from collections import Counter
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from kinds import call
from load import Load
from plan import COMPARED, CONTENDERS, PARTS, Run
from stall_cases import Client
from targets import GOALS, Goal, judged
from tools import MissingError, Tools


@pytest.mark.parametrize(
    ("bound", "figures", "met"),
    [
        ("≥ 8", (800, 100), True),
        ("≥ 8", (799, 100), False),
        ("≤ 5", (10, 2), True),
        ("≤ 5", (10.1, 2), False),
        ("< 1", (2, 2), False),
        ("< 1", (1.9, 2), True),
        ("≤ 60 MB", (60,), True),
        ("≤ 60 MB", (60.1,), False),
    ],
)
def test_a_target_is_a_bound_of_a_figure_or_a_ratio(bound, figures, met):
    """Two figures are divided; a bound includes its limit unless it says less."""
    names = ("ours", "theirs")[: len(figures)]

    assert Goal("load", "rate", names, bound).judged(dict(zip(names, figures, strict=True))).met is met


def test_a_ratio_shows_both_figures():
    """The text has the ratio and what it was computed from."""
    target = Goal("load", "rate", ("ours", "theirs"), "≥ 8").judged({"ours": 12345, "theirs": 1000})

    assert target.found == "12.3 (12,345 / 1,000)"


def test_what_was_not_measured_is_neither_met_nor_missed():
    """A figure is missing if its part failed, or if a contender is left out; the report names it."""
    target = Goal("load", "rate", ("ours", "theirs"), "≥ 8").judged({"ours": 1})

    assert (target.met, target.word, target.found) == (None, "not measured", "no theirs")


def test_every_target_has_a_part():
    """Parts, and the contenders that targets compare with, exist and run by default."""
    for goal in GOALS:
        assert goal.part in PARTS
        assert all(hasattr(Run, f"_{part.replace('-', '_')}") for part in PARTS)
        named = {name.rpartition(" of ")[2] for name in goal.figures} & set(CONTENDERS)
        assert named <= set(COMPARED)
    assert max(Counter(goal.what for goal in GOALS).values()) == 1


class FakeWrk:
    """Sends a few requests over one connection."""

    def __call__(self, url, work, *_):
        with Client(urlsplit(url).port) as client:
            for number, ask in zip(range(3), cycle(work.asks), strict=False):
                status, body = client(*call(ask, number))
                assert status == ask.status, body
        return Load(3, 1.0, 1.0, 1.0, round(3 * work.failing), 0)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["calls", "memory", "besides", "deliveries", "in-process", "mix"])
def test_the_figures_of_targets_are_measured(part, tmp_path, monkeypatch):
    """The quick form of these parts leaves none of their targets without a figure."""
    pytest.importorskip("psutil")

    def nothing(*packages):
        raise MissingError("nothing is installed for tests")

    tools = Tools(tmp_path)
    object.__setattr__(tools, "pypi", nothing)
    run = Run(tools, (), quick=True, rounds=1, seconds=1, sizes=[1000])
    run.__dict__["_wrk"] = FakeWrk()

    (result,) = run.measure((part,))

    assert "failed" not in result.figures, result.figures
    assert [target.what for target in judged((part,), result.measured) if target.met is None] == []


@pytest.mark.slow
def test_a_part_that_fails_leaves_the_others(tmp_path):
    """The figures of other parts are kept, and the report says why one failed."""
    run = Run(Tools(tmp_path), (), quick=True, rounds=1, seconds=1, sizes=[1000])
    run.__dict__["_wrk"] = None

    failed, measured = run.measure(("endurance", "in-process"))

    assert "TypeError" in failed.figures["failed"]
    assert failed.measured == {}
    assert measured.measured
