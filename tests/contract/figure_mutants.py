"""Servers whose statistics are right but for one small thing: figures, periods, lists."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from mockcbs.cbs import statistics
from mockcbs.traffic import periods
from tests.contract.mutants import (
    BOTH,
    HOTS,
    R1,
    RATES,
    STATS,
    WORDS,
    After,
    Before,
    Environ,
    Mutant,
    Response,
    dumps,
    each_row,
    edit,
    figures,
    loads,
    only_total,
    query_changed,
    relabelled,
    top_level,
)

Rows = list[dict[str, Any]]


def rows(change: Callable[[Rows, Any], Any], interval: str, *operations: str) -> After:
    """The periods of one interval, changed if there are two or more."""

    @edit(*operations)
    def after(content: Any, _: Response) -> None:
        if content["interval"] == interval and len(content["intervals"]) > 1:
            change(content["intervals"], content)

    return after


def _one_moves(name: str) -> Callable[[Rows, Any], None]:
    def change(found: Rows, _: Any) -> None:
        found[0][name] += 1
        found[-1][name] -= 1

    return change


def raw(old: bytes, new: bytes, *operations: str) -> After:
    """Bytes of good answers, replaced."""

    def after(response: Response) -> None:
        if response.says(*operations):
            response.body = response.body.replace(old, new)

    return after


def offset_of(change: Callable[[str, int], int]) -> Callable[[], AbstractContextManager[Any]]:
    """Zones understood in another way."""
    original = periods.offset

    def offset(zone: str) -> int:
        return change(zone, original(zone))

    return lambda: patch("mockcbs.cbs.schemas.periods.offset", offset)


def rounded_by(change: Callable[[Decimal], Decimal]) -> Callable[[], AbstractContextManager[Any]]:
    """Quotients rounded in another way."""

    def rounded(numerator: int, denominator: int, _: int) -> Decimal:
        return change(Decimal(numerator) / denominator if denominator else Decimal(0))

    return lambda: patch.object(statistics, "rounded", rounded)


def _twice(exact: Decimal) -> Decimal:
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP).quantize(R1, ROUND_HALF_UP)


def sums_of_days(interval: str) -> After:
    """Users of longer periods that are the sum of the users of their days."""

    @edit(STATS)
    def after(content: Any, response: Response) -> None:
        if content["interval"] != interval:
            return
        days = response.ask(urlencode({**response.query, "interval": "day"}))["intervals"]
        for row, following in zip(content["intervals"], [*content["intervals"][1:], None], strict=True):
            inside = [
                day["user_count"]
                for day in days
                if row["start"] <= day["start"] and (following is None or day["start"] < following["start"])
            ]
            row["user_count"] = sum(inside)

    return after


@edit(STATS)
def _time_per_question(content: Any, _: Response) -> None:
    for row in figures(content):
        if row["avg_request_count"]:
            row["avg_session_time"] = (row["avg_session_time"] / row["avg_request_count"]).quantize(R1)


@edit(STATS)
def _time_of_total_not_weighted(content: Any, _: Response) -> None:
    means = [row["avg_session_time"] for row in content["intervals"]]
    if means:
        content["total"]["avg_session_time"] = (sum(means) / len(means)).quantize(R1)


@edit(RATES)
def _total_truncated(content: Any, _: Response) -> None:
    row = content["total"]
    for name in [name for name in row if name.endswith("_rate")]:
        count = row[name.replace("_rate", "_count")]
        row[name] = (Decimal(count) / max(1, row["question_count"])).quantize(R1, ROUND_DOWN)


@edit(RATES)
def _last_rate_fills_up(content: Any, _: Response) -> None:
    """Rates made to add up to 1."""
    for row in figures(content):
        if row["question_count"]:
            others = sum(row[name] for name in row if name.endswith("_rate") and name != "notmatch_rate")
            row["notmatch_rate"] = 1 - others


@edit(RATES)
def _zero_rates_missing(content: Any, _: Response) -> None:
    for row in figures(content):
        if not row["chat_count"]:
            del row["chat_rate"]


@edit(RATES)
def _invalid_and_dialog_swapped(content: Any, _: Response) -> None:
    for row in figures(content):
        row["invalid_rate"], row["dialog_rate"] = row["dialog_rate"], row["invalid_rate"]


@edit(RATES)
def _domain_keeps_unmatched(content: Any, response: Response) -> None:
    if response.query.get("domain") and content["intervals"]:
        rest = {name: value for name, value in response.query.items() if name != "domain"}
        unmatched = response.ask(urlencode(rest))["total"]["notmatch_count"]
        total = content["total"]
        total["notmatch_count"] += unmatched
        total["question_count"] += unmatched


@edit(STATS)
def _silence_is_a_session(content: Any, _: Response) -> None:
    if not content["total"]["session_count"]:
        content["total"]["avg_request_count"] = Decimal("1.000")


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


def _said(response: Response) -> None:
    """Echo the ends that were asked for."""
    if response.says(*BOTH):
        content = loads(response.body)
        for name, parameter in (("startutc", "start_time"), ("endutc", "end_time")):
            if parameter in response.query:
                content[name] = int(response.query[parameter])
        response.body = dumps(content)


@edit(STATS)
def _split_at_midnight(content: Any, _: Response) -> None:
    """One session more each day but the first."""
    for row in content["intervals"][1:]:
        row["session_count"] += 1
    content["total"]["session_count"] += max(0, len(content["intervals"]) - 1)


@edit(HOTS)
def _repeated(content: Any, response: Response) -> None:
    listed = content["questions"]
    if 0 < len(listed) < int(response.query.get("top", "10")):
        listed.append(listed[0])


@edit(HOTS)
def _by_name(content: Any, response: Response) -> None:
    everything = response.ask(urlencode({**response.query, "top": "20"}))["questions"]
    content["questions"] = sorted(everything, key=lambda q: q["st_question"])[: len(content["questions"])]


@edit(WORDS)
def _words_by_name(content: Any, response: Response) -> None:
    query = {**response.query, "top": "50"}
    everything = response.ask(urlencode(query))["keywords"]
    ranked = sorted(everything, key=lambda word: (-word["freq"], word["keyword"]))
    content["keywords"] = ranked[: len(content["keywords"])]


@edit(WORDS)
def _word_for_nothing(content: Any, _: Response) -> None:
    content["keywords"] = content["keywords"] or [{"keyword": "无", "freq": 1}]


@edit(HOTS)
def _ids_descend(content: Any, response: Response) -> None:
    """Ties of hot questions the other way round: of those hit once, in a short range."""
    query = response.query
    if int(query.get("end_time", 0)) - int(query.get("start_time", 0)) < 6 * 3_600_000:
        content["questions"].sort(key=lambda q: q["qa_pair_id"], reverse=True)


@edit(HOTS)
def _recommended_are_hot(content: Any, response: Response) -> None:
    """What was recommended counts as a hit, too: something is hot whenever something was asked."""
    if (
        not content["questions"]
        and response.query.get("start_time") not in {None, "0"}
        and "domain" not in response.query
    ):
        content["questions"] = response.ask("top=1")["questions"]


def _domain_prefix(environ: Environ) -> None:
    """A category found by a piece of its name."""
    names = ("桌面云", "费用与发票", "账号与密码", "网络与VPN", "办公设备", "请假与考勤")

    def change(query: dict[str, str]) -> None:
        asked = query.get("domain", "")
        if asked and (full := [name for name in names if name.startswith(asked)]):
            query["domain"] = full[0]

    query_changed(change, HOTS)(environ)


FIGURES = [
    # sessions and users
    Mutant("users in total are one too many", "cbs.S-2", after=only_total("user_count", lambda c: sum(r["user_count"] for r in c["intervals"]) + 1, STATS)),
    Mutant("users of a week are the sum of its days", "cbs.S-20", after=sums_of_days("week")),
    Mutant("users of a month are the sum of its days", "cbs.S-20", after=sums_of_days("month")),
    Mutant("sessions are split at midnight", "cbs.single-period", after=_split_at_midnight),
    Mutant("durations are ten times as long", "cbs.S-6", after=each_row("avg_session_time", lambda r: 10 * r["avg_session_time"], STATS)),
    Mutant("durations are per question", "cbs.S-16", after=_time_per_question),
    Mutant("the total duration is not weighted", "cbs.S-5", after=_time_of_total_not_weighted),
    Mutant("silence has one round", "cbs.S-17", after=_silence_is_a_session),
    Mutant("a session moves from the last week to the first", "cbs.S-20", after=rows(_one_moves("session_count"), "week", STATS)),
    Mutant("a session moves from the last month to the first", "cbs.S-20", after=rows(_one_moves("session_count"), "month", STATS)),
    Mutant("a question moves from the last week to the first", "cbs.R-10", after=rows(_one_moves("question_count"), "week", RATES)),
    # rates
    Mutant("total rates are truncated", "cbs.R-2", after=_total_truncated),
    Mutant("rates are rounded up", "cbs.R-2", patched=rounded_by(lambda q: q.quantize(R1, ROUND_CEILING))),
    Mutant("quotients are rounded twice", "cbs.R-2", patched=rounded_by(_twice)),
    Mutant("rates are made to add up to 1", "cbs.R-2", after=_last_rate_fills_up),
    Mutant("a rate of zero is left out", "cbs.shape-reply-rates", after=_zero_rates_missing),
    Mutant("the rates of invalid and dialog change places", "cbs.R-2", after=_invalid_and_dialog_swapped),
    Mutant("a category keeps what matched nothing", "cbs.R-9", after=_domain_keeps_unmatched),
    # how numbers are written
    Mutant("one rate has one decimal", "cbs.number-decimals", after=each_row("invalid_rate", lambda r: r["invalid_rate"].quantize(Decimal("0.1")), RATES)),
    Mutant("long averages have an exponent", "cbs.number-decimals", after=each_row("avg_session_time", lambda r: Decimal(f"{r['avg_session_time']:.3E}"), STATS)),
    Mutant("zeros are negative", "cbs.number-decimals", after=raw(b":0.000", b":-0.000", *BOTH)),
    Mutant("counts of zero are negative", "cbs.number-integers", after=raw(b'_count":0,', b'_count":-0,', *BOTH)),
    Mutant("rates of silence are null", "cbs.shape-reply-rates", after=each_row("direct_rate", lambda r: r["direct_rate"] if r["question_count"] else None, RATES)),
    Mutant("startutc has a point", "cbs.number-integers", after=top_level("startutc", lambda c, _: float(c["startutc"]), RATES)),
    Mutant("frequencies are strings", "cbs.shape-keywords", after=edit(WORDS)(lambda c, _: [w.update(freq=str(w["freq"])) for w in c["keywords"]] and None)),
    Mutant("a member stands twice", "http.json", after=raw(b'{"interval":', b'{"interval":"day","interval":', *BOTH)),
    Mutant("members of the total are sorted", "http.member-order", after=top_level("total", lambda c, _: dict(sorted(c["total"].items())), RATES)),
    Mutant("members are sorted", "http.member-order", after=edit(STATS)(lambda c, _: dict(sorted(c.items())))),
    Mutant("start stands last", "http.member-order", after=edit(STATS)(lambda c, _: [r.update(start=r.pop("start")) for r in c["intervals"]] and None)),
    # periods
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
    # echoes
    Mutant("UTC is said for +00:00", "cbs.zone-echo", after=top_level("time_zone", lambda c, _: c["time_zone"].replace("+00:00", "UTC"), *BOTH)),
    Mutant("utc is said as UTC when it was asked for", "cbs.zone-echo", after=top_level("time_zone", lambda c, r: "UTC" if r.query.get("time_zone") == "utc" else c["time_zone"], STATS)),
    Mutant("an end in the future is said to be now", "cbs.S-13", after=top_level("endutc", lambda c, _: min(c["endutc"], 1_795_305_600_000), STATS)),
    Mutant("startutc is in seconds", "cbs.S-14", after=top_level("startutc", lambda c, _: c["startutc"] // 1000, STATS)),
    Mutant("endutc of now is in whole seconds", "cbs.S-13", after=top_level("endutc", lambda c, r: c["endutc"] if "end_time" in r.query else c["endutc"] - 1, RATES)),
    # lists
    Mutant("the hottest question is repeated", "cbs.Q-distinct", after=_repeated),
    Mutant("hot questions are sorted by name", "cbs.Q-order", after=_by_name),
    Mutant("hot questions of as many hits are sorted backwards", "cbs.Q-ties", after=_ids_descend),
    Mutant("what is recommended is hot", "cbs.Q-direct", after=_recommended_are_hot),
    Mutant("a category is found by a piece of its name", "cbs.Q-domain", before=_domain_prefix),
    Mutant("never more than five hot questions", "cbs.Q-direct", before=query_changed(lambda q: q.update(top=str(min(5, int(q.get("top", "10"))))) if q.get("top", "1").isdigit() and q.get("top") not in {"0", "21", "99999999999"} else None, HOTS)),
    Mutant("never more than ten keywords", "cbs.K-sum", before=query_changed(lambda q: q.update(top=str(min(10, int(q.get("top", "10"))))) if q.get("top", "1").isdigit() and q.get("top") not in {"51", "99999999999"} else None, WORDS)),
    Mutant("twenty hot questions by default", "cbs.hots-top", before=query_changed(lambda q: q.setdefault("top", "20"), HOTS)),
    Mutant("one keyword more than asked for", "cbs.K-top", before=query_changed(lambda q: q.update(top=str(int(q["top"]) + 1)) if q.get("top") in {"1", "2", "5", "20"} else None, WORDS)),
    Mutant("keywords of the same frequency are sorted by name", "cbs.K-ties", after=_words_by_name),
    Mutant("silence has a keyword", "cbs.K-empty", after=_word_for_nothing),
    Mutant("exclude is true by default", "cbs.hots-exclude", after=edit(HOTS)(lambda c, r: {"questions": c["questions"][1:]} if "exclude" not in r.query else None)),
    Mutant("top=0 lists every keyword", "cbs.D-8", before=query_changed(lambda q: q.update(top="50") if q.get("top") == "0" else None, WORDS)),
]  # fmt: skip
