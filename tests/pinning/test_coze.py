"""Pinning analytics: what was published, the pinned dataset answers again, or it is refused with a reason."""

import json
from datetime import date, timedelta
from functools import cache

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.cli.pin import dataset_text
from mockcbs.core import masking
from mockcbs.pinning.coze import pin
from mockcbs.pinning.coze_request import Asked
from mockcbs.pinning.reading import PinError
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.conftest import NOW
from tests.made_up import made_up
from tests.pinning.analytics import SAMPLE, ask, parsed
from tests.services.coze.conftest import BOT
from tests.thoroughness import examples

TODAY = date(2026, 11, 22)
FLOW = "7389589103588700009"


def pinned(answer: dict, folder, **asked: str) -> Flask:
    file = folder / "pinned.yaml"
    file.write_text(dataset_text(pin(answer, Asked(**asked))), "utf-8")
    return create_app(Settings(dataset=str(file)))


@cache
def everyday(seed: int) -> Flask:
    """Everyday traffic, and executions of a bot and a workflow that fail or are still running."""
    app = create_app(Settings(seed=seed, now=NOW + 5_000_000))
    log, account = app.extensions["mockcbs"].log, masking.digest("pat_mockcbs")
    for agent in (BOT, FLOW):
        for number in range(60):
            said = Utterance("x", "dialog", failed=number % 5 == 0, unfinished=number % 7 == 3)
            session, user = f"79{number % 11:017d}", f"user-{number % 4}" if number % 6 else ""
            log.record(Turn(agent, session, user, NOW - number * 5_000_000, said, 137 * number), account)
    return app


@pytest.mark.parametrize("granularity", ["day", "hour"])
def test_the_sample(granularity, tmp_path):
    """The dataset reproduces the event set of the contract, by day and by hour."""
    query = f"start_date=2025-12-15&end_date=2025-12-17&granularity={granularity}"
    answer = ask(create_app(Settings(dataset="coze-sample")), f"bots/{BOT}", query)

    app = pinned(parsed(answer), tmp_path)

    assert ask(app, f"bots/{BOT}", query) == answer


PICKED = st.one_of(
    st.just({}),
    st.sampled_from(["user-1", "user-3", "nobody"]).map(lambda name: {"user_id": name}),
    st.sampled_from([f"79{number:017d}" for number in range(11)]).map(lambda name: {"session_id": name}),
    st.sampled_from(["1024", "999", "998", "10000122", "5"]).map(lambda channel: {"connector_id": channel}),
)


@settings(max_examples=examples(40))
@given(
    seed=st.sampled_from([42, 7]),
    agent=st.sampled_from([f"bots/{BOT}", "bots/7342866812345670077", f"workflows/{FLOW}"]),
    days=st.tuples(st.integers(-3, 30), st.integers(0, 12)),
    granularity=st.sampled_from(["day", "hour"]),
    picked=PICKED,
)
def test_any_answer_reproduces_itself(seed, agent, days, granularity, picked, tmp_path_factory):
    """A dataset pinned to any response of the mock reproduces it to the last byte."""
    last = TODAY - timedelta(days[0])
    query = {
        "start_date": last - timedelta(days[1]),
        "end_date": last,
        "granularity": granularity,
        **picked,
    }
    answer = ask(everyday(seed), agent, query)
    kind = agent.partition("s/")[0]

    app = pinned(parsed(answer), tmp_path_factory.mktemp("pin"), kind=kind, **picked)

    assert ask(app, agent, query) == answer


BUCKETS = st.lists(
    st.tuples(
        st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 9_999_999), st.booleans()
    ),
    min_size=1,
    max_size=6,
)
"""Of each day: completed, failed and running executions, what they took, and whether few began them."""


def figures(rows: list[tuple], users: int, sessions: int, *, silent: bool) -> dict:
    completed, failed, running, spent = (sum(row[place] for row in rows) for place in range(4))
    ended = completed + failed
    exact = (2 * completed * 10_000 + ended) // (2 * ended) if ended else 10_000
    return {
        "total_messages": 0 if silent else 2 * completed + failed + running,
        "total_calls": ended + running,
        "unique_users": users,
        "total_sessions": sessions,
        "success_rate": exact / 10_000,
        "error_rate": (10_000 - exact) / 10_000,
        "avg_response_time_ms": (200 * spent + ended) // (2 * ended) / 100 if ended else 0,
    }


@settings(max_examples=examples(40))
@given(days=BUCKETS, strangers=st.booleans(), silent=st.booleans())
def test_any_possible_figures(days, strangers, silent, tmp_path_factory):
    """A dataset is found for figures computed from any whole numbers.

    A workflow does not show how many executions completed: there it is found if few are running.
    """
    first = date(2026, 10, 5)
    rows = [
        (good, bad, busy % 3 if silent else busy, spent if good + bad else 0)
        for good, bad, busy, spent, _ in days
    ]
    calls = [sum(row[:3]) for row in rows]
    people = [min(number, 3) if few else number for number, (*_, few) in zip(calls, days, strict=True)]
    everybody = sum(people) if strangers else max(people)
    answer = {
        ("workflow_id" if silent else "bot_id"): FLOW,
        "start_date": str(first),
        "end_date": str(first + timedelta(len(rows) - 1)),
        "granularity": "day",
        "timezone": "Asia/Shanghai",
        "metrics": [
            {
                "date": str(first + timedelta(number)),
                "timestamp": 1_791_129_600 + 86_400 * number,
                **figures([row], users, users, silent=silent),
            }
            for number, (row, users) in enumerate(zip(rows, people, strict=True))
        ],
        "summary": figures(rows, everybody, everybody, silent=silent),
    }
    kind = "workflow" if silent else "bot"

    app = pinned(parsed(json.dumps(answer)), tmp_path_factory.mktemp("pin"), kind=kind)

    query = {"start_date": first, "end_date": answer["end_date"]}
    assert json.loads(ask(app, f"{kind}s/{FLOW}", query))["data"] == answer


def pinned_or_refusal(answer: dict, folder) -> Flask | str:
    try:
        return pinned(answer, folder)
    except PinError as error:
        return str(error)


@settings(max_examples=examples(60))
@given(answer=made_up(SAMPLE))
def test_made_up_answers(answer, tmp_path_factory):
    """An invented response is either reproduced exactly or refused in one sentence."""
    app = pinned_or_refusal(answer, tmp_path_factory.mktemp("pin"))
    if isinstance(app, str):
        assert "\n" not in app
        return
    data = answer.get("data", answer)
    query = {name: data[name] for name in ("start_date", "end_date", "granularity")}
    kind = "bots" if data["summary"]["total_messages"] or not data["summary"]["total_calls"] else "workflows"

    again = parsed(ask(app, f"{kind}/{data['bot_id']}", query))

    assert again["data"] == data
