"""The law of the pull: a file of Coze figures is the API and the export, figure for figure."""

import csv
import io
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcbs import Mock
from mockcbs.pull import client as pull_client
from mockcbs.pull import days as calendar
from mockcbs.pull.client import Client
from mockcbs.pull.coze import BOTS, WORKFLOWS, Coze
from mockcbs.pull.errors import PullError
from mockcbs.pull.folders import LocalFolder
from mockcbs.pull.formats import writer
from mockcbs.pull.names import Names
from mockcbs.pull.run import Run
from tests.pull.conftest import TODAY
from tests.thoroughness import examples

URL = "https://api.coze.cn"
HEADERS = {"Authorization": "Bearer pat_mockcbs"}
BOT = "7342866812345678901"

bots = st.sampled_from([BOT, "7342866812345678902", "7399999999999999999"])
ends = st.integers(0, 60).map(lambda ago: TODAY - timedelta(days=ago))
lengths = st.integers(0, 4)
laws = settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def pulled(folder: Path, table, bot: str, days: list[date], filters=None, page_size: int = 100, kind=BOTS):
    """The rows of each day, read back from CSV files."""
    client = Client(URL, HEADERS)
    source = Coze(client, table, filters or {}, page_size, kind=kind)
    Run(source, LocalFolder(folder), Names("{date}.csv", "csv"), writer("csv"), [bot], days).go()
    return {
        day: list(csv.DictReader((folder / f"{day}.csv").read_text("utf-8").splitlines())) for day in days
    }


def exported(mock, bot: str, days: list[date]) -> dict[date, list[dict[str, str]]]:
    """The turns of each day of Shanghai, as the export has them."""
    query = {"bot": bot, "zone": "Asia/Shanghai", "from": str(days[0]), "to": str(days[-1])}
    text = mock.app.test_client().get("/_mockcbs/export", query_string=query).text
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(text)):
        found[date.fromisoformat(row["at"][:10])].append(row)
    return found


def figures(turns: list[dict[str, str]]) -> dict[str, Decimal]:
    """The figures of a bucket, computed from its turns by the definitions of the contract."""
    ended = [turn for turn in turns if turn["status"] != "running"]
    good = [turn for turn in ended if turn["status"] == "success"]
    success = _rounded(Decimal(len(good)) / len(ended), 4) if ended else Decimal(1)
    spent = sum(int(turn["latency_ms"]) for turn in ended)
    return {
        "total_messages": Decimal(len(turns) + len(good)),
        "total_calls": Decimal(len(turns)),
        "unique_users": Decimal(len({turn["user_id"] for turn in turns} - {""})),
        "total_sessions": Decimal(len({turn["session_id"] for turn in turns})),
        "success_rate": success,
        "error_rate": 1 - success,
        "avg_response_time_ms": _rounded(Decimal(spent) / len(ended), 2) if ended else Decimal(0),
    }


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def as_numbers(row: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(row[name]) for name in figures([])}


@given(bot=bots, last=ends, length=lengths)
@laws
def test_metrics_by_day_are_the_export(mock, tmp_path_factory, bot, last, length):
    """Each row has the figures of the turns of its day."""
    days = calendar.span(last - timedelta(days=length), last)

    found = pulled(tmp_path_factory.mktemp("out"), BOTS.metrics["day"], bot, days)

    turns = exported(mock, bot, days)
    assert {day: [as_numbers(row) for row in rows] for day, rows in found.items()} == {
        day: [figures(turns[day])] for day in days
    }


@given(bot=bots, last=ends, length=lengths)
@laws
def test_metrics_by_hour_are_the_export(mock, tmp_path_factory, bot, last, length):
    """Each row has the figures of the turns of its hour; today has only the hours that have begun."""
    days = calendar.span(last - timedelta(days=length), last)

    found = pulled(tmp_path_factory.mktemp("out"), BOTS.metrics["hour"], bot, days)

    turns = exported(mock, bot, days)
    for day in days:
        by_hour = defaultdict(list)
        for turn in turns[day]:
            by_hour[int(turn["at"][11:13])].append(turn)
        assert [int(row["hour"]) for row in found[day]] == list(range(21 if day == TODAY else 24))
        assert [as_numbers(row) for row in found[day]] == [
            figures(by_hour[int(row["hour"])]) for row in found[day]
        ]


