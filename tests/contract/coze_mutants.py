"""Servers of Coze that are right but for one small thing in the analytics."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any
from unittest.mock import patch

import numpy as np

from mockcbs.core.numbers import rounded
from mockcbs.services.coze import analytics
from mockcbs.services.coze.analytics import Question
from mockcbs.services.coze.schemas import analytics as schemas
from mockcbs.traffic.index.turn_sums import TurnIndex, TurnSums
from tests.conftest import NOW
from tests.contract.coze_deviations import (
    LOGS,
    STATS,
    Content,
    answer_with,
    asked,
    bad,
    code_of,
    data,
    drop,
    each,
    good,
    is_for,
    items,
    metrics,
    put,
    refusing,
    reverse,
    rounding,
    rows,
    summary,
    when,
)
from tests.contract.mutants import EDGES, After, Mutant, Response


def _shanghai(content: Content) -> None:
    for row in content["metrics"]:
        row["timestamp"] -= 28_800


def _one_less(question: Question) -> Question:
    return replace(question, last=max(question.first, question.last - 1))


def _mean(name: str) -> Callable[[Content, list[Content]], None]:
    """A mean of means: of rows that have calls, unweighted."""

    def change(total: Content, found: list[Content]) -> None:
        values = [Decimal(str(row[name])) for row in found if row["total_calls"]]
        if values:
            places = "0.01" if name.startswith("avg") else "0.0001"
            total[name] = (sum(values) / len(values)).quantize(Decimal(places))
            if name == "success_rate":
                total["error_rate"] = 1 - total[name]

    return change


def figures_of(change: Callable[[dict[str, Any], TurnSums], None]) -> Callable[[], Any]:
    """Figures changed by the sums behind them."""

    def patched() -> Any:
        original = analytics.figures

        def figures(sums: TurnSums, question: Question) -> Any:
            row = original(sums, question)
            change(row, sums)
            return row

        return patch.object(analytics, "figures", figures)

    return patched


def _own_error_rate(row: dict[str, Any], sums: TurnSums) -> None:
    if sums.ended:
        row["error_rate"] = float(rounded(sums.ended - sums.good, sums.ended, 4))


@contextmanager
def _mean_of_completed() -> Iterator[None]:
    columns = TurnIndex._columns

    def completed(index: TurnIndex, rows: slice) -> Any:
        ended, good, latency = columns(index, rows)
        return ended, good, np.where(good, latency, 0)

    def mean(row: dict[str, Any], sums: TurnSums) -> None:
        row["avg_response_time_ms"] = float(rounded(sums.latency, sums.good, 2)) if sums.good else 0

    with patch.object(TurnIndex, "_columns", completed), figures_of(mean)():
        yield


def _current_row_lost(content: Content, _: Response) -> None:
    rows = content["data"]["metrics"]
    if rows and "hour" in rows[-1] and rows[-1]["timestamp"] > NOW // 1000 - 3600:
        rows.pop()


def _quiet(change: dict[str, Any]) -> Callable[[Content], None]:
    return lambda row: row.update(change) if not row["total_calls"] else None


def _next_row(found: list[Content]) -> list[Content]:
    if not found:
        return found
    last = found[-1]
    label = (date.fromisoformat(last["date"]) + timedelta(1)).isoformat()
    blank = {name: 0 for name in last if name not in {"date", "timestamp"}}
    return [*found, {"date": label, "timestamp": last["timestamp"] + 86_400, **blank, "success_rate": 1.0}]


def _from_rounded(total: Content, found: list[Content]) -> None:
    calls = sum(row["total_calls"] for row in found)
    if calls and "hour" in found[0]:
        spent = sum(round(row["avg_response_time_ms"]) * row["total_calls"] for row in found)
        total["avg_response_time_ms"] = (Decimal(spent) / calls).quantize(Decimal("0.01"))


def _counter() -> After:
    calls = iter(range(10**9))

    def change(content: Content, _: Response) -> None:
        for row in rows(content):
            row["total_calls"] += next(calls) % 2

    return good(STATS, change)


def _both(query: dict[str, str], dropped: str) -> None:
    if query.get("session_id") and query.get(dropped):
        del query[dropped]


def drop_if(name: str, pattern: str, value: str | None = None) -> Callable[[dict[str, str]], None]:
    def change(query: dict[str, str]) -> None:
        if re.fullmatch(pattern, query.get(name, ""), re.DOTALL):
            query.pop(name)
            if value is not None:
                query[name] = value

    return change


def _swapped(query: dict[str, str]) -> None:
    first, last = query.get("start_date", ""), query.get("end_date", "")
    if last < first:
        query.update(start_date=last, end_date=first)


def _default_dates(query: dict[str, str]) -> None:
    for name in ("start_date", "end_date"):
        query[name] = query.get(name) or "2025-03-01"


def _padded(query: dict[str, str]) -> None:
    for name in ("start_date", "end_date"):
        query[name] = re.sub(r"-(\d)(?!\d)", r"-0\1", query.get(name, ""))


def _days_only(query: dict[str, str]) -> None:
    for name in ("start_date", "end_date"):
        query[name] = query.get(name, "").partition("T")[0]


def _trimmed(query: dict[str, str]) -> None:
    for name, value in query.items():
        query[name] = value.strip()


def clamped(name: str, most: int) -> Callable[[dict[str, str]], None]:
    def change(query: dict[str, str]) -> None:
        if query.get(name, "").isdigit():
            query[name] = str(min(most, max(1, int(query[name]))))

    return change


def _zero_based(query: dict[str, str]) -> None:
    if query.get("page_num", "").isdigit() and int(query["page_num"]) > 1:
        query["page_num"] = str(int(query["page_num"]) - 1)


def _split(query: dict[str, str]) -> None:
    if "," in query.get("event_type", "") and ",x" not in query["event_type"]:
        query["event_type"] = query["event_type"].partition(",")[0]


def _limits(**limits: int) -> Callable[[], Any]:
    return lambda: patch.dict(schemas.LONGEST_RANGE, limits)


def _first_date(first: date) -> Callable[[], Any]:
    return lambda: patch.object(schemas, "EARLIEST_DAY", first)


def _unfinished_failed(row: Content) -> None:
    row["total_calls"] = row["total_messages"] - row["total_calls"]


def _wobbling_ids() -> After:
    calls = iter(range(10**9))
    return items(lambda event: event.update(event_id=f"evt-{next(calls)}"))


ANALYTICS = [
    # members and forms
    Mutant("coze: no summary", "coze.shape.analytics", after=data(STATS, drop("summary"))),
    Mutant("coze: no timezone", "coze.shape.analytics", after=data(STATS, drop("timezone"))),
    Mutant("coze: metrics is an object", "coze.shape.analytics", after=data(STATS, lambda d: d.update(metrics={r["date"]: r for r in d["metrics"]}))),
    Mutant("coze: metrics stand at top level", "coze.shape.analytics", after=good(STATS, lambda c, _: c.update(data=c["data"]["metrics"]))),
    Mutant("coze: rows have no error_rate", "coze.shape.analytics", after=each(drop("error_rate"))),
    Mutant("coze: the mean is renamed", "coze.analytics.figures", after=each(lambda r: r.update(avg_response_ms=r.pop("avg_response_time_ms")))),
    Mutant("coze: counts are floats", "coze.shape.analytics", after=each(lambda r: r.update(total_calls=Decimal(f"{r['total_calls']}.0")))),
    Mutant("coze: counts are strings", "coze.shape.analytics", after=each(lambda r: r.update(total_messages=str(r["total_messages"])))),
    Mutant("coze: rates are strings", "coze.shape.analytics", after=each(lambda r: r.update(success_rate=str(r["success_rate"])))),
    Mutant("coze: timestamps in ms", "coze.shape.analytics", after=metrics(lambda m: [{**r, "timestamp": r["timestamp"] * 1000} for r in m])),
    Mutant("coze: dates with slashes", "coze.shape.analytics", after=metrics(lambda m: [{**r, "date": r["date"].replace("-", "/")} for r in m])),
    Mutant("coze: the mean of silence is null", "coze.shape.analytics", after=each(_quiet({"avg_response_time_ms": None}))),
    Mutant("coze: hours from 1 to 24", "coze.shape.analytics", after=metrics(lambda m: [{**r, "hour": r["hour"] + 1} if "hour" in r else r for r in m])),
    Mutant("coze: a further figure", "coze.shape.extra", after=each(lambda r: r.update(p99=1))),
    Mutant("coze: rates in percent", "coze.number.rates", after=each(lambda r: r.update(success_rate=r["success_rate"] * 100, error_rate=r["error_rate"] * 100))),
    Mutant("coze: rates with six decimals", "coze.number.rates", patched=rounding("ROUND_HALF_UP", 6)),
    Mutant("coze: means with three decimals", "coze.number.means", after=each(lambda r: r.update(avg_response_time_ms=Decimal(f"{r['avg_response_time_ms']:.3f}")))),
    Mutant("coze: means in seconds", "coze.analytics.events-mean", after=each(lambda r: r.update(avg_response_time_ms=(Decimal(r["avg_response_time_ms"]) / 1000).quantize(Decimal("0.01"))))),
    Mutant("coze: figures are named in camelCase", "coze.shape.analytics", after=each(lambda r: r.update(totalMessages=r.pop("total_messages")))),
    Mutant("coze: figures are null", "coze.shape.analytics", after=each(put(success_rate=None))),
    # labels
    Mutant("coze: another bot is named", "coze.analytics.echo", after=data(STATS, put(bot_id="7342866812345678999"))),
    Mutant("coze: the time zone is UTC", "coze.analytics.echo", after=data(STATS, put(timezone="UTC"))),
    Mutant("coze: end_date is exclusive", "coze.analytics.inclusive", patched=answer_with(_one_less)),
    Mutant("coze: empty days are left out", "coze.analytics.rows", after=metrics(lambda m: [r for r in m if r["total_calls"]])),
    Mutant("coze: the newest row is first", "coze.analytics.rows", after=metrics(lambda m: m[::-1])),
    Mutant("coze: a row is doubled", "coze.analytics.rows", after=metrics(lambda m: [*m, *m[-1:]])),
    Mutant("coze: days begin in UTC", "coze.analytics.timestamp", patched=answer_with(lambda q: q, OFFSET=0)),
    Mutant("coze: days hold what UTC's hold", "coze.analytics.events-calls", patched=answer_with(lambda q: q, _shanghai, OFFSET=0)),
    Mutant("coze: timestamps are of the end", "coze.analytics.timestamp", after=metrics(lambda m: [{**r, "timestamp": r["timestamp"] + 86_399} for r in m])),
    Mutant("coze: hour rows have no hour", "coze.analytics.hours", after=metrics(lambda m: [{k: v for k, v in r.items() if k != "hour"} for r in m])),
    Mutant("coze: day rows have an hour", "coze.analytics.hours", after=metrics(lambda m: [{"hour": 0, **r} for r in m])),
    Mutant("coze: by hour, empty hours are left out", "coze.analytics.hours", after=metrics(lambda m: [r for r in m if r["total_calls"] or "hour" not in r])),
    Mutant("coze: granularity is ignored", "coze.analytics.hours", before=asked(drop_if("granularity", "hour", "day"))),
    Mutant("coze: hours are named as in UTC", "coze.analytics.hours", after=metrics(lambda m: [{**r, "hour": (r["hour"] - 8) % 24} if "hour" in r else r for r in m])),
    Mutant("coze: the current hour is left out", "coze.analytics.future", after=good(STATS, _current_row_lost)),
    Mutant("coze: tomorrow has a row", "coze.analytics.future", after=metrics(lambda m: _next_row(m) if len(m) == 2 else m)),
    Mutant("coze: the future has rows", "coze.analytics.future", patched=answer_with(lambda q: replace(q, now=q.now + 5 * 86_400_000))),
    Mutant("coze: today is left out", "coze.analytics.future", patched=answer_with(lambda q: replace(q, now=q.now - 86_400_000))),
    # figures
    Mutant("coze: success of silence is 0", "coze.analytics.silence", after=each(_quiet({"success_rate": 0.0, "error_rate": 1.0}))),
    Mutant("coze: both rates of silence are 0", "coze.analytics.rates-add", after=each(_quiet({"success_rate": 0.0}))),
    Mutant("coze: error_rate is rounded for itself", "coze.analytics.rates-add", patched=figures_of(_own_error_rate), world=EDGES),
    Mutant("coze: the mean is of completed calls", "coze.analytics.events-mean", patched=_mean_of_completed),
    Mutant("coze: the summary adds the users of its days", "coze.analytics.events-summary", after=summary(lambda s, m: s.update(unique_users=sum(r["unique_users"] for r in m)) if len(m) > 1 else None)),
    Mutant("coze: error_rate is success_rate", "coze.analytics.rates-add", after=each(lambda r: r.update(error_rate=r["success_rate"]))),
    Mutant("coze: success and error are swapped", "coze.analytics.events-rates", after=each(lambda r: r.update(success_rate=r["error_rate"], error_rate=r["success_rate"]) if r["total_calls"] else None)),
    Mutant("coze: rates with two decimals", "coze.analytics.events-rates", after=each(lambda r: (r.update(success_rate=Decimal(r["success_rate"]).quantize(Decimal("0.01"))), r.update(error_rate=1 - r["success_rate"])))),
    Mutant("coze: rates of big counts are odd", "coze.analytics.quotients", after=each(lambda r: r.update(success_rate=Decimal("0.3141"), error_rate=Decimal("0.6859")) if 0 < r["total_calls"] < 9 else None)),
    Mutant("coze: quotients are truncated", "coze.analytics.events-rates", patched=rounding(ROUND_DOWN)),
    Mutant("coze: ties go to the even digit", "coze.analytics.quotients", patched=rounding(ROUND_HALF_EVEN)),
    Mutant("coze: means are whole", "coze.analytics.events-mean", after=each(lambda r: r.update(avg_response_time_ms=int(r["avg_response_time_ms"])))),
    Mutant("coze: a message is a question", "coze.analytics.events-messages", after=each(lambda r: r.update(total_messages=r["total_calls"]))),
    Mutant("coze: each call has two messages", "coze.analytics.events-messages", after=each(lambda r: r.update(total_messages=2 * r["total_calls"]))),
    Mutant("coze: failed calls are no calls", "coze.analytics.events-calls", after=each(_unfinished_failed)),
    Mutant("coze: sessions are calls", "coze.analytics.events-calls", after=each(lambda r: r.update(total_sessions=r["total_calls"]))),
    Mutant("coze: users are sessions", "coze.analytics.events-calls", after=each(lambda r: r.update(unique_users=r["total_sessions"]))),
    Mutant("coze: more users than calls", "coze.analytics.bounds", after=each(lambda r: r.update(unique_users=r["total_calls"] + 1) if r["total_calls"] else None)),
    Mutant("coze: the summary is of the last row", "coze.analytics.sums", after=summary(lambda s, m: s.update({k: m[-1][k] for k in s}) if m else None)),
    Mutant("coze: the summary leaves out the first row", "coze.analytics.sums", after=summary(lambda s, m: s.update(total_calls=sum(r["total_calls"] for r in m[1:])))),
    Mutant("coze: the summary adds users", "coze.analytics.people", after=summary(lambda s, m: s.update(unique_users=sum(r["unique_users"] for r in m)))),
    Mutant("coze: the summary adds users of a few days", "coze.analytics.events-summary", after=summary(lambda s, m: s.update(unique_users=sum(r["unique_users"] for r in m)) if len(m) < 9 else None)),
    Mutant("coze: the summary has the most users of a row", "coze.analytics.events-summary", after=summary(lambda s, m: s.update(unique_users=max((r["unique_users"] for r in m), default=0)))),
    Mutant("coze: the summary has the fewest users", "coze.analytics.distinct", after=summary(lambda s, m: s.update(unique_users=min((r["unique_users"] for r in m), default=0)))),
    Mutant("coze: sessions of the summary are too many", "coze.analytics.distinct", after=summary(lambda s, _: s.update(total_sessions=s["total_sessions"] + 1))),
    Mutant("coze: the mean of the summary is unweighted", "coze.analytics.events-summary", after=summary(_mean("avg_response_time_ms"))),
    Mutant("coze: the mean of the summary is of the hours", "coze.analytics.weighted", after=summary(lambda s, m: _mean("avg_response_time_ms")(s, m) if "hour" in (m or [{}])[0] else None)),
    Mutant("coze: the rate of the summary is unweighted", "coze.analytics.weighted-rates", after=summary(_mean("success_rate"))),
    Mutant("coze: the rate of the summary is the worst", "coze.analytics.weighted-rates", after=summary(lambda s, m: s.update(success_rate=min((r["success_rate"] for r in m), default=1), error_rate=1 - min((r["success_rate"] for r in m), default=1)))),
    Mutant("coze: the mean of the summary is made of rounded hours", "coze.analytics.events-summary", after=summary(_from_rounded)),
    Mutant("coze: the last hour is lost", "coze.analytics.hours-sum", after=metrics(lambda m: [{**r, "total_calls": 0, "total_messages": 0} if r.get("hour") == 15 else r for r in m])),
    Mutant("coze: long ranges are sampled", "coze.analytics.adjoining", after=good(STATS, lambda c, _: [r.update(total_calls=r["total_calls"] // 2) for r in rows(c)] if len(c["data"]["metrics"]) > 30 else None)),
    Mutant("coze: the first day of a range is cut", "coze.analytics.single-day", after=good(STATS, lambda c, _: c["data"]["metrics"][0].update(total_messages=0) if len(c["data"]["metrics"]) > 1 else None)),
    Mutant("coze: figures wobble", "coze.analytics.idempotent", after=_counter()),
    Mutant("coze: figures are missing members at night", "coze.shape.analytics", after=each(lambda r: r.pop("success_rate") if not r["total_calls"] else None)),
    # parameters
    Mutant("coze: granularity is hour by default", "coze.analytics.default-granularity", before=asked(lambda q: q.setdefault("granularity", "hour"), STATS)),
    Mutant("coze: session_id is ignored", "coze.analytics.session", before=asked(lambda q: q.pop("session_id", 0), STATS)),
    Mutant("coze: conversation_id is ignored", "coze.analytics.alias", before=asked(lambda q: q.pop("conversation_id", 0), STATS)),
    Mutant("coze: session_id goes before conversation_id", "coze.analytics.alias-conflict", before=asked(lambda q: _both(q, "conversation_id"))),
    Mutant("coze: session_id matches beginnings", "coze.analytics.session", before=asked(lambda q: q.pop("session_id") if len(q.get("session_id", "")) == 18 else 0, STATS)),
    Mutant("coze: filters are ignored by the hour", "coze.analytics.session", before=asked(lambda q: q.pop("session_id", 0) if q.get("granularity") == "hour" else 0, STATS)),
    Mutant("coze: users are compared without case", "coze.analytics.user", before=asked(lambda q: q.update(user_id=q["user_id"].lower()) if "user_id" in q else 0, STATS)),
    Mutant("coze: blanks around a user are cut", "coze.analytics.user", before=asked(lambda q: q.update(user_id=q["user_id"].strip()) if "user_id" in q else None)),
    Mutant("coze: blanks around a session are cut", "coze.analytics.session", before=asked(lambda q: q.update(session_id=q["session_id"].strip()) if "session_id" in q else None)),
    Mutant("coze: user_id is ignored", "coze.analytics.user", before=asked(lambda q: q.pop("user_id", 0), STATS)),
    Mutant("coze: connector_id is ignored", "coze.analytics.connector", before=asked(lambda q: q.pop("connector_id", 0), STATS)),
    Mutant("coze: of two filters one counts", "coze.analytics.together", before=asked(lambda q: _both(q, "user_id"), STATS)),
    Mutant("coze: with a user the channel does not count", "coze.analytics.together", before=asked(lambda q: q.pop("connector_id", 0) if q.get("user_id") else 0, STATS)),
    Mutant("coze: an unknown session is an error", "coze.shape.success", after=when(lambda r: is_for(STATS)(r) and "mockcbs-" in r.query.get("session_id", ""), refusing(400))),
    Mutant("coze: an unknown session has no rows", "coze.analytics.unknown-filter", after=good(STATS, lambda c, r: c["data"].update(metrics=[]) if "mockcbs-" in r.query.get("session_id", "") else None)),
    Mutant("coze: an unknown user is everybody", "coze.analytics.unknown-filter", before=asked(drop_if("user_id", "mockcbs-.*"), STATS)),
    Mutant("coze: dates have defaults", "coze.analytics.required", before=asked(_default_dates)),
    Mutant("coze: a missing date is 404", "coze.analytics.required", after=when(lambda r: "start_date" not in r.query and is_for(STATS)(r), refusing(404, 4200))),
    Mutant("coze: a missing date is 200", "coze.analytics.required", after=bad(4000, pattern=STATS, status=200)),
    Mutant("coze: bad dates are 404", "coze.analytics.bad-date", after=bad(4000, pattern=STATS, status=404)),
    Mutant("coze: bad pages are 404", "coze.logs.page-limits", after=bad(4000, pattern=LOGS, status=404)),
    Mutant("coze: days of one digit", "coze.analytics.bad-date", before=asked(_padded, STATS)),
    Mutant("coze: dates may have a time", "coze.analytics.bad-date", before=asked(_days_only, STATS)),
    Mutant("coze: blanks around dates", "coze.analytics.bad-date", before=asked(_trimmed, STATS)),
    Mutant("coze: 30 February is 1 March", "coze.analytics.bad-date", before=asked(lambda q: q.update({k: v.replace("02-30", "03-01") for k, v in q.items()}), STATS)),
    Mutant("coze: slashes will do", "coze.analytics.bad-date", before=asked(lambda q: q.update({k: v.replace("/", "-") for k, v in q.items()}), STATS)),
    Mutant("coze: dates are put in order", "coze.analytics.reversed", before=asked(_swapped, STATS)),
    Mutant("coze: dates begin in 2000", "coze.analytics.first-date", patched=_first_date(date(2000, 1, 1))),
    Mutant("coze: dates begin a day later", "coze.analytics.first-date", patched=_first_date(date(2023, 1, 2))),
    Mutant("coze: 181 days", "coze.analytics.longest-days", patched=_limits(day=181)),
    Mutant("coze: 179 days", "coze.analytics.longest-days", patched=_limits(day=179)),
    Mutant("coze: 32 days of hours", "coze.analytics.longest-hours", patched=_limits(hour=32)),
    Mutant("coze: 30 days of hours", "coze.analytics.longest-hours", patched=_limits(hour=30)),
    Mutant("coze: granularity in capitals", "coze.analytics.bad-granularity", before=asked(lambda q: q.update(granularity=q["granularity"].lower()) if "granularity" in q else None, STATS)),
    Mutant("coze: a week is a day", "coze.analytics.bad-granularity", before=asked(drop_if("granularity", "week", "day"), STATS)),
    Mutant("coze: long filters are cut", "coze.analytics.long-filter", before=asked(lambda q: q.update(user_id=q["user_id"][:256]) if "user_id" in q else None, STATS)),
    Mutant("coze: filters are counted in bytes", "coze.analytics.long-filter", after=when(lambda r: is_for(STATS)(r) and len(r.query.get("session_id", "").encode()) > 64, refusing())),
    Mutant("coze: control characters are dropped", "coze.analytics.control-characters", before=asked(lambda q: q.update({k: re.sub(r"[\x00-\x1f\x7f]", "", v) for k, v in q.items()}), STATS)),
    Mutant("coze: any connector will do", "coze.analytics.bad-connector", before=asked(drop_if("connector_id", r".*\D.*"), STATS)),
    Mutant("coze: a malformed bot id is not found", "coze.analytics.bad-bot", after=when(lambda r: "/bots/abc/" in r.path, refusing(404, 4200))),
    Mutant("coze: an unknown bot is 400", "coze.analytics.unknown-bot", after=bad(4200, status=400)),
    Mutant("coze: an unknown bot is 200", "coze.analytics.unknown-bot", after=bad(4200, status=200)),
    Mutant("coze: an unknown bot is 4006", "coze.analytics.unknown-bot", after=bad(4200, becomes=4006)),
    Mutant("coze: the bot is looked for first", "coze.analytics.syntax-first", after=when(lambda r: "/bots/1/" in r.path and code_of(r) == 4000, refusing(404, 4200))),
]  # fmt: skip  # fmt: skip
RAW = [
    Mutant("coze: events have no trigger_time", "coze.shape.logs", after=items(drop("trigger_time"))),
    Mutant("coze: trigger_time in seconds", "coze.shape.logs", after=items(lambda e: e.update(trigger_time=e["trigger_time"] // 1000))),
    Mutant("coze: timestamps are ISO 8601", "coze.shape.logs", after=items(put(timestamp="2026-11-22T00:00:00Z"))),
    Mutant("coze: no has_more", "coze.shape.logs", after=data(LOGS, drop("has_more"))),
    Mutant("coze: a nested event", "coze.shape.logs", after=items(lambda e: e.update(event_id={"id": e["event_id"]}))),
    Mutant("coze: a further member of events", "coze.shape.extra", after=items(put(ip="127.0.0.1"))),
    Mutant("coze: session_start", "coze.logs.kinds", after=items(lambda e: e.update(event_type=e["event_type"].replace("session.started", "session_start")))),
    Mutant("coze: status is completed", "coze.logs.status", after=items(lambda e: e.update(status=e["status"].replace("success", "completed")))),
    Mutant("coze: event ids are repeated", "coze.logs.unique", after=items(lambda e: e.update(event_id=f"evt-{e['chat_id']}"))),
    Mutant("coze: event ids change", "coze.logs.unique", after=_wobbling_ids()),
    Mutant("coze: raw events of UTC's days", "coze.logs.inside", patched=lambda: patch.object(analytics, "OFFSET", 0)),
    Mutant("coze: the newest event is first", "coze.logs.order", after=data(LOGS, reverse("items"))),
    Mutant("coze: failures have no duration", "coze.logs.duration", after=items(lambda e: e.pop("duration_ms", 0) if e["status"] == "failed" else None)),
    Mutant("coze: messages have a duration", "coze.logs.duration", after=items(lambda e: e.setdefault("duration_ms", 0))),
    Mutant("coze: timestamp is trigger_time", "coze.logs.times", after=items(lambda e: e.update(timestamp=e["trigger_time"]))),
    Mutant("coze: durations in seconds", "coze.logs.times", after=items(lambda e: e.update(duration_ms=e["duration_ms"] // 1000) if "duration_ms" in e else None)),
    Mutant("coze: the role is bot", "coze.logs.role", after=items(lambda e: e.update(role="bot") if e.get("role") == "assistant" else None)),
    Mutant("coze: executions have a role", "coze.logs.role", after=items(lambda e: e.setdefault("role", "assistant"))),
    Mutant("coze: failures have no message", "coze.logs.error", after=items(drop("error_message"))),
    Mutant("coze: every execution has an error code", "coze.logs.error", after=items(lambda e: e.setdefault("error_code", 0) if "duration_ms" in e else None)),
    Mutant("coze: events do not name the bot", "coze.logs.owner", after=items(drop("bot_id"))),
    Mutant("coze: answers are no events", "coze.logs.execution", after=data(LOGS, lambda d: d.update(items=[e for e in d["items"] if e.get("role") != "assistant"]))),
    Mutant("coze: ten events a page", "coze.logs.page", before=asked(lambda q: q.setdefault("page_size", "10"), LOGS)),
    Mutant("coze: pages are numbered from 0", "coze.logs.pages", before=asked(_zero_based, LOGS)),
    Mutant("coze: total is of the page", "coze.logs.pages", after=data(LOGS, lambda d: d.update(total=len(d["items"])))),
    Mutant("coze: pages overlap", "coze.logs.pages", after=good(LOGS, lambda c, r: c["data"].update(items=c["data"]["items"][:-1]) if int(r.query.get("page_num", 1)) == 2 else None)),
    Mutant("coze: never more", "coze.logs.has-more", after=good(LOGS, lambda c, r: c["data"].update(has_more=False) if r.query.get("page_size") == "7" else None)),
    Mutant("coze: more after the last page", "coze.logs.has-more", after=good(LOGS, lambda c, r: c["data"].update(has_more=True) if r.query.get("page_size") == "7" else None)),
    Mutant("coze: more after a full last page", "coze.logs.has-more", after=good(LOGS, lambda c, r: c["data"].update(has_more=len(c["data"]["items"]) == int(r.query.get("page_size", 20))))),
    Mutant("coze: total counts executions", "coze.logs.pages", after=data(LOGS, lambda d: d.update(total=sum(i["event_type"].startswith("execution") for i in d["items"])))),
    Mutant("coze: a page of events has 99 at most", "coze.logs.page-limits", after=when(lambda r: is_for(LOGS)(r) and r.query.get("page_size") == "100", refusing())),
    Mutant("coze: a page beyond the last is an error", "coze.shape.success", after=when(lambda r: is_for(LOGS)(r) and b'"items":[]' in r.body and int(r.query.get("page_num", 1)) > 1, refusing())),
    Mutant("coze: a page beyond the last knows no total", "coze.logs.beyond", after=data(LOGS, lambda d: d.update(total=0) if not d["items"] else None)),
    Mutant("coze: page_size is clamped", "coze.logs.page-limits", before=asked(clamped("page_size", 100), LOGS)),
    Mutant("coze: page_num 0 is 1", "coze.logs.page-limits", before=asked(drop_if("page_num", "0"), LOGS)),
    Mutant("coze: event_type is ignored", "coze.logs.event-type", before=asked(drop_if("event_type", "message.*|session.*"), LOGS)),
    Mutant("coze: of several event types the first counts", "coze.logs.event-type", before=asked(_split, LOGS)),
    Mutant("coze: unknown event types are ignored", "coze.logs.bad-event-type", before=asked(drop_if("event_type", "execution|session_start"), LOGS)),
    Mutant("coze: status is ignored", "coze.logs.status-filter", before=asked(lambda q: q.pop("status", 0) if q.get("status") != "ok" else 0, LOGS)),
    Mutant("coze: unknown statuses are ignored", "coze.logs.bad-status", before=asked(drop_if("status", "completed|ok"), LOGS)),
    Mutant("coze: raw events ignore the user", "coze.logs.filters", before=asked(lambda q: q.pop("user_id", 0), LOGS)),
    Mutant("coze: raw events ignore the channel", "coze.logs.filters", before=asked(lambda q: q.pop("connector_id", 0), LOGS)),
    Mutant("coze: raw events know a granularity", "coze.shape.success", after=when(lambda r: is_for(LOGS)(r) and r.query.get("granularity") == "week", refusing())),
    Mutant("coze: raw events by the hour", "coze.logs.granularity", after=good(LOGS, lambda c, r: c["data"].update(items=[], total=0) if r.query.get("granularity") == "hour" else None)),
    Mutant("coze: raw events do without an end", "coze.logs.parameters", before=asked(lambda q: q.update(end_date=q.get("end_date") or "2025-03-01"), LOGS)),
    Mutant("coze: raw events of a year", "coze.logs.parameters", before=asked(lambda q: q.update(start_date="2025-03-01") if q.get("start_date") == "2024-08-01" else None, LOGS)),
]  # fmt: skip  # fmt: skip
