"""Remarks that explain to a client why a range of time has no traffic."""

from mockcbs.core.clock import iso, shown
from mockcbs.traffic.log import TrafficLog

_SECONDS = range(10**9, 10**10)
"""Numbers of ten digits: read as milliseconds they lie early in 1970, read as seconds after 2001."""


def in_seconds(name: str, at: int | None) -> str | None:
    """A remark that the value of the parameter *name* is probably in seconds."""
    if at is None or at not in _SECONDS:
        return None
    return f"{name} {at} is {iso(at)}: it is read as milliseconds, and may have been meant as seconds"


def outside(log: TrafficLog, bot_id: str, scope: str, span: tuple[int, int], now: int) -> str | None:
    """A remark about a *span* (first and last instant, ms UTC) that is before a bot's traffic or after *now*.

    There is also a remark about a bot without any traffic, in the dataset and recorded in *scope*.
    """
    (start, end), first = span, log.first_at(bot_id, now)
    if start > now:
        return f"the range begins at {shown(start)}, after now ({iso(now)}): nothing has happened yet"
    if first is None:
        if log.recorded(bot_id, scope):
            return None
        return f"bot {bot_id} has no traffic: none in dataset {log.dataset.name}, and none recorded by calls"
    if first > now:
        return (
            f"the traffic of dataset {log.dataset.name} begins at {iso(first)}, after now ({iso(now)}): "
            "set the clock (--now)"
        )
    if end < first:
        begins = f"which begins at {iso(first)}"
        return f"the range ends at {shown(end)}, before the kept traffic of this bot, {begins}"
    return None