@given(bot=bots, last=ends, page_size=st.integers(30, 100))
@settings(laws, max_examples=examples(6))
def test_events_are_the_export(mock, tmp_path_factory, bot, last, page_size):
    """The executions of the raw events are the turns, for any page size."""
    found = pulled(tmp_path_factory.mktemp("out"), BOTS.events, bot, [last], page_size=page_size)[last]

    turns = exported(mock, bot, [last])[last]
    started = [row for row in found if row["event_type"] == "message.sent" and row["role"] == "user"]
    ended = {row["chat_id"]: row for row in found if row["event_type"].startswith("execution.")}
    assert [
        (row["chat_id"], row["session_id"], row["user_id"], row["trigger_time"], row["connector_id"])
        for row in started
    ] == [
        (turn["chat_id"], turn["session_id"], turn["user_id"], turn["at_ms"], turn["connector_id"])
        for turn in turns
    ]
    assert {chat: (row["status"], row["duration_ms"]) for chat, row in ended.items()} == {
        turn["chat_id"]: (turn["status"], turn["latency_ms"]) for turn in turns if turn["status"] != "running"
    }


FLOW, CHATFLOW = "7389589103588700001", "7389589103588700002"


@pytest.mark.parametrize(("flow", "execution"), [(FLOW, "execute_id"), (CHATFLOW, "chat_id")])
def test_workflows(tmp_path, flow, execution):
    """Figures and events of workflows and chatflows are the export, too."""
    file = tmp_path / "flows.yaml"
    file.write_text(
        "bots:\n"
        f'  - {{id: "{FLOW}", card: {{kind: workflow}}, traffic: {{sessions_per_day: 20}}}}\n'
        f'  - {{id: "{CHATFLOW}", card: {{kind: chatflow}}, traffic: {{sessions_per_day: 20}}}}\n'
    )
    days = calendar.span(TODAY - timedelta(days=2), TODAY - timedelta(days=1))
    with Mock(now="2026-11-22T20:30:00+08:00", dataset=str(file)) as mock:
        metrics = pulled(tmp_path / "metrics", WORKFLOWS.metrics["day"], flow, days, kind=WORKFLOWS)
        events = pulled(tmp_path / "events", WORKFLOWS.events, flow, days, kind=WORKFLOWS)
        turns = exported(mock, flow, days)

    for day in days:
        (row,) = metrics[day]
        ended = [one for one in events[day] if one["event_type"].startswith("execution.")]
        assert row["workflow_id"] == flow
        assert row["total_calls"] == str(len(turns[day]))
        assert sorted(one[execution] for one in ended) == sorted(turn[execution] for turn in turns[day])
        assert {one["workflow_id"] for one in events[day]} == {flow}


def pull_while_asked(mock, new_folder, monkeypatch, scenario, questions: int, days: list[date], size: int):
    """A question comes in at every pause after a failed call; what is pulled is what the export says then.

    A run may end with an error only for the two reasons that are documented; begun again, it gives the same.
    """
    mock.reset()
    mock.scenario(scenario)
    asked, folder = [], new_folder("out")

    def ask(_: float) -> None:
        if len(asked) < questions:
            at = f"2026-11-22T{len(asked) % 20:02}:30:00+08:00"
            asked.append(mock.ask(BOT, "怎么开发票", user=f"u{len(asked)}", at=at))

    monkeypatch.setattr(pull_client, "sleep", ask)
    ended = ""
    try:
        events = pulled(folder, BOTS.events, BOT, days, page_size=size)
    except PullError as error:
        ended = str(error)
    mock.scenario(None)
    if ended:
        events = pulled(new_folder("again"), BOTS.events, BOT, days, page_size=size)
    metrics = pulled(new_folder("out"), BOTS.metrics["day"], BOT, days)

    turns = exported(mock, BOT, days)
    for day in days:
        chats = [row["chat_id"] for row in events[day] if row["role"] == "user"]
        assert chats == [turn["chat_id"] for turn in turns[day]]
        assert [as_numbers(row) for row in metrics[day]] == [figures(turns[day])]
    mock.reset()
    return ended


