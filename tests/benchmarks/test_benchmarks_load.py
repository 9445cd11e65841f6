"""What load amounts to: statuses, medians, ratios, targets."""

import json
import os
import re
from collections import defaultdict
from dataclasses import replace
from types import SimpleNamespace

import click
import pytest
from arena import Verdict, judge
from contenders import Answers, Mockcbs, Nginx, WireMock
from endurance import early
from load import Load, read
from picture import drawn
from serving import Effort, Entrant, _figures, _measured, steady
from shared_state import _scaled
from work import works


def load(per_second: float = 1000, *, p99: float = 2, refused: int = 0, broken: int = 0) -> Load:
    return Load(int(per_second), 1.0, 1.0, p99, refused, broken)


def test_the_last_line_of_wrk_is_read():
    """The output of wrk itself comes before the output of its script."""
    told = {"requests": 30, "seconds": 2.0, "p50_ms": 1.5, "p99_ms": 9.0, "refused": 3, "broken": 0}

    found = read(f"Running 2s test\n  12 requests in 2s\n\n{json.dumps(told)}\n")

    assert found == Load(30, 2.0, 1.5, 9.0, 3, 0)
    assert found.per_second == 15


def test_a_failure_of_wrk_is_told():
    """The message of wrk becomes the error."""
    with pytest.raises(click.ClickException, match="unable to connect"):
        read("", "unable to connect to 127.0.0.1:1")


@pytest.mark.parametrize(
    ("work", "refused", "broken", "mistakes"),
    [
        ("repeated", 0, 0, 0),
        ("repeated", 1, 0, 1),
        ("repeated", 0, 2, 2),
        ("bad", 1000, 0, 0),
        ("bad", 999, 0, 1),
        ("mix", 200, 0, 0),
        ("mix", 203, 0, 0),
        ("mix", 210, 0, 6),
        ("mix", 150, 0, 46),
    ],
)
def test_statuses_are_counted(work, refused, broken, mistakes):
    """Each kind of work has its share of errors; a mix may end in the middle of a turn."""
    assert load(refused=refused, broken=broken).mistakes(works()[work], connections=2) == mistakes


def test_no_two_new_queries_are_alike():
    """Start and end both move, within the range."""
    new = works()["new"].asks[0]

    targets = {new.at(number) for number in range(1000)}

    assert len(targets) == 1000
    assert new.at(0) == works()["repeated"].asks[0].target
    assert works()["mix"].failing == 0.2


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([], False),
        ([100, 100], False),
        ([100, 104, 105], True),
        ([100, 90, 106], False),
        ([100, 200, 90], False),
        ([100, 200, 90, 80], True),
    ],
)
def test_throughput_is_steady_when_it_no_longer_grows(rates, expected):
    """The rates of the last runs differ little."""
    assert steady(rates) is expected


def test_memory_is_compared_from_the_first_tenth_on():
    """Growth before a tenth of the calls does not count."""
    assert early([(0, 50), (40, 70), (100, 80), (1000, 100)]) == 80


class FakeServer:
    """A server with the same status and body for every request."""

    def __init__(self, status, body):
        self.ask = lambda *_: (status, body)


ANSWERS = Answers(
    b'{"a": 1}', b'{"error_code": "CBS.0021"}', b'{"error_code": "APIG.0301", "request_id": "x"}'
)


@pytest.mark.parametrize(
    ("work", "status", "body", "usable", "deviation"),
    [
        ("repeated", 200, b'{\n  "a": 1\n}', True, ""),
        ("repeated", 200, b'{"a": 2}', False, "another body"),
        ("repeated", 404, b"{}", False, "answers 404, not 200"),
        ("bad", 422, b"{}", True, "answers 422, not 400"),
        ("bad", 200, b'{"a": 1}', False, "answers 200, not 400"),
        ("bad", 400, b"no", True, "another body"),
        ("nobody", 401, b'{"error_code": "APIG.0301", "request_id": "y"}', True, ""),
    ],
)
def test_answers_are_judged(work, status, body, usable, deviation):
    """A contender that wrongly accepts or refuses is disqualified; other words in a refusal are only
    noted.
    """
    verdict = judge(Nginx(), FakeServer(status, body), works()[work], ANSWERS)

    assert verdict.usable is usable
    assert deviation in verdict.deviation
    assert bool(deviation) == bool(verdict.deviation)


@pytest.mark.parametrize(("shift", "sessions", "usable"), [(0, 3, True), (1, 3, False), (0, 4, False)])
def test_computed_answers_must_be_about_what_was_asked(shift, sessions, usable):
    """A computed answer is accepted only if it names the range of the query and its figures add up."""
    new = works()["new"]
    start, end = new.asks[0].span
    body = {
        "startutc": start + 5 + shift,
        "endutc": end - 5,
        "total": {"session_count": sessions},
        "intervals": [{"session_count": 1}, {"session_count": 2}],
    }

    verdict = judge(Mockcbs(), FakeServer(200, json.dumps(body).encode()), new, ANSWERS, number=5)

    assert verdict.usable is usable


def entrant(kind, rates, *, p99, peak):
    contender = kind()
    loads = defaultdict(list)
    for name in ("repeated", "new"):
        loads[name, 32] = [load(rate, p99=p99) for rate in rates]
    verdicts = {name: Verdict() for name in works()}
    return Entrant(contender, SimpleNamespace(), verdicts, 50.0, loads=loads, peak=peak)


def test_ratios_are_those_of_medians():
    """Ratios compare the median of each contender over all rounds with those of WireMock and nginx."""
    ours = entrant(Mockcbs, [100, 900, 400], p99=3, peak=80)
    theirs = entrant(WireMock, [50, 40, 60], p99=30, peak=1000)

    found = _figures([ours, theirs], Effort(3, 1, 0, 0))["contenders"]["mockcbs"]["loads"][0]

    assert found["per_second"] == 400
    assert found["of_wiremock"] == 8
    assert "of_nginx" not in found


def test_figures_of_targets_are_medians():
    """Each contender has its median rate; figures of a contender that is missing are missing."""
    ours = entrant(Mockcbs, [100, 900, 400], p99=3, peak=80)
    theirs = entrant(WireMock, [50], p99=14, peak=1200)

    assert _measured([ours, theirs]) == {
        "repeated of mockcbs": 400,
        "repeated of wiremock": 50,
        "new of mockcbs": 400,
        "new of wiremock": 50,
        "MB under load": 80,
        "mistakes under load": 0,
    }


def test_the_picture_has_a_bar_for_each_contender():
    """The longest bar is the first; the others are in proportion."""
    entrants = [entrant(Mockcbs, [400], p99=3, peak=80), entrant(Nginx, [800], p99=3, peak=10)]

    picture = drawn(_figures(entrants, Effort(3, 1, 0, 0)))

    bars = re.findall(r">([a-z]+)</text><rect [^>]*width=.(\d+)", picture)
    assert bars == [("nginx", "390"), ("mockcbs", "195")]


@pytest.mark.parametrize(
    ("used", "processes", "rate"), [(0.1, 1, 1000), (0.9, 1, 1000), (0.0, 2, 1000), (1.0, 2, 2000)]
)
def test_rates_are_scaled_by_what_clients_took(monkeypatch, used, processes, rate):
    """Clients on another machine would have left both cores to two workers; one worker has a core anyway."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    assert _scaled([replace(load(1000), used=used)], processes) == rate
