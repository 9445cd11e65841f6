"""Counts of calls, by operation, status and duration."""

import json
from copy import deepcopy

from mockcbs.backend.sqlite.peers import LocalPeers
from mockcbs.journal.metrics import SECONDS, Figures, Tally

KIND = ("cbs", "cbs.keywords")


def test_calls_are_counted_by_status_and_duration():
    """A call belongs to the first class whose bound is not below its duration."""
    tally = Tally()
    for seconds in (0.0, SECONDS[0], 0.3, 60.0):
        tally.count_of(KIND, 200).add(seconds)
    tally.count_of(KIND, 404).add(0.0)

    figures = tally.figures()

    assert figures.calls == {(*KIND, "200"): 4, (*KIND, "404"): 1}
    assert figures.durations == {KIND: [3, *[0] * 8, 1, 1]}
    assert figures.seconds == {KIND: 60.3 + SECONDS[0]}


def test_figures_travel_as_json():
    """Another worker gets equal figures, and faults are counted by the name of their scenario."""
    tally = Tally()
    tally.count_of(KIND, 200).add(0.25)
    tally.add_fault("outage")
    figures = tally.figures()

    assert Figures.unpacked(json.loads(json.dumps(figures.packed()))) == figures
    assert figures.faults == {"outage": 1}


def test_workers_add_up(tmp_path):
    """Every worker shows the sums of all."""
    peers = LocalPeers(tmp_path, 2)
    workers = [Tally(deepcopy(peers)) for _ in range(2)]
    for slot, worker in enumerate(workers):
        worker._peers.join(slot)
        worker.count_of(KIND, 200).add(0.5)

    assert [worker.figures().calls[(*KIND, "200")] for worker in workers] == [2, 2]
    assert workers[0].figures().seconds == {KIND: 1.0}
