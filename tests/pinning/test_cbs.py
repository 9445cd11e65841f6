"""Pinning: what was published, the pinned dataset answers again, or it is refused with a reason."""

from functools import cache

import pytest
import simplejson
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.cli.pin import dataset_text
from mockcbs.core.clock import iso
from mockcbs.core.numbers import rounded
from mockcbs.pinning.cbs import pin
from mockcbs.pinning.reading import PinError
from mockcbs.traffic.periods import DAY, INTERVALS
from mockcbs.traffic.turns import OUTCOMES
from tests.conftest import BOT, NOW, PROJECT
from tests.made_up import made_up
from tests.pinning.published import G1, G2, changed, parsed
from tests.thoroughness import examples

STATS, RATES = "session-stats", "reply-rates"
DOCUMENTED = "interval=day&time_zone=%2B08%3A00"


def ask(app: Flask, operation: str, query: str | dict) -> str:
    path = f"/v1/{PROJECT}/qabots/{BOT}/requests/{operation}"
    answer = app.test_client().get(path, query_string=query, headers={"X-Auth-Token": "any"})
    assert answer.status_code == 200, answer.text
    return answer.text


def pinned(texts: list[str], folder, **more) -> Flask:
    file = folder / "pinned.yaml"
    file.write_text(dataset_text(pin([parsed(text) for text in texts], BOT)), "utf-8")
    return create_app(Settings(dataset=str(file), **more))


@cache
def everyday(seed: int) -> Flask:
    return create_app(Settings(seed=seed, now=NOW))


def test_documented_examples_together(tmp_path):
    """One dataset reproduces G-1 and G-2 byte for byte, although they were requested seven minutes apart."""
    later = pinned([G1, G2], tmp_path)
    earlier = pinned([G1, G2], tmp_path, now=1_613_720_547_615)

    assert ask(later, STATS, DOCUMENTED) == G1
    assert ask(earlier, RATES, DOCUMENTED) == G2


@pytest.mark.parametrize(("operation", "body"), [(STATS, G1), (RATES, G2)])
def test_documented_example_alone(operation, body, tmp_path):
    """One of the two examples is enough."""
    assert ask(pinned([body], tmp_path), operation, DOCUMENTED) == body


@settings(deadline=None, max_examples=examples(30))
@given(
    seed=st.sampled_from([42, 7]),
    age=st.integers(0, 60 * DAY),
    length=st.one_of(st.integers(0, 2000), st.integers(0, 2 * DAY), st.integers(0, 20 * DAY)),
    interval=st.sampled_from(INTERVALS),
    zone=st.sampled_from(["UTC", "+08:00", "-05:00", "+05:45"]),
    operations=st.sampled_from([(STATS,), (RATES,), (STATS, RATES)]),
)
@example(seed=42, age=60 * DAY, length=60 * DAY, interval="day", zone="-05:00", operations=(STATS, RATES))
def test_any_answer_reproduces_itself(seed, age, length, interval, zone, operations, tmp_path_factory):
    """A dataset pinned to any response of the mock reproduces it to the last byte."""
    start = NOW - age
    query = {
        "start_time": start,
        "end_time": min(NOW, start + length),
        "interval": interval,
        "time_zone": zone,
    }
    answers = [ask(everyday(seed), operation, query) for operation in operations]

    app = pinned(answers, tmp_path_factory.mktemp("pin"))

    assert [ask(app, operation, query) for operation in operations] == answers


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            changed(G1, ("total", "user_count"), "9"),
            "possible are 4, the maximum of the periods, to 6, their sum",
        ),
        (
            changed(G1, ("total", "user_count"), "3"),
            "possible are 4, the maximum of the periods, to 6, their sum",
        ),
        (changed(G1, ("total", "session_count"), "123"), "periods add up to 122|nearest are"),
        (
            changed(G1, ("intervals", 1, "avg_request_count"), "2.500"),
            "no whole number of questions in 1 sessions .* nearest are 2.000 and 3.000",
        ),
        (
            changed(G1, ("intervals", 0, "avg_session_time"), "157500.300"),
            "nearest are 157500.000 and 157625.000",
        ),
        (changed(G1, ("total", "avg_request_count"), "1.475"), "periods; 1.467 is possible"),
        (changed(G1, ("total", "avg_session_time"), "23918.033"), "periods; 23909.836 is possible"),
        (changed(G1, ("intervals", 1, "avg_request_count"), "0.000"), "below 1.000"),
        (
            changed(G1, ("intervals", 1, "avg_request_count"), "1.000"),
            "a session of one question has the duration 0",
        ),
        (changed(G1, ("intervals", 1, "user_count"), "3"), "above 2, the number of questions"),
        (changed(G1, ("intervals", 2, "start"), '"2021-02-20"'), "outside the range"),
        (changed(G1, ("interval",), '"week"'), "not the first day of a week"),
        (changed(G1, ("interval",), '"hour"'), "not one of"),
        (changed(G1, ("time_zone",), '"Mars"'), "neither UTC nor an offset"),
        (changed(G1, ("total", "session_count"), "122.0"), "not a whole number"),
        (changed(G1, ("total", "avg_request_count"), "1.4672"), "up to 3 decimals"),
        (changed(G1, ("intervals",), "{}"), "not a list of periods"),
        (changed(G1, ("total",), "[]"), "no object 'total'"),
        (changed(G1, ("endutc",), "1"), "does not fit into a dataset"),
        (changed(G2, ("total", "direct_rate"), "0.481"), "0.481 is not 86/179; that is 0.480"),
        (changed(G2, ("total", "direct_count"), "85"), "add up to 178, not to question_count 179"),
        (changed(G2, ("total",), '{"session_count": 1}'), "no member user_count, avg_request_count"),
    ],
)
def test_impossible_figures(answer, reason):
    """Figures that no traffic can produce are refused, with the reason and the nearest possible figures."""
    with pytest.raises(PinError, match=reason):
        pin([answer], BOT)


