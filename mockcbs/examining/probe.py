"""The first runs of a client, which show what it requests and prints, and thus what can be examined."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mockcbs.core.errors import UserError
from mockcbs.examining.client import Client
from mockcbs.examining.output import Output
from mockcbs.examining.traffic import Session, Traffic
from mockcbs.examining.words import Asked, Target, midnight
from mockcbs.examining.world import Run, World
from mockcbs.services import registry
from mockcbs.settings import Settings
from mockcbs.traffic import periods

BOTS = {"cbs": "303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "coze": "7342866812345678901"}
_SERVICES = {"cbs": "cbs", "iam": "cbs", "coze": "coze"}
_TOKEN = "pat_mockcbs"
_SHANGHAI = "+08:00"
_HOUR = 3_600_000
_DAYS = 3
"""The number of days in the first run; each has one session."""

_PAGE_NUMBERS = ("page_num", "page_index", "page_token")
_PAGE_SIZE = 20
"""The default page size of the API."""

LONG_DAYS = 100
"""The number of days of a long range."""

_GRANULARITIES = ("hour", "day", "week", "month")

OpenWorld = Callable[[Target, Traffic], World]


@dataclass(frozen=True)
class Profile:
    """The properties of a client."""

    service: str
    """``cbs`` or ``coze``."""
    target: Target
    words: frozenset[str]
    columns: frozenset[str]
    item: str | None
    """The column that identifies items, if the rows are items."""
    operations: frozenset[str]
    zone: str
    """The zone of the client's days if its command does not contain {zone}."""
    granularities: tuple[str, ...]
    """The granularities that the client accepts; only ``day`` if its command lacks {granularity}."""
    page_size: int | None
    """The number of rows on a page; `None` if the client does not read pages."""
    rows_per_session: int
    """The number of rows that a session with one question adds to the pages."""
    fetches_token: bool
    """Whether the client requests its token from the service."""
    prints_days: bool = True
    """Whether the client prints a row for each day, unless it was given another granularity."""
    reads_long_ranges: bool = False
    """Whether the client accepts a range of `LONG_DAYS` days."""

    @property
    def has_range(self) -> bool:
        """Whether the command contains words for the first and the last day."""
        return bool(self.words & {"start", "start_ms"}) and bool(self.words & {"end", "end_ms"})


def probe(client: Client, open_world: OpenWorld, first_day: date) -> Profile:
    """Run *client* until its profile is known. Raises `UserError` if it cannot be examined."""
    traffic = Traffic(first_day, tuple(Session(day) for day in range(_DAYS)))
    asked = Asked(first_day, traffic.day(_DAYS - 1))
    service, run = _first_run(client, open_world, traffic, asked)
    if run.output is None or run.problem:
        raise UserError(f"the client cannot be examined: {run.problem}{_said(run)}")
    if not run.output.rows:
        raise UserError(f"the client printed no rows for {_DAYS} days with one session each{_said(run)}")
    entries = [entry for entry in run.entries if entry.service in _SERVICES]
    target = replace(_target(service), bot_id=_bot_of(client, run) or BOTS[service])
    profile = Profile(
        service,
        target,
        client.words,
        run.output.columns,
        run.output.item,
        frozenset(entry.operation for entry in entries if entry.operation),
        _zone(run, service, client.words),
        ("day",),
        _page_size(run),
        _rows_per_session(run, run.output),
        any(entry.service == "iam" or "oauth" in entry.path for entry in entries),
        len(run.output.keyed) == _DAYS,
    )
    with open_world(target, traffic) as world:
        early = asked.but(start=first_day - timedelta(days=LONG_DAYS - _DAYS))
        profile = replace(profile, reads_long_ranges=not world.run(early).problem)
        if "granularity" not in client.words:
            return profile
        others = [asked.but(granularity=name) for name in _GRANULARITIES if name != "day"]
        runs = world.run_all(others)
    accepted = {run.asked.granularity for run in runs if not run.problem} | {"day"}
    return replace(profile, granularities=tuple(name for name in _GRANULARITIES if name in accepted))


def _first_run(client: Client, open_world: OpenWorld, traffic: Traffic, asked: Asked) -> tuple[str, Run]:
    """The service that a client reads, and its first run; the words of its command show which service to
    try first.
    """
    likely = "cbs" if client.words & {"project_id", "zone", "domain"} else "coze"
    for service in (likely, *(name for name in BOTS if name != likely)):
        target = _target(service)
        with open_world(target, traffic) as world:
            run = world.run(asked)
        called = [_SERVICES[entry.service] for entry in run.entries if entry.service in _SERVICES]
        if service not in called:
            continue
        bot_id = _bot_of(client, run)
        if bot_id and bot_id != target.bot_id:
            with open_world(replace(target, bot_id=bot_id), traffic) as world:
                run = world.run(asked)
        return service, run
    if run.entries:
        raise UserError(f"the client calls neither CBS nor Coze{_said(run)}")
    raise UserError(
        f"the client made no calls: put {{base_url}} into its command, or read MOCKCBS_BASE_URL{_said(run)}"
    )


def _bot_of(client: Client, run: Run) -> str:
    """The bot that a client has in its configuration; empty if its command contains {bot_id}."""
    bots = [entry.bot for entry in run.entries if entry.bot]
    return bots[-1] if bots and "bot_id" not in client.words else ""


def _target(service: str) -> Target:
    project = registry.default_project(BOTS["cbs"], Settings())
    return Target("", _TOKEN, BOTS[service], project)


def _said(run: Run) -> str:
    return "".join(f"\n  {line}" for line in run.lines())


def _zone(run: Run, service: str, words: frozenset[str]) -> str:
    """The zone of a client's days: from the word {zone}, its requests, or the range that it reads."""
    if "zone" in words:
        return run.asked.zone
    if service == "coze":
        return _SHANGHAI
    queries = [entry.call.query or {} for entry in run.entries]
    if stated := next((query["time_zone"] for query in queries if "time_zone" in query), ""):
        return stated
    begins = [int(query["start_time"]) for query in queries if query.get("start_time", "").isdigit()]
    ahead = midnight(run.asked.start, "UTC") - min(begins) if begins else 0
    if ahead % (_HOUR // 4) or abs(ahead) > 14 * _HOUR:
        return "UTC"
    sign = "-" if ahead < 0 else "+"
    return f"{sign}{abs(ahead) // _HOUR:02}:{abs(ahead) % _HOUR // periods.MINUTE:02}"


def _page_size(run: Run) -> int | None:
    queries = [entry.call.query or {} for entry in run.entries]
    paged = [
        query for query in queries if any(name in query for name in _PAGE_NUMBERS) or "page_size" in query
    ]
    sizes = [int(query["page_size"]) for query in paged if query.get("page_size", "").isdigit()]
    return (sizes[0] if sizes else _PAGE_SIZE) if paged else None


def _rows_per_session(run: Run, output: Output) -> int:
    for entry in run.entries:
        body = entry.raw_response.decode("utf-8", "replace")
        if found := re.search(r'"total":(\d+)', body):
            return max(1, int(found[1]) // _DAYS)
    return max(1, len(output.rows) // _DAYS)
