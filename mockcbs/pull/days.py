"""Days of a time zone, and the division of a range into calls."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo

ONE_DAY = timedelta(days=1)


def today(zone: tzinfo) -> date:
    """The current day in *zone*, by the clock of this machine."""
    return datetime.now(zone).date()


def midnight(day: date, zone: tzinfo) -> datetime:
    """The start of *day* in *zone*."""
    return datetime.combine(day, time(), zone)


def epoch_ms(at: datetime) -> int:
    """*at* in ms UTC; *at* must be a whole number of seconds."""
    return int(at.timestamp()) * 1000


def span(first: date, last: date) -> list[date]:
    """Every day from *first* to *last*, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def cut(days: Iterable[date], limit: int) -> Iterator[list[date]]:
    """*days*, which ascend, as runs of consecutive days, each at most *limit* long."""
    run: list[date] = []
    for day in days:
        if run and (len(run) == limit or day - run[-1] != ONE_DAY):
            yield run
            run = []
        run.append(day)
    if run:
        yield run
