"""What a run of a scenario counts."""

from collections import deque

from mockcbs.faults import counters
from mockcbs.faults.counters import START, MemoryCounters


def test_each_rule_counts_for_each_key():
    """Numbers ascend from 1 for each rule and each bot; a rule can begin again."""
    counts = MemoryCounters()
    numbers = [counts.count(key) for key in ((0, "a"), (0, "a"), (0, "b"), (1, "a"))]

    counts.forget(0)

    assert counts.state == START
    assert numbers == [1, 2, 1, 1]
    assert [counts.count(key) for key in ((0, "a"), (0, "b"), (1, "a"))] == [1, 1, 2]


def test_passed_calls_of_a_throttle_are_kept():
    """The times of one key stay; another key has none."""
    counts = MemoryCounters()
    passed = counts.passed((0, "a"))
    passed.append(5)
    counts.keep_passed((0, "a"), passed)

    assert (counts.passed((0, "a")), counts.passed((0, "b"))) == (deque([5]), deque())


def test_counts_are_limited(monkeypatch):
    """Beyond the limit the oldest key is forgotten with its times, so memory stays bounded."""
    monkeypatch.setattr(counters, "_MAX_COUNTS", 2)
    counts = MemoryCounters()
    for name in ("a", "b"):
        counts.count((0, name))
        counts.passed((0, name)).append(1)

    counts.count((0, "c"))

    assert counts.passed((0, "a")) == deque()
    assert counts.passed((0, "b")) == deque([1])
    assert [counts.count((0, name)) for name in ("b", "c")] == [2, 2]
