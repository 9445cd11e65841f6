"""Servers that are right but for one small thing.

Most are a wrapper around the healthy application that rewrites what passes through it; those whose deviation
lies deeper replace one function of mockcbs while they run.
"""

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, unquote, urlencode

import simplejson
from flask import Flask
from werkzeug.http import http_date
from werkzeug.test import run_wsgi_app

from mockcbs.cbs import statistics
from mockcbs.iam.identity import DEFAULT_PROJECT
from mockcbs.iam.tokens import Token, TokenMint
from tests.conftest import NOW

Environ = dict[str, Any]

TOKEN = TokenMint("mockcbs").issue(Token("mockcbs", "mockcbs", NOW, DEFAULT_PROJECT, "cn-north-4"))
"""A good token."""


@dataclass
class Response:
    """An answer on its way through a mutant."""

    environ: Environ
    status: int
    headers: dict[str, str]
    body: bytes
    ask: Callable[[str], Any]
    """Asks the healthy application the same operation with another query."""

    @property
    def path(self) -> str:
        """What was asked for."""
        return str(self.environ["PATH_INFO"])

    @property
    def query(self) -> dict[str, str]:
        """With which parameters."""
        return dict(parse_qsl(self.environ["QUERY_STRING"]))

    @property
    def code(self) -> str:
        """The code of a failure."""
        found = re.search(rb'"error_code":"([^"]*)"', self.body)
        return found[1].decode() if found else ""

    def says(self, *words: str) -> bool:
        """Whether it is a good answer of one of these operations."""
        return self.status == 200 and self.path.endswith(words)


Before = Callable[[Environ], None]
After = Callable[[Response], None]


@dataclass(frozen=True)
class Mutant:
    """One deviation."""

    name: str
    clause: str
    """The clause that must break."""
    before: Before | None = None
    after: After | None = None
    patched: Callable[[], AbstractContextManager[Any]] = field(default=nullcontext)
    writes: bool = False
    """Whether the kit must ask questions to find it."""
    wire: bool = False
    """Whether it lies in what only servers add: a date."""
    dataset: str = "everyday"

    def application(self, healthy: Flask) -> Any:
        """The server with its deviation."""

        def app(environ: Environ, start_response: Any) -> Any:
            original = dict(environ)
            if self.before:
                self.before(environ)

            def ask(text: str) -> Any:
                again = {**original, "QUERY_STRING": text, "REQUEST_URI": "", "wsgi.input": io.BytesIO()}
                return loads(b"".join(run_wsgi_app(healthy, again)[0]))

            body, status, headers = run_wsgi_app(healthy, environ, buffered=True)
            response = Response(original, int(status[:3]), dict(headers), b"".join(body), ask)
            if self.wire:
                response.headers["Date"] = http_date()
            if self.after:
                self.after(response)
            response.headers["Content-Length"] = str(len(response.body))
            start_response(f"{response.status} X", list(response.headers.items()))
            return [response.body]

        return app


def loads(body: bytes) -> Any:
    return simplejson.loads(body, use_decimal=True)


def dumps(content: Any) -> bytes:
    return simplejson.dumps(content, use_decimal=True, ensure_ascii=False, separators=(",", ":")).encode()


def edit(*operations: str) -> Callable[[Callable[[Any, Response], Any]], After]:
    """A deviation of the good answers of some operations."""

    def wrap(change: Callable[[Any, Response], Any]) -> After:
        def after(response: Response) -> None:
            if response.says(*operations):
                content = loads(response.body)
                changed = change(content, response)
                response.body = dumps(content if changed is None else changed)

        return after

    return wrap


STATS, RATES, HOTS, WORDS = "session-stats", "reply-rates", "hots", "keywords"
BOTH = (STATS, RATES)
ALL = (STATS, RATES, HOTS, WORDS)


def figures(content: Any) -> list[dict[str, Any]]:
    return [content["total"], *content["intervals"]]


def requantized(places: str, rounding: str) -> Callable[[Any, Response], None]:
    """Averages and rates rounded again; only good for what does not need the exact quotient."""

    def change(content: Any, _: Response) -> None:
        for row in figures(content):
            for name, value in row.items():
                if isinstance(value, Decimal):
                    row[name] = value.quantize(Decimal(places), rounding)

    return change


def rounding(mode: str) -> Callable[[], AbstractContextManager[Any]]:
    """Quotients rounded in another way."""

    def rounded(numerator: int, denominator: int, places: int) -> Decimal:
        exact = Decimal(numerator) / denominator if denominator else Decimal(0)
        return exact.quantize(Decimal(1).scaleb(-places), mode)

    return lambda: patch.object(statistics, "rounded", rounded)


