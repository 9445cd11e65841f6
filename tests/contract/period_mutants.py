"""Servers whose periods, ranges and zones, or what they say of them, are right but for one small thing."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import numpy as np

from mockcbs.services.cbs import statistics
from mockcbs.traffic import periods
from tests.contract.deviations import (
    BOTH,
    HOTS,
    RATES,
    STATS,
    WORDS,
    edit,
    query_changed,
    replaced,
    top_level,
)
from tests.contract.mutants import EDGES, After, Before, Mutant, Response, dumps, loads

MIDNIGHT = {"dataset": "midnight", "now": None}


def relabelled(change: Callable[[date, Response], date], *intervals: str) -> After:
    """Periods under other labels."""

    @edit(*BOTH)
    def after(content: Any, response: Response) -> None:
        if content["interval"] in intervals:
            for row in content["intervals"]:
                row["start"] = change(date.fromisoformat(row["start"]), response).isoformat()

    return after


def shifted(name: str, by: int) -> Before:
    def change(query: dict[str, str]) -> None:
        if query.get(name, "").isdigit():
            query[name] = str(max(0, int(query[name]) + by))

    return query_changed(change)


@edit(*BOTH)
def _fill_gaps(content: Any, _: Response) -> None:
    rows = content["intervals"]
    if content["interval"] != "day" or not rows:
        return
    first = date.fromisoformat(rows[0]["start"])
    rows.insert(
        0,
        {
            "start": (first - timedelta(1)).isoformat(),
            **{k: 0 * v for k, v in rows[0].items() if k != "start"},
        },
    )


@edit(*BOTH)
def _empty_at_the_end(content: Any, _: Response) -> None:
    rows, width = content["intervals"], {"day": 1, "month": 31}.get(content["interval"])
    if width and rows:
        after = date.fromisoformat(rows[-1]["start"]) + timedelta(width)
        empty = {name: 0 * value for name, value in rows[-1].items() if name != "start"}
        first = after if width == 1 else after.replace(day=1)
        rows.append({"start": first.isoformat(), **empty})


def grouped(zone: str, interval: str, *operations: str) -> After:
    """Periods of one interval that are those of *zone*, whatever zone was asked for."""

    @edit(*operations)
    def after(content: Any, response: Response) -> None:
        if content["interval"] == interval:
            there = response.ask(urlencode({**response.query, "time_zone": zone}))
            content["intervals"] = there["intervals"]

    return after


def _too_long() -> AbstractContextManager[Any]:
    """Periods whose last instant is the first one of the next."""
    original = statistics._cut

    def cut(*asked: Any) -> Any:
        found = original(*asked)
        low, high = found.low.copy(), found.high.copy()
        low[1:-1] += 1
        high[:-2] += 1
        return found._replace(low=low, high=high)

    return patch.object(statistics, "_cut", cut)


def whole_seconds(name: str, by: int) -> Before:
    """An end of the range that takes in its whole second."""

    def change(query: dict[str, str]) -> None:
        ends = [query.get("start_time", ""), query.get("end_time", "")]
        if all(re.fullmatch("[0-9]{13}", end) for end in ends) and ends[0] <= ends[1]:
            query[name] = str(int(query[name]) // 1000 * 1000 + by)

    return query_changed(change)


def _days(at: Any, zone: Any) -> Any:
    """The local days of instants, as they are labelled."""
    return ((at + (zone.offset if zone else 0)) // periods.DAY).astype("datetime64[D]").astype(str)


def _users_of_both_days(original: Any) -> Any:
    """Who asks after midnight, in a session that began before, is a user of the next day, too."""

    def session_stats(bot: Any, asked: Any, query: Any) -> Any:
        content, turns = original(bot, asked, query), bot.view.turns
        inside = (turns.at >= asked.start) & (turns.at < asked.high) & (turns.user >= 0)
        day = _days(turns.at, query["time_zone"])
        for row in content["intervals"] if query["interval"] == "day" else []:
            users = np.unique(turns.user[inside & (day == row["start"])])
            row["user_count"] = max(row["user_count"], len(users))
        return content

    return session_stats


def _questions_of_sessions(original: Any) -> Any:
    """Questions asked after midnight, in sessions that began before, count on the day before."""

    def reply_rates(bot: Any, asked: Any, query: Any) -> Any:
        content, turns = original(bot, asked, query), bot.view.turns
        _, opening, place = np.unique(turns.session, return_index=True, return_inverse=True)
        inside = (turns.at >= asked.start) & (turns.at < asked.high)
        own, begun = (_days(at, query["time_zone"])[inside] for at in (turns.at, turns.at[opening][place]))
        for row in content["intervals"] if query["interval"] == "day" else []:
            moved = int(sum(begun == row["start"]) - sum(own == row["start"]))
            row["notmatch_count"] += moved
            row["question_count"] += moved
        return content

    return reply_rates


def _sunday_weeks(original: Any) -> Any:
    def buckets(interval: str, offset: int, first: int, last: int) -> Any:
        if interval != "week":
            return original(interval, offset, first, last)
        return original(interval, offset + 86_400_000, first, last) - 1

    return buckets


def _periods(name: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(statistics.periods, name, make(getattr(statistics.periods, name)))


def _cut_without(edge: str) -> Callable[[], AbstractContextManager[Any]]:
    """Ends of ranges that are exclusive."""

    def make(original: Any) -> Any:
        def resolve(query: Any, now: int, default_start: str) -> Any:
            asked = original(query, now, default_start)
            return asked._replace(start=asked.start + (edge == "start"), end=asked.end - (edge == "end"))

        return resolve

    return replaced("resolve", make)


def _said(response: Response) -> None:
    """Print the ends that were asked for."""
    if response.says(*BOTH):
        content = loads(response.body)
        for name, parameter in (("startutc", "start_time"), ("endutc", "end_time")):
            if parameter in response.query:
                content[name] = int(response.query[parameter])
        response.body = dumps(content)


def _unsorted_intervals() -> After:
    @edit(*BOTH)
    def after(content: Any, _: Response) -> None:
        content["intervals"].sort(key=lambda row: row["start"][-1])

    return after


def _lower_zone(response: Response) -> None:
    if response.says(*BOTH):
        content = loads(response.body)
        content["time_zone"] = content["time_zone"].lower()
        response.body = dumps(content)


def _utc_labels(original: Any) -> Any:
    def buckets(interval: str, offset: int, first: int, last: int) -> Any:
        del offset
        return original(interval, 0, first, last)

    return buckets


def _clamped_labels(day: date, response: Response) -> date:
    start = int(response.query.get("start_time", 0)) // 86_400_000
    return max(day, date(1970, 1, 1) + timedelta(start))


def offset_of(change: Callable[[str, int], int]) -> Callable[[], AbstractContextManager[Any]]:
    """Zones understood in another way."""
    original = periods.offset

    def offset(zone: str) -> int:
        return change(zone, original(zone))

    return lambda: patch("mockcbs.services.cbs.schemas.periods.offset", offset)


def moved(name: str, by: int, operation: str) -> Before:
    """An end of the range, moved in one operation; what it echoes is put right by `_said`."""

    def change(query: dict[str, str]) -> None:
        ends = [query.get("start_time", ""), query.get("end_time", "")]
        if all(end.isascii() and end.isdigit() and len(end) < 14 for end in ends) and int(ends[0]) <= int(
            ends[1]
        ):
            query[name] = str(max(0, int(query[name]) + by))
            if int(query["start_time"]) > int(query["end_time"]):
                query.update(start_time="0", end_time="0")

    return query_changed(change, operation)


PERIODS = [
    # periods
    Mutant("empty periods are listed", "cbs.S-9", after=_fill_gaps),
    Mutant("weeks begin on Sunday", "cbs.S-12", patched=_periods("buckets", _sunday_weeks)),
    Mutant("weeks are labelled with their Sunday", "cbs.S-12", after=relabelled(lambda day, _: day + timedelta(6), "week")),
    Mutant("months are labelled with their last day", "cbs.S-12", after=relabelled(lambda day, _: (day + timedelta(31)).replace(day=1) - timedelta(1), "month")),
    Mutant("years are labelled with the first of February", "cbs.S-12", after=relabelled(lambda day, _: day.replace(month=2), "year")),
    Mutant("days are labelled one late", "cbs.S-11", after=relabelled(lambda day, _: day + timedelta(1), "day")),
    Mutant("labels are clamped to the range", "cbs.S-12", after=relabelled(_clamped_labels, "week", "month", "year")),
    Mutant("days are those of UTC", "cbs.S-11", patched=_periods("buckets", _utc_labels)),
    Mutant("periods are not sorted", "cbs.S-10", after=_unsorted_intervals()),
    Mutant("periods descend", "cbs.S-10", after=top_level("intervals", lambda c, _: c["intervals"][::-1], STATS)),
    Mutant("labels are instants", "cbs.shape-session-stats", after=edit(STATS)(lambda c, _: [r.update(start=f"{r['start']}T00:00:00Z") for r in c["intervals"]] and None)),
    Mutant("weeks are labelled by number", "cbs.shape-reply-rates", after=edit(RATES)(lambda c, _: [r.update(start="2026-W01") for r in c["intervals"]] and None)),
    Mutant("start is exclusive", "cbs.S-15", patched=_cut_without("start"), after=_said),
    Mutant("end is exclusive", "cbs.S-15", patched=_cut_without("end"), after=_said),
    Mutant("the range ends a millisecond late", "cbs.S-1", before=shifted("end_time", 1), after=_said),
    Mutant("the range begins a millisecond early", "cbs.S-1", before=shifted("start_time", -1), after=_said),
    Mutant("weeks of reply-rates begin on Sunday", "cbs.R-10", after=relabelled(lambda day, r: day - timedelta(1) if r.says(RATES) else day, "week")),
    Mutant("weeks of session-stats begin on Sunday", "cbs.S-12", after=relabelled(lambda day, r: day - timedelta(1) if r.says(STATS) else day, "week")),
    Mutant("months of reply-rates are labelled with their last day", "cbs.R-10", after=relabelled(lambda day, r: (day + timedelta(31)).replace(day=1) - timedelta(1) if r.says(RATES) else day, "month")),
    Mutant("years of reply-rates are labelled with their last day", "cbs.R-10", after=relabelled(lambda day, r: day.replace(month=12, day=31) if r.says(RATES) else day, "year")),
    Mutant("days of reply-rates are labelled one late", "cbs.R-10", after=relabelled(lambda day, r: day + timedelta(1) if r.says(RATES) else day, "day")),
    Mutant("zones west of UTC are taken for east", "cbs.S-11", patched=offset_of(lambda _, ms: abs(ms))),
    Mutant("minutes of a zone are ignored", "cbs.S-11", patched=offset_of(lambda _, ms: int(ms / 3_600_000) * 3_600_000)),
    Mutant("minutes west of UTC are added the wrong way", "cbs.S-11", patched=offset_of(lambda z, ms: ms if ms >= 0 or z.endswith("00") else ms + 2 * int(z[4:]) * 60_000)),
    Mutant("reply-rates end a millisecond early", "cbs.R-5", before=moved("end_time", -1, RATES), after=_said),
    Mutant("reply-rates begin a millisecond late", "cbs.R-5", before=moved("start_time", 1, RATES), after=_said),
    Mutant("reply-rates end a second late", "cbs.R-5", before=moved("end_time", 1000, RATES), after=_said),
    Mutant("hot questions end a millisecond early", "cbs.Q-direct", before=moved("end_time", -1, HOTS)),
    Mutant("hot questions begin a millisecond late", "cbs.Q-direct", before=moved("start_time", 1, HOTS)),
    Mutant("keywords end a millisecond early", "cbs.K-sum", before=moved("end_time", -1, WORDS)),
    Mutant("keywords end a millisecond late", "cbs.K-sum", before=moved("end_time", 1, WORDS)),
    Mutant("an empty day stands at the end", "cbs.S-9", after=_empty_at_the_end),
    Mutant("an empty month stands at the end", "cbs.R-10", after=_empty_at_the_end),
    Mutant("periods are a millisecond too long", "cbs.S-20", patched=_too_long, world=MIDNIGHT),
    Mutant("months are those of UTC", "cbs.S-20", after=grouped("UTC", "month", STATS)),
    Mutant("months of reply-rates are those of UTC", "cbs.R-10", after=grouped("UTC", "month", RATES)),
    Mutant("months are always those of China", "cbs.S-20", after=grouped("+08:00", "month", STATS)),
    Mutant("weeks are those of UTC", "cbs.S-20", after=grouped("UTC", "week", *BOTH)),
    Mutant("years are those of UTC", "cbs.S-20", after=grouped("UTC", "year", *BOTH), world={"dataset": "year-boundary", "now": None}),
    Mutant("a range takes in the whole second it ends in", "cbs.S-1", before=whole_seconds("end_time", 999), after=_said, world=MIDNIGHT),
    Mutant("a range takes in the whole second it begins in", "cbs.S-15", before=whole_seconds("start_time", 0), after=_said),
    Mutant("who asks after midnight is a user of both days", "cbs.S-20", patched=replaced("session_stats", _users_of_both_days), world=EDGES),
    Mutant("questions belong to the day of their session", "cbs.R-10", patched=replaced("reply_rates", _questions_of_sessions), world=EDGES),
    # defaults and echoes
    Mutant("endutc is stale", "cbs.S-13", after=top_level("endutc", lambda c, r: c["endutc"] - (0 if "end_time" in r.query else 1000), STATS)),
    Mutant("endutc is the last session", "cbs.S-13", after=top_level("endutc", lambda c, _: c["endutc"] // 86_400_000 * 86_400_000 - 1, RATES)),
    Mutant("startutc is the first session", "cbs.S-14", after=top_level("startutc", lambda c, _: c["startutc"] + 1, STATS)),
    Mutant("without start_time the last week is meant", "cbs.D-1", patched=replaced("resolve", lambda f: lambda q, n, _: f(q, n, "week"))),
    Mutant("session-stats needs no interval", "cbs.D-2", before=query_changed(lambda q: q.setdefault("interval", "day"), STATS)),
    Mutant("an empty interval is a day", "http.empty-parameter", before=query_changed(lambda q: q.update(interval="day") if q.get("interval") == "" else 0, STATS)),
    Mutant("without interval weeks are meant", "cbs.D-2", before=query_changed(lambda q: q.setdefault("interval", "week"), RATES)),
    Mutant("without interval months are meant, but day is said", "cbs.D-2", before=query_changed(lambda q: q.setdefault("interval", "month"), RATES), after=top_level("interval", lambda _, r: r.query.get("interval") or "day", RATES)),
    Mutant("without time_zone +08:00 is meant", "cbs.D-5", before=query_changed(lambda q: q.setdefault("time_zone", "+08:00"), *BOTH)),
    Mutant("UTC is said where utc was", "cbs.D-5", after=top_level("time_zone", lambda c, _: c["time_zone"].upper(), STATS)),
    Mutant("reply-rates say utc by default", "cbs.D-5", after=top_level("time_zone", lambda c, r: c["time_zone"] if "time_zone" in r.query else "utc", RATES)),
    Mutant("time_zone is said in lower case", "cbs.zone-echo", after=_lower_zone),
    Mutant("time_zone is said without colon", "cbs.zone-echo", after=top_level("time_zone", lambda c, _: c["time_zone"].replace(":", ""), STATS)),
    Mutant("years are refused", "cbs.D-3", before=query_changed(lambda q: q.update(interval="years") if q.get("interval") == "year" else None, *BOTH)),
    Mutant("five hot questions by default", "cbs.hots-top", before=query_changed(lambda q: q.setdefault("top", "5"), HOTS)),
    Mutant("twenty keywords by default", "cbs.keywords-top", before=query_changed(lambda q: q.setdefault("top", "20"), WORDS)),
    Mutant("UTC is said for +00:00", "cbs.zone-echo", after=top_level("time_zone", lambda c, _: c["time_zone"].replace("+00:00", "UTC"), *BOTH)),
    Mutant("utc is said as UTC when it was asked for", "cbs.zone-echo", after=top_level("time_zone", lambda c, r: "UTC" if r.query.get("time_zone") == "utc" else c["time_zone"], STATS)),
    Mutant("an end in the future is said to be now", "cbs.S-13", after=top_level("endutc", lambda c, _: min(c["endutc"], 1_795_305_600_000), STATS)),
    Mutant("startutc is in seconds", "cbs.S-14", after=top_level("startutc", lambda c, _: c["startutc"] // 1000, STATS)),
    Mutant("endutc of now is in whole seconds", "cbs.S-13", after=top_level("endutc", lambda c, r: c["endutc"] if "end_time" in r.query else c["endutc"] - 1, RATES)),
]  # fmt: skip