PERIODS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 7, 40]),
        st.integers(0, 30),
        st.integers(0, 5_000),
        st.integers(0, 50),
        st.integers(0, len(OUTCOMES) - 1),
    ),
    min_size=1,
    max_size=5,
)
"""Of each day: sessions, further questions, seconds for each of these, users, and how questions ended."""


def figures(sessions: int, users: int, questions: int, seconds: int) -> dict:
    return {
        "session_count": sessions,
        "user_count": users,
        "avg_request_count": rounded(questions, sessions, 3),
        "avg_session_time": rounded(1000 * seconds, sessions, 3),
    }


def counts(questions: int, place: int) -> dict:
    asked = dict.fromkeys(OUTCOMES, 0) | {OUTCOMES[place]: questions}
    rates = ("direct", "recommend", "notmatch", "dialog", "chat", "invalid")
    return {
        "question_count": questions,
        **{f"{outcome}_count": count for outcome, count in asked.items()},
        **{f"{outcome}_rate": rounded(asked[outcome], questions, 3) for outcome in rates},
    }


@settings(deadline=None, max_examples=examples(30))
@given(days=PERIODS, strangers=st.booleans(), with_rates=st.booleans())
def test_any_possible_figures(days, strangers, with_rates, tmp_path_factory):
    """A dataset is found for figures computed from any whole numbers."""
    start, zone = 1_790_726_400_000, "UTC"
    rows = [
        (
            sessions,
            min(users, sessions + more),
            sessions + more,
            min(seconds * more, sessions * 80_000),
            place,
        )
        for sessions, more, seconds, users, place in days
    ]
    users = sum(row[1] for row in rows) if strangers else max(row[1] for row in rows)
    sums = [sum(row[place] for row in rows) for place in (0, 2, 3)]
    head = {"interval": "day", "startutc": start, "endutc": start + len(rows) * DAY - 1, "time_zone": zone}
    labels = [iso(start + place * DAY)[:10] for place in range(len(rows))]
    stats = {
        **head,
        "total": figures(sums[0], users, sums[1], sums[2]),
        "intervals": [{"start": d, **figures(*row[:4])} for d, row in zip(labels, rows, strict=True)],
    }
    ended = [sum(row[2] for row in rows if row[4] == place) for place in range(len(OUTCOMES))]
    whole = {f"{outcome}_count": count for outcome, count in zip(OUTCOMES, ended, strict=True)}
    rates = {
        **head,
        "total": counts(sums[1], 0)
        | whole
        | {
            f"{outcome}_rate": rounded(count, sums[1], 3)
            for outcome, count in zip(OUTCOMES, ended, strict=True)
        },
        "intervals": [{"start": d, **counts(row[2], row[4])} for d, row in zip(labels, rows, strict=True)],
    }
    answers = {STATS: stats, RATES: rates} if with_rates else {STATS: stats}
    texts = [simplejson.dumps(answer, use_decimal=True) for answer in answers.values()]

    app = pinned(texts, tmp_path_factory.mktemp("pin"))

    query = {"start_time": head["startutc"], "end_time": head["endutc"], "interval": "day", "time_zone": zone}
    assert {operation: parsed(ask(app, operation, query)) for operation in answers} == answers


def pinned_or_refusal(answer: dict, folder) -> Flask | str:
    file = folder / "pinned.yaml"
    try:
        file.write_text(dataset_text(pin([answer], BOT)), "utf-8")
    except PinError as error:
        return str(error)
    return create_app(Settings(dataset=str(file)))


@settings(deadline=None, max_examples=examples(60))
@given(answer=st.sampled_from([G1, G2]).map(parsed).flatmap(made_up))
def test_made_up_answers(answer, tmp_path_factory):
    """An invented response is either reproduced exactly or refused in one sentence."""
    app = pinned_or_refusal(answer, tmp_path_factory.mktemp("pin"))
    if isinstance(app, str):
        assert "\n" not in app
        return
    query = {
        "start_time": answer["startutc"],
        "end_time": answer["endutc"],
        "interval": answer["interval"],
        "time_zone": answer["time_zone"],
    }

    again = parsed(ask(app, STATS if "session_count" in answer["total"] else RATES, query))

    assert again == answer


@pytest.mark.parametrize(
    ("first", "gap", "start", "end"),
    [
        pytest.param(931, 10_000, 931, 10_736, id="a session fills a range that ends in mid-second"),
        pytest.param(0, 86_400_000, 0, 90_000_000, id="questions follow in a period that is not the last"),
        pytest.param(5_000, 200_000_000, 0, 90_000_000, id="questions follow after the range"),
    ],
)
@pytest.mark.parametrize("interval", INTERVALS)
def test_long_sessions(first, gap, start, end, interval, tmp_path):
    """Sessions of several days keep their questions in their periods."""
    begin = 1_613_142_770_000
    turns = [{"at": begin + first}, {"at": begin + first + 20}, {"at": begin + first + gap}]
    sessions = [{"user": "a", "turns": turns}, {"turns": [{"at": begin + 7_000}]}]
    file = tmp_path / "true.yaml"
    file.write_text(dataset_text({"now": begin + 9 * DAY, "bots": [{"id": BOT, "sessions": sessions}]}))
    query = {
        "start_time": begin + start,
        "end_time": begin + end,
        "interval": interval,
        "time_zone": "-03:30",
    }
    answers = [ask(create_app(Settings(dataset=str(file))), operation, query) for operation in (STATS, RATES)]

    app = pinned(answers, tmp_path)

    assert [ask(app, operation, query) for operation in (STATS, RATES)] == answers
