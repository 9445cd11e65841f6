"""The calls that are being answered."""

import threading

from mockcbs.core.in_flight import InFlight


def test_only_present_calls_are_waited_for():
    """A call that begins later does not prolong the wait."""
    calls = InFlight()
    first = calls.begin()
    ended, waited = threading.Event(), []
    waiting = threading.Thread(target=lambda: (waited.append(calls.wait(60)), ended.set()))
    waiting.start()

    assert not ended.wait(0.05)
    while not calls._ended._waiters:
        ended.wait(0.01)
    later = calls.begin()
    calls.end(first)
    assert ended.wait(60)
    assert waited == [True]
    assert not calls.wait(0.01)
    calls.end(later)
    assert calls.wait(0)