def replaced(function: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    """A function of the statistics, replaced by what *make* makes of it."""
    return lambda: patch.object(statistics, function, make(getattr(statistics, function)))


def each_row(name: str, change: Callable[[dict[str, Any]], Any], *operations: str) -> After:
    """One member of every set of figures, changed."""

    @edit(*operations)
    def after(content: Any, _: Response) -> None:
        for row in figures(content):
            row[name] = change(row)

    return after


def only_total(name: str, change: Callable[[Any], Any], *operations: str) -> After:
    """One member of the total, computed from the whole answer."""

    @edit(*operations)
    def after(content: Any, _: Response) -> None:
        content["total"][name] = change(content)

    return after


def top_level(name: str, change: Callable[[Any, Response], Any], *operations: str) -> After:
    """One top-level member, changed."""

    @edit(*operations)
    def after(content: Any, response: Response) -> None:
        content[name] = change(content, response)

    return after


def query_changed(change: Callable[[dict[str, str]], None], *tails: str) -> Before:
    """Parameters misread."""

    def before(environ: Environ) -> None:
        if environ["PATH_INFO"].endswith(tails or ALL) and not environ.get("HTTP_AUTHORIZATION"):
            query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
            change(query)
            environ["QUERY_STRING"] = urlencode(query)

    return before


def on_error(code: str, change: Callable[[Response], None]) -> After:
    """A deviation of one kind of failure."""

    def after(response: Response) -> None:
        if response.code == code:
            change(response)

    return after


def member(name: str, value: Any) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        content = loads(response.body)
        if value is None:
            del content[name]
        else:
            content[name] = value
        response.body = dumps(content)

    return change


def status(number: int) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.status = number

    return change


def body(text: bytes, kind: str = "application/json") -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.body, response.headers["Content-Type"] = text, kind

    return change


def header(name: str, value: str | None) -> After:
    def after(response: Response) -> None:
        response.headers.pop(name, None)
        if value is not None:
            response.headers[name] = value

    return after


def relabelled(change: Callable[[date, Response], date], *intervals: str) -> After:
    """Periods under other labels."""

    @edit(*BOTH)
    def after(content: Any, response: Response) -> None:
        if content["interval"] in intervals:
            for row in content["intervals"]:
                row["start"] = change(date.fromisoformat(row["start"]), response).isoformat()

    return after


def accepting(**parameters: str) -> Before:
    """Bad values of some parameters taken for good ones."""
    good = {
        "interval": "day",
        "time_zone": "UTC",
        "start_time": "0",
        "end_time": "1",
        "top": "10",
        "exclude": "false",
    }

    def change(query: dict[str, str]) -> None:
        for name, pattern in parameters.items():
            if re.fullmatch(pattern, query.get(name, "")):
                query[name] = good[name]

    return query_changed(change)


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


@edit(STATS)
def _users_summed_by_day(content: Any, response: Response) -> None:
    query = {**response.query, "interval": "day"}
    days = response.ask(urlencode(query))
    content["total"]["user_count"] = sum(day["user_count"] for day in days["intervals"])


@edit(STATS)
def _mean_of_means(content: Any, _: Response) -> None:
    rows = content["intervals"]
    for name in ("avg_request_count", "avg_session_time"):
        if rows:
            content["total"][name] = (sum(row[name] for row in rows) / len(rows)).quantize(Decimal("0.001"))


@edit(STATS)
def _idle_time_added(content: Any, _: Response) -> None:
    for row in figures(content):
        if row["session_count"]:
            row["avg_session_time"] += 120_000


@edit(STATS)
def _seconds(content: Any, _: Response) -> None:
    for row in figures(content):
        row["avg_session_time"] = (row["avg_session_time"] / 1000).quantize(Decimal("0.001"))


@edit(RATES)
def _rates_as_percent(content: Any, _: Response) -> None:
    for row in figures(content):
        for name in row:
            if name.endswith("_rate"):
                row[name] = (100 * row[name]).quantize(Decimal("0.001"))


@edit(RATES)
def _rates_of_matched(content: Any, _: Response) -> None:
    for row in figures(content):
        matched = row["question_count"] - row["notmatch_count"]
        if matched:
            row["direct_rate"] = min(Decimal(1), Decimal(row["direct_count"]) / matched).quantize(
                Decimal("0.001")
            )


@edit(RATES)
def _rates_of_total_averaged(content: Any, _: Response) -> None:
    rows = content["intervals"]
    if rows:
        mean = sum(row["direct_rate"] for row in rows) / len(rows)
        content["total"]["direct_rate"] = mean.quantize(Decimal("0.001"))


@edit(STATS)
def _time_as_float(content: Any, _: Response) -> None:
    for row in figures(content):
        row["avg_session_time"] = float(row["avg_session_time"])


@edit(*BOTH)
def _counts_as_floats(content: Any, _: Response) -> None:
    for row in figures(content):
        for name, value in row.items():
            if name.endswith("_count") and isinstance(value, int):
                row[name] = float(value)


@edit(*BOTH)
def _decimals_as_text(content: Any, _: Response) -> None:
    for row in figures(content):
        for name, value in row.items():
            if isinstance(value, Decimal):
                row[name] = str(value)


@edit(STATS)
def _rounds_rounded_twice(content: Any, _: Response) -> None:
    for row in figures(content):
        row["avg_request_count"] = (
            row["avg_request_count"].quantize(Decimal("0.1")).quantize(Decimal("0.001"))
        )


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
            low, high = asked.start, asked.end
            return Hidden(low + (edge == "start"), high - (edge == "end"), asked.now, low, high)

        return resolve

    return replaced("resolve", make)


@dataclass(frozen=True)
class Hidden(statistics.Range):
    """A range that says other ends than it has."""

    said_start: int
    said_end: int


def _said_ends(response: Response) -> None:
    """Print the ends that were asked for."""
    if response.says(*BOTH):
        content = loads(response.body)
        for name, parameter in (("startutc", "start_time"), ("endutc", "end_time")):
            if parameter in response.query:
                content[name] = int(response.query[parameter])
        response.body = dumps(content)


def _reversed_list(name: str, operation: str) -> After:
    @edit(operation)
    def after(content: Any, _: Response) -> None:
        content[name].reverse()

    return after


def _unsorted_intervals() -> After:
    @edit(*BOTH)
    def after(content: Any, _: Response) -> None:
        content["intervals"].sort(key=lambda row: row["start"][-1])

    return after


@edit(STATS)
def _users_are_sessions(content: Any, _: Response) -> None:
    for row in figures(content):
        row["user_count"] = row["session_count"]


@edit(STATS)
def _anonymous_is_a_user_each_day(content: Any, _: Response) -> None:
    content["total"]["user_count"] += len(content["intervals"])


@edit(HOTS)
def _least_hot_first(content: Any, response: Response) -> None:
    everything = response.ask(urlencode({**response.query, "top": "20"}))["questions"][::-1]
    content["questions"] = everything[: int(response.query.get("top", "10"))]


@edit(HOTS)
def _domain_ignored(content: Any, response: Response) -> None:
    if "domain" in response.query:
        rest = {name: value for name, value in response.query.items() if name != "domain"}
        content["questions"] = response.ask(urlencode(rest))["questions"]


@edit(RATES)
def _rates_ignore_domain(content: Any, response: Response) -> None:
    if "domain" in response.query:
        rest = {name: value for name, value in response.query.items() if name != "domain"}
        content.update(response.ask(urlencode(rest)))


def _any_token(environ: Environ) -> None:
    if environ.get("HTTP_X_AUTH_TOKEN"):
        environ["HTTP_X_AUTH_TOKEN"] = TOKEN


def _path(change: Callable[[str], str]) -> Before:
    def before(environ: Environ) -> None:
        environ["PATH_INFO"] = change(environ["PATH_INFO"])

    return before


def _method(environ: Environ) -> None:
    if environ["REQUEST_METHOD"] in {"POST", "PUT"} and environ["PATH_INFO"].endswith(ALL):
        environ["REQUEST_METHOD"] = "GET"


def _to_405(response: Response) -> None:
    if response.environ["REQUEST_METHOD"] != "GET" and response.status == 404:
        response.status = 405


def _redirect(response: Response) -> None:
    if response.path.endswith("/"):
        response.status, response.headers["Location"] = 308, response.path.rstrip("/")


def _counter() -> After:
    count = iter(range(10**9))

    @edit(*ALL)
    def after(content: Any, _: Response) -> None:
        if "total" in content:
            content["total"]["user_count" if "user_count" in content["total"] else "chat_count"] += (
                next(count) % 2
            )

    return after


def _missing(name: str, *operations: str) -> After:
    @edit(*operations)
    def after(content: Any, _: Response) -> None:
        content.pop(name, None)
        for row in figures(content) if "total" in content else []:
            row.pop(name, None)

    return after


def _renamed(old: str, new: str, *operations: str) -> After:
    @edit(*operations)
    def after(content: Any, _: Response) -> Any:
        return loads(dumps(content).replace(f'"{old}":'.encode(), f'"{new}":'.encode()))

    return after


def _extra(*operations: str) -> After:
    return top_level("debug", lambda *_: 1, *operations)


def _issued_for(hours: int) -> After:
    def after(response: Response) -> None:
        if response.path.endswith("/auth/tokens") and response.status == 201:
            content = loads(response.body)
            day = content["token"]["issued_at"]
            content["token"]["expires_at"] = f"{day[:11]}{(int(day[11:13]) + hours) % 24:02d}{day[13:]}"
            response.body = dumps(content)

    return after


def _iam(change: Callable[[Any], None], wanted: int = 201) -> After:
    def after(response: Response) -> None:
        if response.path.startswith("/v3/") and response.status == wanted:
            content = loads(response.body)
            change(content)
            response.body = dumps(content)

    return after


def _flat_envelope(response: Response) -> None:
    if response.path.startswith("/v3/") and response.status in {400, 401} and b'"error":' in response.body:
        response.body = json.dumps(loads(response.body)["error"]).encode()


def _filtered(response: Response) -> None:
    if response.path.endswith("/v3/projects"):
        content = loads(response.body)
        content["projects"] = content["projects"] * 2
        response.body = dumps(content)


def _word_counts_questions_once(content: Any, response: Response) -> None:
    for place, row in enumerate(content["keywords"]):
        row["freq"] += 1 if place == 0 and "start_time" in response.query else 0


def _lower_zone(response: Response) -> None:
    if response.says(*BOTH):
        content = loads(response.body)
        content["time_zone"] = content["time_zone"].lower()
        response.body = dumps(content)


def _html(response: Response) -> None:
    if response.status == 404:
        response.body = b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1>"
        response.headers["Content-Type"] = "text/html; charset=utf-8"


def _pretty(response: Response) -> None:
    response.body = simplejson.dumps(
        loads(response.body), use_decimal=True, indent=2, ensure_ascii=False
    ).encode()


def _blanks(response: Response) -> None:
    response.body = simplejson.dumps(loads(response.body), use_decimal=True, ensure_ascii=False).encode()


def _latin(response: Response) -> None:
    if response.says(HOTS):
        response.body = response.body.decode().encode("gbk", "replace")


def _other_id_in_body(response: Response) -> None:
    response.headers["X-Request-Id"] = response.headers["X-Request-Id"][::-1]


def _fresh_id(response: Response) -> None:
    response.headers["X-Request-Id"] = "d4ec6e33148bdeffe8f55b43472d1251"


def _utc_labels(original: Any) -> Any:
    def buckets(interval: str, offset: int, first: int, last: int) -> Any:
        del offset
        return original(interval, 0, first, last)

    return buckets


def _clamped_labels(day: date, response: Response) -> date:
    start = int(response.query.get("start_time", 0)) // 86_400_000
    return max(day, date(1970, 1, 1) + timedelta(start))


def _truthy(environ: Environ) -> None:
    text = unquote(environ["QUERY_STRING"])
    if "domain=mockcbs-" in text:
        environ["QUERY_STRING"] = "interval=no&" + environ["QUERY_STRING"]


def _clipped_sessions() -> Callable[[], AbstractContextManager[Any]]:
    """Sessions of which only the rounds inside the range count."""

    def make(original: Any) -> Any:
        def session_stats(bot: Any, asked: Any, query: Any) -> Any:
            return original(bot, type(asked)(asked.start, asked.end, min(asked.now, asked.end)), query)

        return session_stats

    return replaced("session_stats", make)


R1 = Decimal("0.001")

MUTANTS = [
    # figures of session-stats
    Mutant(
        "total users are the sum of the periods",
        "cbs.S-18",
        after=only_total("user_count", lambda c: sum(r["user_count"] for r in c["intervals"]), STATS),
    ),
    Mutant("total users are the sum of the days", "cbs.single-period", after=_users_summed_by_day),
    Mutant(
        "total users are the greatest period",
        "cbs.S-18",
        after=only_total(
            "user_count", lambda c: max((r["user_count"] for r in c["intervals"]), default=0), STATS
        ),
    ),
    Mutant("users are sessions", "cbs.S-2-people", after=_users_are_sessions),
    Mutant(
        "somebody unknown counts as one more user each day", "cbs.S-18", after=_anonymous_is_a_user_each_day
    ),
    Mutant("averages are not weighted", "cbs.S-4", after=_mean_of_means),
    Mutant("the idle timeout is added to durations", "cbs.S-7", after=_idle_time_added),
    Mutant(
        "durations are doubled",
        "cbs.S-16",
        after=each_row("avg_session_time", lambda r: 2 * r["avg_session_time"], STATS),
    ),
    Mutant("durations are in seconds", "cbs.S-8", after=_seconds),
    Mutant("rounds are rounded to one decimal", "cbs.S-3", after=_rounds_rounded_twice),
    Mutant(
        "rounds do not count the first question",
        "cbs.S-3",
        after=each_row("avg_request_count", lambda r: max(0 * R1, r["avg_request_count"] - 1), STATS),
    ),
    Mutant(
        "total sessions leave out the last period",
        "cbs.S-1",
        after=only_total(
            "session_count", lambda c: sum(r["session_count"] for r in c["intervals"][:-1]), STATS
        ),
    ),
    Mutant(
        "sessions are counted per period of their rounds",
        "cbs.S-1",
        after=each_row("session_count", lambda r: r["session_count"] + (1 if "start" in r else 0), STATS),
    ),
    Mutant("sessions are clipped to the range", "cbs.S-15", patched=_clipped_sessions()),
    # rounding and numbers
    Mutant("quotients are truncated", "cbs.R-2", patched=rounding(ROUND_DOWN)),
    Mutant("averages are truncated", "cbs.S-3", patched=rounding(ROUND_DOWN)),
    Mutant("ties are rounded to even", "cbs.number-ties", patched=rounding(ROUND_HALF_EVEN)),
    Mutant("ties are rounded down", "cbs.number-ties", patched=rounding(ROUND_HALF_DOWN)),
    Mutant("two decimals", "cbs.number-decimals", after=edit(*BOTH)(requantized("0.01", ROUND_HALF_EVEN))),
    Mutant("four decimals", "cbs.number-decimals", after=edit(*BOTH)(requantized("0.0001", ROUND_HALF_EVEN))),
    Mutant("trailing zeros are dropped", "cbs.number-decimals", after=_time_as_float),
    Mutant("counts are floats", "cbs.number-integers", after=_counts_as_floats),
    Mutant("averages are strings", "cbs.number-decimals", after=_decimals_as_text),
    Mutant(
        "startutc is a string",
        "cbs.number-integers",
        after=top_level("startutc", lambda c, _: str(c["startutc"]), STATS),
    ),
    Mutant(
        "endutc is in seconds", "cbs.S-13", after=top_level("endutc", lambda c, _: c["endutc"] // 1000, RATES)
    ),
    # periods
    Mutant("empty periods are listed", "cbs.S-9", after=_fill_gaps),
    Mutant("weeks begin on Sunday", "cbs.S-12", patched=_periods("buckets", _sunday_weeks)),
    Mutant(
        "weeks are labelled with their Sunday",
        "cbs.S-12",
        after=relabelled(lambda day, _: day + timedelta(6), "week"),
    ),
    Mutant(
        "months are labelled with their last day",
        "cbs.S-12",
        after=relabelled(lambda day, _: (day + timedelta(31)).replace(day=1) - timedelta(1), "month"),
    ),
    Mutant(
        "years are labelled with the first of February",
        "cbs.S-12",
        after=relabelled(lambda day, _: day.replace(month=2), "year"),
    ),
    Mutant(
        "days are labelled one late", "cbs.S-11", after=relabelled(lambda day, _: day + timedelta(1), "day")
    ),
    Mutant(
        "labels are clamped to the range",
        "cbs.S-12",
        after=relabelled(_clamped_labels, "week", "month", "year"),
    ),
    Mutant("days are those of UTC", "cbs.S-11", patched=_periods("buckets", _utc_labels)),
    Mutant("periods are not sorted", "cbs.S-10", after=_unsorted_intervals()),
    Mutant(
        "periods descend", "cbs.S-10", after=top_level("intervals", lambda c, _: c["intervals"][::-1], STATS)
    ),
    Mutant(
        "labels are instants",
        "cbs.shape-session-stats",
        after=edit(STATS)(
            lambda c, _: [r.update(start=f"{r['start']}T00:00:00Z") for r in c["intervals"]] and None
        ),
    ),
    Mutant(
        "weeks are labelled by number",
        "cbs.shape-reply-rates",
        after=edit(RATES)(lambda c, _: [r.update(start="2026-W01") for r in c["intervals"]] and None),
    ),
    Mutant("start is exclusive", "cbs.S-15", patched=_cut_without("start"), after=_said_ends),
    Mutant("end is exclusive", "cbs.S-15", patched=_cut_without("end"), after=_said_ends),
    Mutant("the range ends a millisecond late", "cbs.S-1", before=shifted("end_time", 1), after=_said_ends),
    Mutant(
        "the range begins a millisecond early", "cbs.S-1", before=shifted("start_time", -1), after=_said_ends
    ),
    # defaults and echoes
    Mutant(
        "endutc is stale",
        "cbs.S-13",
        after=top_level("endutc", lambda c, r: c["endutc"] - (0 if "end_time" in r.query else 1000), STATS),
    ),
    Mutant(
        "endutc is the last session",
        "cbs.S-13",
        after=top_level("endutc", lambda c, _: c["endutc"] // 86_400_000 * 86_400_000 - 1, RATES),
    ),
    Mutant(
        "startutc is the first session",
        "cbs.S-14",
        after=top_level("startutc", lambda c, _: c["startutc"] + 1, STATS),
    ),
    Mutant(
        "without start_time the last week is meant",
        "cbs.D-1",
        patched=replaced("resolve", lambda f: lambda q, n, _: f(q, n, "week")),
    ),
    Mutant(
        "without interval weeks are meant",
        "cbs.D-2",
        before=query_changed(lambda q: q.setdefault("interval", "week"), *BOTH),
    ),
    Mutant(
        "without interval months are meant, but day is said",
        "cbs.D-2",
        before=query_changed(lambda q: q.setdefault("interval", "month"), *BOTH),
        after=top_level("interval", lambda _, r: r.query.get("interval") or "day", *BOTH),
    ),
    Mutant(
        "without time_zone +08:00 is meant",
        "cbs.D-5",
        before=query_changed(lambda q: q.setdefault("time_zone", "+08:00"), *BOTH),
    ),
    Mutant(
        "UTC is said where utc was",
        "cbs.D-5",
        after=top_level("time_zone", lambda c, _: c["time_zone"].upper(), STATS),
    ),
    Mutant("time_zone is said in lower case", "cbs.zone-echo", after=_lower_zone),
    Mutant(
        "time_zone is said without colon",
        "cbs.zone-echo",
        after=top_level("time_zone", lambda c, _: c["time_zone"].replace(":", ""), STATS),
    ),
    Mutant(
        "years are refused",
        "cbs.D-3",
        before=query_changed(
            lambda q: q.update(interval="years") if q.get("interval") == "year" else None, *BOTH
        ),
    ),
    Mutant(
        "five hot questions by default",
        "cbs.hots-top",
        before=query_changed(lambda q: q.setdefault("top", "5"), HOTS),
    ),
    Mutant(
        "twenty keywords by default",
        "cbs.keywords-top",
        before=query_changed(lambda q: q.setdefault("top", "20"), WORDS),
    ),
    # refusals
    Mutant(
        "unknown intervals are taken for days",
        "cbs.bad-interval",
        before=accepting(interval="hour|minute|quarter"),
    ),
    Mutant("intervals in any letter case", "cbs.interval-case", before=accepting(interval="DAY|Week")),
    Mutant("IANA zones are accepted", "cbs.bad-zone", before=accepting(time_zone="Asia/Shanghai")),
    Mutant("an unencoded plus is accepted", "cbs.D-6", before=accepting(time_zone=" 08:00")),
    Mutant("zones beyond 18 hours are accepted", "cbs.bad-zone", before=accepting(time_zone=r"[+-]1[89]:.*")),
    Mutant(
        "negative instants are accepted", "cbs.bad-time", before=accepting(start_time="-1", end_time="-1")
    ),
    Mutant(
        "fractions of instants are accepted",
        "cbs.bad-time",
        before=accepting(start_time=r"1\.5", end_time=r"1\.5"),
    ),
    Mutant(
        "instants of any length are accepted",
        "cbs.bad-time",
        before=accepting(start_time=r"\d{19,}", end_time=r"\d{19,}"),
    ),
    Mutant(
        "reversed ranges are empty, not wrong",
        "cbs.reversed",
        before=query_changed(
            lambda q: (
                q.update(start_time="0", end_time="1") if q.get("start_time") == "1613059200001" else None
            )
        ),
    ),
    Mutant(
        "top=0 of hot questions is accepted",
        "cbs.hots-top",
        before=query_changed(lambda q: q.update(top="1") if q.get("top") == "0" else None, HOTS),
    ),
    Mutant(
        "top=21 of hot questions is accepted",
        "cbs.hots-top",
        before=query_changed(lambda q: q.update(top="20") if q.get("top") == "21" else None, HOTS),
    ),
    Mutant(
        "top=51 of keywords is accepted",
        "cbs.keywords-top",
        before=query_changed(lambda q: q.update(top="50") if q.get("top") == "51" else None, WORDS),
    ),
    Mutant(
        "top=0 of keywords is refused",
        "cbs.D-8",
        before=query_changed(lambda q: q.update(top="99") if q.get("top") == "0" else None, WORDS),
    ),
    Mutant("exclude may be yes", "cbs.hots-exclude", before=accepting(exclude="yes")),
    Mutant(
        "eleven domain ids are accepted",
        "cbs.domain-ids",
        before=query_changed(
            lambda q: q.update(domain_id="a") if q.get("domain_id", "").count(";") == 10 else None, HOTS
        ),
    ),
    Mutant("a bad parameter is 422", "cbs.bad-time", after=on_error("CBS.0021", status(422))),
    Mutant(
        "a bad parameter names itself",
        "cbs.bad-parameter",
        after=on_error("CBS.0021", member("error_msg", "start_time: invalid")),
    ),
    Mutant(
        "a bad parameter has a code without prefix",
        "cbs.bad-parameter",
        after=on_error("CBS.0021", member("error_code", "0021")),
    ),
    Mutant(
        "a bad parameter is in the envelope of the gateway",
        "http.service-envelope",
        after=on_error("CBS.0021", member("request_id", "1")),
    ),
    Mutant(
        "a bad parameter is answered with 200", "cbs.bad-interval", after=on_error("CBS.0021", status(200))
    ),
    Mutant("an unknown bot is 404", "cbs.D-13", after=on_error("CBS.2114", status(404))),
    Mutant("an unknown category is an error", "cbs.shape-success", before=_truthy),
    # HTTP
    Mutant("a wrong method is 405", "http.wrong-method", after=_to_405),
    Mutant("POST is taken for GET", "http.wrong-method", before=_method),
    Mutant("an unknown path has an HTML page", "http.json", after=_html),
    Mutant(
        "an unknown path has another message",
        "http.unknown-path",
        after=on_error("APIG.0101", member("error_msg", "Not Found")),
    ),
    Mutant(
        "an unknown path has the code of APIGW",
        "http.code-prefix",
        after=on_error("APIG.0101", member("error_code", "APIGW.0101")),
    ),
    Mutant("a trailing slash is redirected", "http.no-redirect", after=_redirect),
    Mutant("a trailing slash is overlooked", "http.trailing-slash", before=_path(lambda p: p.rstrip("/"))),
    Mutant(
        "misspelt paths are served",
        "cbs.D-15",
        before=_path(lambda p: p.replace("qa-pairs/session_stats", "requests/session-stats")),
    ),
    Mutant("no request id", "http.request-id", after=header("X-Request-Id", None)),
    Mutant(
        "request ids are UUIDs",
        "http.request-id",
        after=header("X-Request-Id", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"),
    ),
    Mutant("one request id for all", "http.request-id-fresh", after=_fresh_id),
    Mutant("another request id in the body", "http.gateway-envelope", after=_other_id_in_body),
    Mutant(
        "gateway errors lack the request id",
        "http.gateway-envelope",
        after=on_error("APIG.0101", member("request_id", None)),
    ),
    Mutant("another server", "http.server", after=header("Server", "nginx")),
    Mutant("text/plain", "http.json", after=header("Content-Type", "text/plain")),
    Mutant("GBK", "http.json", after=_latin),
    Mutant("pretty JSON", "http.one-line", after=_pretty),
    Mutant("blanks after colons", "http.one-line", after=_blanks),
    Mutant("timings unasked", "http.timings", after=header("X-Apig-Latency", "1")),
    Mutant("no timings when asked", "http.timings", before=lambda e: e.pop("HTTP_X_APIG_MODE", None)),
    Mutant(
        "a GET needs a content type",
        "http.content-type",
        after=lambda r: status(415)(r) if not r.environ.get("CONTENT_TYPE") else None,
    ),
    Mutant(
        "the last of repeated values wins",
        "http.repeated-parameter",
        before=lambda e: (
            e.update(QUERY_STRING=urlencode(dict(parse_qsl(e["QUERY_STRING"]))))
            if not e.get("HTTP_AUTHORIZATION")
            else None
        ),
    ),
    Mutant(
        "an empty parameter is bad",
        "http.empty-parameter",
        before=lambda e: (
            e.update(QUERY_STRING=e["QUERY_STRING"] + "&start_time=-")
            if re.search(r"=(&|$)", e["QUERY_STRING"]) and "start_time=&" not in e["QUERY_STRING"]
            else None
        ),
        after=lambda r: status(400)(r) if re.search(r"=(&|$)", r.environ["QUERY_STRING"]) else None,
    ),
    Mutant(
        "an unknown parameter is bad",
        "http.unknown-parameter",
        after=lambda r: status(400)(r) if "limit" in r.query else None,
    ),
    # members
    Mutant("endutc is missing", "cbs.shape-session-stats", after=_missing("endutc", STATS)),
    Mutant("dialog_count is missing", "cbs.shape-reply-rates", after=_missing("dialog_count", RATES)),
    Mutant(
        "avg_session_time is renamed",
        "cbs.shape-session-stats",
        after=_renamed("avg_session_time", "avg_session_duration", STATS),
    ),
    Mutant("intervals is renamed", "cbs.shape-reply-rates", after=_renamed("intervals", "periods", RATES)),
    Mutant("camelCase", "cbs.shape-keywords", after=_renamed("keywords", "keyWords", WORDS)),
    Mutant(
        "no domain on hot questions",
        "cbs.shape-hots",
        after=edit(HOTS)(lambda c, _: [q.pop("domain") for q in c["questions"]] and None),
    ),
    Mutant(
        "intervals is null when empty",
        "cbs.shape-session-stats",
        after=top_level("intervals", lambda c, _: c["intervals"] or None, STATS),
    ),
    Mutant("an unknown member", "cbs.shape-extra", after=_extra(*ALL)),
    Mutant(
        "a good answer says error_code",
        "cbs.shape-no-error",
        after=top_level("error_code", lambda *_: "CBS.0000", *ALL),
    ),
    Mutant(
        "good answers are 201", "cbs.shape-success", after=lambda r: status(201)(r) if r.says(WORDS) else None
    ),
    Mutant(
        "answers are wrapped in data", "cbs.shape-reply-rates", after=edit(RATES)(lambda c, _: {"data": c})
    ),
    # reply-rates
    Mutant(
        "chat is not part of the questions",
        "cbs.R-1",
        after=each_row("question_count", lambda r: r["question_count"] - r["chat_count"], RATES),
    ),
    Mutant(
        "dialogues count conversations",
        "cbs.R-1",
        after=each_row("dialog_count", lambda r: r["dialog_count"] // 2, RATES),
    ),
    Mutant("rates are percentages", "cbs.shape-reply-rates", after=_rates_as_percent),
    Mutant("rates are of the matched questions", "cbs.R-2", after=_rates_of_matched),
    Mutant("total rates are means of rates", "cbs.R-2", after=_rates_of_total_averaged),
    Mutant(
        "direct and recommend change places",
        "cbs.Q-direct",
        after=edit(RATES)(
            lambda c, _: (
                [
                    r.update(
                        direct_count=0,
                        notmatch_count=r["notmatch_count"] + r["direct_count"],
                        notmatch_rate=(
                            (r["notmatch_count"] + Decimal(r["direct_count"])) / max(1, r["question_count"])
                        ).quantize(R1),
                        direct_rate=0 * R1,
                    )
                    for r in figures(c)
                ]
                and None
            )
        ),
    ),
    Mutant(
        "total questions leave out the first period",
        "cbs.R-5",
        after=only_total(
            "question_count", lambda c: sum(r["question_count"] for r in c["intervals"][1:]), RATES
        ),
    ),
    Mutant(
        "invalid questions are no questions",
        "cbs.R-6",
        after=edit(RATES)(
            lambda c, _: (
                [
                    r.update(question_count=r["question_count"] - r["invalid_count"], invalid_count=0)
                    for r in figures(c)
                ]
                and None
            )
        ),
    ),
    Mutant("domain is ignored by reply-rates", "cbs.unknown-domain", after=_rates_ignore_domain),
    Mutant(
        "division by zero is one",
        "cbs.R-8",
        after=each_row(
            "direct_rate", lambda r: r["direct_rate"] if r["question_count"] else Decimal("1.000"), RATES
        ),
    ),
    # lists
    Mutant("the least hot come first", "cbs.Q-order", after=_least_hot_first),
    Mutant("hot questions in any order", "cbs.Q-top", after=_reversed_list("questions", HOTS)),
    Mutant("hot questions ignore domain", "cbs.Q-domain", after=_domain_ignored),
    Mutant(
        "hot questions ignore the range",
        "cbs.Q-empty",
        before=query_changed(
            lambda q: (
                (q.pop("start_time", 0), q.pop("end_time", 0))
                if q.get("start_time") == "0" and q.get("end_time") == "1"
                else None
            ),
            HOTS,
        ),
    ),
    Mutant(
        "top of hot questions is ignored",
        "cbs.Q-top",
        before=query_changed(lambda q: q.update(top="20") if q.get("top") == "5" else None, HOTS),
    ),
    Mutant("keywords ascend", "cbs.K-order", after=_reversed_list("keywords", WORDS)),
    Mutant(
        "keywords are repeated",
        "cbs.K-distinct",
        after=edit(WORDS)(lambda c, _: c["keywords"].extend(c["keywords"][:1])),
    ),
    Mutant("frequencies are off by one", "cbs.K-sum", after=edit(WORDS)(_word_counts_questions_once)),
    Mutant(
        "keywords is null when empty",
        "cbs.shape-keywords",
        after=top_level("keywords", lambda c, _: c["keywords"] or None, WORDS),
    ),
    # reads that are not repeatable
    Mutant("figures wobble", "cbs.idempotent", after=_counter()),
    # credentials
    Mutant(
        "a missing token is 403",
        "auth.missing",
        after=lambda r: status(403)(r) if b"x-auth-token not found" in r.body else None,
    ),
    Mutant(
        "a missing token is told by CBS",
        "auth.missing",
        after=lambda r: (
            body(b'{"error_code":"CBS.0012","error_msg":"Authentication information is missing."}')(r)
            if b"x-auth-token not found" in r.body
            else None
        ),
    ),
    Mutant("any token will do", "auth.bad-token", before=_any_token),
    Mutant(
        "a bad token has no detail",
        "auth.undecodable",
        after=lambda r: setattr(r, "body", r.body.replace(b": decrypt token fail", b".")),
    ),
    Mutant(
        "credentials come after parameters",
        "auth.before-parameters",
        after=lambda r: (
            (status(400)(r), body(b'{"error_code":"CBS.0021","error_msg":"request parameter error"}')(r))
            if r.code == "APIG.0301" and "interval=hour" in r.environ["QUERY_STRING"]
            else None
        ),
    ),
    Mutant(
        "credentials come before the path",
        "auth.after-route",
        after=lambda r: (
            status(401)(r) if r.status == 404 and not r.environ.get("HTTP_X_AUTH_TOKEN") else None
        ),
    ),
    Mutant(
        "signatures are not checked",
        "auth.bad-signature",
        patched=lambda: patch("mockcbs.gateway.authentication.hmac.compare_digest", lambda *_: True),
    ),
    Mutant(
        "old signatures are accepted",
        "auth.old-signature",
        patched=lambda: patch("mockcbs.gateway.authentication.TOLERANCE", 10**15),
    ),
    Mutant(
        "signatures do not decode the query",
        "auth.signature",
        before=lambda e: (
            e.update(QUERY_STRING=e["QUERY_STRING"] + "%20", REQUEST_URI="")
            if e.get("HTTP_AUTHORIZATION") and "%" in e["QUERY_STRING"]
            else None
        ),
    ),
    # IAM
    Mutant("a token is 200", "iam.token", after=lambda r: status(200)(r) if r.status == 201 else None),
    Mutant("a token lasts 12 hours", "iam.token-times", after=_issued_for(12)),
    Mutant(
        "times have milliseconds",
        "iam.token-times",
        after=_iam(lambda c: c["token"].update(issued_at=c["token"]["issued_at"][:-4] + "Z")),
    ),
    Mutant("methods are missing", "iam.token-shape", after=_iam(lambda c: c["token"].pop("methods"))),
    Mutant(
        "scope is always a project",
        "iam.token-scope",
        after=_iam(lambda c: c["token"].setdefault("project", {"id": "x", "name": "y"})),
    ),
    Mutant("nocatalog is ignored", "iam.nocatalog", after=_iam(lambda c: c["token"].update(catalog=[{}]))),
    Mutant(
        "a wrong password is 403",
        "iam.wrong-password",
        after=lambda r: status(403)(r) if b"username or password" in r.body else None,
    ),
    Mutant("IAM's errors are flat", "http.envelope", after=_flat_envelope),
    Mutant(
        "a broken body has another text",
        "iam.bad-body",
        after=lambda r: setattr(r, "body", r.body.replace(b"The request body is invalid", b"Bad request")),
    ),
    Mutant(
        "an unknown token is 401",
        "iam.validate-unknown",
        after=lambda r: status(401)(r) if b"X-Subject-Token is invalid" in r.body else None,
    ),
    Mutant("projects are listed twice", "iam.projects-name", after=_filtered),
]
