"""Servers whose figures are right but for one small thing: sessions, users, rates, and how they are written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from mockcbs.services.cbs import statistics
from tests.contract.deviations import BOTH, RATES, STATS, WORDS, edit, replaced, top_level
from tests.contract.mutants import EDGES, After, Mutant, Response

Rows = list[dict[str, Any]]
R1 = Decimal("0.001")


def figures(content: Any) -> Rows:
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
def _mean_of_rounded(content: Any, _: Response) -> None:
    count = content["total"]["session_count"]
    for name in ("avg_request_count", "avg_session_time"):
        whole = sum((row["session_count"] * row[name] for row in content["intervals"]), Decimal(0))
        content["total"][name] = (whole / max(1, count)).quantize(R1, ROUND_HALF_UP)


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


@edit(STATS)
def _users_are_sessions(content: Any, _: Response) -> None:
    for row in figures(content):
        row["user_count"] = row["session_count"]


@edit(STATS)
def _anonymous_is_a_user_each_day(content: Any, _: Response) -> None:
    content["total"]["user_count"] += len(content["intervals"])


@edit(RATES)
def _rates_ignore_domain(content: Any, response: Response) -> None:
    if "domain" in response.query:
        rest = {name: value for name, value in response.query.items() if name != "domain"}
        content.update(response.ask(urlencode(rest)))


def _clipped_sessions() -> Callable[[], AbstractContextManager[Any]]:
    """Sessions of which only the rounds inside the range count."""

    def make(original: Any) -> Any:
        def session_stats(bot: Any, asked: Any, query: Any) -> Any:
            return original(bot, type(asked)(asked.start, asked.end, min(asked.now, asked.end)), query)

        return session_stats

    return replaced("session_stats", make)


R1 = Decimal("0.001")
"""Servers whose statistics are right but for one small thing: figures, periods, lists."""


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


def rounded_by(change: Callable[[Decimal], Decimal]) -> Callable[[], AbstractContextManager[Any]]:
    """Quotients rounded in another way."""

    def rounded(numerator: int, denominator: int, _: int) -> Decimal:
        return change(Decimal(numerator) / denominator if denominator else Decimal(0))

    return lambda: patch.object(statistics, "rounded", rounded)


def _down_above_half(exact: Decimal) -> Decimal:
    return exact.quantize(R1, ROUND_DOWN if exact > Decimal("0.5") else ROUND_HALF_UP)


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


@edit(STATS)
def _split_at_midnight(content: Any, _: Response) -> None:
    """One session more each day but the first."""
    for row in content["intervals"][1:]:
        row["session_count"] += 1
    content["total"]["session_count"] += max(0, len(content["intervals"]) - 1)


FIGURES = [
    # sessions and users
    Mutant("total users are the sum of the periods", "cbs.S-18", after=only_total("user_count", lambda c: sum(r["user_count"] for r in c["intervals"]), STATS)),
    Mutant("total users are the sum of the days", "cbs.single-period", after=_users_summed_by_day),
    Mutant("total users are the greatest period", "cbs.S-18", after=only_total("user_count", lambda c: max((r["user_count"] for r in c["intervals"]), default=0), STATS)),
    Mutant("users are sessions", "cbs.S-2-people", after=_users_are_sessions),
    Mutant("somebody unknown counts as one more user each day", "cbs.S-18", after=_anonymous_is_a_user_each_day),
    Mutant("averages are not weighted", "cbs.S-4", after=_mean_of_means),
    Mutant("the idle timeout is added to durations", "cbs.S-7", after=_idle_time_added),
    Mutant("durations are doubled", "cbs.S-16", after=each_row("avg_session_time", lambda r: 2 * r["avg_session_time"], STATS)),
    Mutant("durations are in seconds", "cbs.S-8", after=_seconds),
    Mutant("rounds are rounded to one decimal", "cbs.S-3", after=_rounds_rounded_twice),
    Mutant("rounds do not count the first question", "cbs.S-3", after=each_row("avg_request_count", lambda r: max(0 * R1, r["avg_request_count"] - 1), STATS)),
    Mutant("total sessions leave out the last period", "cbs.S-1", after=only_total("session_count", lambda c: sum(r["session_count"] for r in c["intervals"][:-1]), STATS)),
    Mutant("sessions are counted per period of their rounds", "cbs.S-1", after=each_row("session_count", lambda r: r["session_count"] + (1 if "start" in r else 0), STATS)),
    Mutant("sessions are clipped to the range", "cbs.S-15", patched=_clipped_sessions()),
    Mutant("users in total are one too many", "cbs.S-2", after=only_total("user_count", lambda c: sum(r["user_count"] for r in c["intervals"]) + 1, STATS)),
    Mutant("users of a week are the sum of its days", "cbs.S-20", after=sums_of_days("week")),
    Mutant("users of a month are the sum of its days", "cbs.S-20", after=sums_of_days("month")),
    Mutant("sessions are split at midnight", "cbs.single-period", after=_split_at_midnight),
    Mutant("durations are ten times as long", "cbs.S-6", after=each_row("avg_session_time", lambda r: 10 * r["avg_session_time"], STATS), world={"dataset": "midnight"}),
    Mutant("durations are per question", "cbs.S-16", after=_time_per_question),
    Mutant("the total duration is not weighted", "cbs.S-5", after=_time_of_total_not_weighted),
    Mutant("silence has one round", "cbs.S-17", after=_silence_is_a_session),
    Mutant("a session moves from the last week to the first", "cbs.S-20", after=rows(_one_moves("session_count"), "week", STATS)),
    Mutant("a session moves from the last month to the first", "cbs.S-20", after=rows(_one_moves("session_count"), "month", STATS)),
    Mutant("a question moves from the last week to the first", "cbs.R-10", after=rows(_one_moves("question_count"), "week", RATES)),
    Mutant("total averages are made of rounded ones", "cbs.S-8", after=_mean_of_rounded, world=EDGES),
    Mutant("rates above one half are rounded down", "cbs.R-2", patched=rounded_by(_down_above_half)),
    # how numbers are written
    Mutant("quotients are truncated", "cbs.R-2", patched=rounding(ROUND_DOWN)),
    Mutant("averages are truncated", "cbs.S-3", patched=rounding(ROUND_DOWN)),
    Mutant("ties are rounded to even", "cbs.number-ties", patched=rounding(ROUND_HALF_EVEN)),
    Mutant("ties are rounded down", "cbs.number-ties", patched=rounding(ROUND_HALF_DOWN)),
    Mutant("two decimals", "cbs.number-decimals", after=edit(*BOTH)(requantized("0.01", ROUND_HALF_EVEN))),
    Mutant("four decimals", "cbs.number-decimals", after=edit(*BOTH)(requantized("0.0001", ROUND_HALF_EVEN))),
    Mutant("trailing zeros are dropped", "cbs.number-decimals", after=_time_as_float),
    Mutant("counts are floats", "cbs.number-integers", after=_counts_as_floats),
    Mutant("averages are strings", "cbs.number-decimals", after=_decimals_as_text),
    Mutant("startutc is a string", "cbs.number-integers", after=top_level("startutc", lambda c, _: str(c["startutc"]), STATS)),
    Mutant("endutc is in seconds", "cbs.S-13", after=top_level("endutc", lambda c, _: c["endutc"] // 1000, RATES)),
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
    # rates
    Mutant("chat is not part of the questions", "cbs.R-1", after=each_row("question_count", lambda r: r["question_count"] - r["chat_count"], RATES)),
    Mutant("dialogues count conversations", "cbs.R-1", after=each_row("dialog_count", lambda r: r["dialog_count"] // 2, RATES)),
    Mutant("rates are percentages", "cbs.shape-reply-rates", after=_rates_as_percent),
    Mutant("rates are of the matched questions", "cbs.R-2", after=_rates_of_matched),
    Mutant("total rates are means of rates", "cbs.R-2", after=_rates_of_total_averaged),
    Mutant("direct and recommend change places", "cbs.Q-direct", after=edit(RATES)(lambda c, _: [r.update(direct_count=0, notmatch_count=r["notmatch_count"] + r["direct_count"], notmatch_rate=((r["notmatch_count"] + Decimal(r["direct_count"])) / max(1, r["question_count"])).quantize(R1), direct_rate=0 * R1) for r in figures(c)] and None)),
    Mutant("total questions leave out the first period", "cbs.R-5", after=only_total("question_count", lambda c: sum(r["question_count"] for r in c["intervals"][1:]), RATES)),
    Mutant("invalid questions are no questions", "cbs.R-6", after=edit(RATES)(lambda c, _: [r.update(question_count=r["question_count"] - r["invalid_count"], invalid_count=0) for r in figures(c)] and None)),
    Mutant("domain is ignored by reply-rates", "cbs.unknown-domain", after=_rates_ignore_domain),
    Mutant("division by zero is one", "cbs.R-8", after=each_row("direct_rate", lambda r: r["direct_rate"] if r["question_count"] else Decimal("1.000"), RATES)),
    Mutant("total rates are truncated", "cbs.R-2", after=_total_truncated),
    Mutant("rates are rounded up", "cbs.R-2", patched=rounded_by(lambda q: q.quantize(R1, ROUND_CEILING))),
    Mutant("quotients are rounded twice", "cbs.R-2", patched=rounded_by(_twice)),
    Mutant("rates are made to add up to 1", "cbs.R-2", after=_last_rate_fills_up),
    Mutant("a rate of zero is left out", "cbs.shape-reply-rates", after=_zero_rates_missing),
    Mutant("the rates of invalid and dialog change places", "cbs.R-2", after=_invalid_and_dialog_swapped),
    Mutant("a category keeps what matched nothing", "cbs.R-9", after=_domain_keeps_unmatched),
]  # fmt: skip