@pytest.mark.slow
@given(every=st.integers(2, 9), page_size=st.integers(15, 60), length=st.integers(0, 1))
@settings(laws, max_examples=examples(6))
def test_the_law_holds_while_few_questions_are_asked(
    mock, tmp_path_factory, monkeypatch, every, page_size, length
):
    """A day is read at most five times; with four questions in between, one reading is undisturbed."""
    rule = {"when": {"service": "coze", "every": every}, "answer": {"error": "unavailable"}}
    days = calendar.span(TODAY - timedelta(days=length), TODAY)

    ended = pull_while_asked(
        mock, tmp_path_factory.mktemp, monkeypatch, {"rules": [rule]}, 4, days, page_size
    )

    assert ended == ""


@pytest.mark.slow
@given(seed=st.integers(0, 99), page_size=st.integers(15, 60), length=st.integers(0, 1))
@settings(laws, max_examples=examples(6))
def test_the_law_holds_while_questions_are_asked_and_calls_fail(
    mock, tmp_path_factory, monkeypatch, seed, page_size, length
):
    """Despite random questions and failures, a run writes correct files or states why it cannot."""
    rule = {"when": {"service": "coze", "probability": 0.2}, "answer": {"error": "unavailable"}}
    scenario = {"seed": seed, "rules": [rule]}
    days = calendar.span(TODAY - timedelta(days=length), TODAY)

    ended = pull_while_asked(mock, tmp_path_factory.mktemp, monkeypatch, scenario, 12, days, page_size)

    assert re.search(r"^$|changed during each of 5 readings$|\(attempt 6 of 6\)$", ended), ended


def test_figures_keep_their_digits(mock, tmp_path):
    """CSV holds each figure as the service wrote it."""
    day = TODAY - timedelta(days=1)

    pulled(tmp_path, BOTS.metrics["day"], BOT, [day])

    query = {"start_date": str(day), "end_date": str(day)}
    text = mock.app.test_client().get(f"/v1/bots/{BOT}/analytics", query_string=query, headers=HEADERS).text
    (line,) = (tmp_path / f"{day}.csv").read_text("utf-8").splitlines()[1:]
    assert all(f":{figure}" in text for figure in line.split(",")[2:])


def test_events_that_never_come_to_rest_end_the_run(mock, monkeypatch):
    """After five readings with moving pages the run ends, so that no file has a gap."""
    client = Client(URL, HEADERS)
    get = client.get

    def get_and_ask(path, parameters):
        mock.ask(BOT, "怎么开发票", at="2026-11-21T00:00:01+08:00")
        return get(path, parameters)

    monkeypatch.setattr(client, "get", get_and_ask)
    with pytest.raises(PullError, match="changed during each of 5 readings"):
        Coze(client, BOTS.events, {}, 50).rows(BOTS.events, BOT, [TODAY - timedelta(days=1)])
    mock.reset()


@pytest.mark.parametrize("name", ["metrics", "bot_id", "date", "total_calls"])
def test_responses_without_a_member_are_refused(mock, name):
    """The error names the missing member."""
    member = name if name in {"metrics", "bot_id"} else f"metrics.0.{name}"
    mock.scenario({"rules": [{"damage": [{"kind": "missing-member", "member": f"data.{member}"}]}]})

    with pytest.raises(PullError, match=name):
        Coze(Client(URL, HEADERS), BOTS.metrics["day"], {}).rows(BOTS.metrics["day"], BOT, [TODAY])
    mock.scenario(None)


def test_a_response_about_another_bot_is_refused(mock):
    """A response about another bot, as after a proxy's mistake, is refused."""
    mock.scenario({"rules": [{"damage": [{"kind": "swapped"}]}]})
    source = Coze(Client(URL, HEADERS), BOTS.metrics["day"], {})
    source.rows(BOTS.metrics["day"], BOT, [TODAY])

    with pytest.raises(PullError, match="bot_id of the response is '7342866812345678901'"):
        source.rows(BOTS.metrics["day"], "7399999999999999999", [TODAY])
    mock.scenario(None)
