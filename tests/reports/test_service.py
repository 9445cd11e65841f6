"""Reporting nodes and daily reports, into this very mock and elsewhere."""

import json
import time

import pytest
import requests

from mockcbs import Mock
from mockcbs.core.errors import UserError
from mockcbs.services.coze import analytics
from mockcbs.testing.webhooks import ReceiverServer
from tests.clients.conftest import serving  # noqa: F401 - a fixture
from tests.databases import free_port

WORKFLOW = "7389589103588700001"
NOW = "2026-11-24T02:00:00Z"
TOKEN = {"Authorization": "Bearer pat_mockcbs"}
DATASET = f"""
bots:
  - id: "{WORKFLOW}"
    name: 整理工单
    traffic: {{sessions_per_day: 60, users: 40}}
    card: {{kind: workflow}}
    report: {{kind: %s}}
reports:
  - to: {{%s}}
"""
KINDS = {
    "feishu": "feishu, app_token: bascnAbCdEfGhIjKlMnOpQrSt, table_id: tblAbCdEfGhIjKlM",
    "airtable": "airtable, base: appAbCdEfGhIjKlMn, table: tblAbCdEfGhIjKlMn",
    "tencent_docs": "tencent_docs, file: DAbCdEfGhIj, sheet: BB08J2",
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def made(tmp_path, node: str = KINDS["feishu"], to: str = "hook: my-hook", **settings) -> Mock:
    file = tmp_path / "mine.yaml"
    file.write_text(DATASET % (node, to))
    return Mock(**{"dataset": str(file), "now": NOW, **settings})


def rows(mock) -> list[dict]:
    tables = mock.app.test_client().get("/_mockcbs/tables?limit=20000").json["tables"]
    found = [row for table in tables for row in table.get("rows", ())]
    return [{name: plain(value) for name, value in row.items()} for row in found]


def plain(value):
    """A cell without the segments that Tencent Docs puts text into."""
    return value[0]["text"] if isinstance(value, list) and value else value


def run() -> dict:
    body = {"workflow_id": WORKFLOW, "parameters": {"input": "你好世界"}}
    return requests.post("https://api.coze.cn/v1/workflow/run", json=body, headers=TOKEN).json()


def work(mock) -> None:
    while mock.state.jobs._jobs["reports"].work() == 0:
        pass


def test_a_run_becomes_a_row(tmp_path, kind):
    """The row is there when the run has answered."""
    with made(tmp_path, KINDS[kind]) as mock:
        answer = run()
        (row,) = rows(mock)

    assert answer["code"] == 0
    assert row["workflow_id"] == WORKFLOW
    assert (row["input_len"], row["duration_ms"]) == (4, 900)


def test_rows_are_runs(tmp_path, kind):
    """Generated runs that the clock passes become rows, as many as the analytics call counts."""
    with made(tmp_path, KINDS[kind]) as mock:
        work(mock)
        mock.clock.advance(hours=3)
        work(mock)
        mock.clock.advance(minutes=1)
        work(mock)
        found = rows(mock)
        since, until = 1_795_485_600_000, mock.clock.now - 60_000
        turns = mock.state.log.bot(WORKFLOW, mock.clock.now).view.turns

    begun = [at for at in turns.at.tolist() if since < at <= until]
    assert len(found) >= len(begun) > 10
    assert {row["workflow_id"] for row in found} == {WORKFLOW}


def test_a_table_that_fails_makes_the_run_fail(tmp_path):
    """The refusal of the table's service shows in the run."""
    with made(tmp_path) as mock:
        rule = {"when": {"operation": "feishu.*record*"}, "answer": {"error": "1254290"}}
        mock.scenario({"rules": [rule]})
        failed = run()

    assert failed["code"] != 0
    assert "1254290" in failed["msg"]


def test_three_days_three_reports(tmp_path):
    """Moving the clock over three mornings sends three reports, once each, with the API's figures."""
    with ReceiverServer() as receiver, made(tmp_path, to=f"hook: h1, url: '{receiver.url}'") as mock:
        receiver.respond_with(b'{"code":0,"msg":"success"}')
        client = mock.app.test_client()
        work(mock)
        mock.clock.advance(days=3)
        work(mock)
        work(mock)
        texts = [json.loads(one.body)["content"]["text"] for one in receiver.received]
        day = 20_781  # 2026-11-24
        log = mock.state.log.bot(WORKFLOW, mock.clock.now)
        asked = analytics.Question(WORKFLOW, day, day, mock.clock.now, silent=True)
        summary = analytics.answer(log, asked)["summary"]
        shown = client.get("/_mockcbs/reports").json["reports"]

    assert [text.splitlines()[0] for text in texts] == [f"日报 2026-11-{day}" for day in (24, 25, 26)]
    assert f"calls {summary['total_calls']}, 用户 users {summary['unique_users']}," in texts[0]
    assert f"mean {summary['avg_response_time_ms']:.2f} ms" in texts[0]
    assert f"error rate {100 * summary['error_rate']:.2f} %" in texts[0]
    assert len(texts[0].splitlines()) == 3
    assert [report["at"] for report in shown] == ["09:00"]


def test_a_full_hour(tmp_path):
    """Feishu may refuse at nine (11232): the report comes a minute later, once, in this very mock."""
    with made(tmp_path) as mock:
        work(mock)
        mock.scenario("full-hour")
        mock.clock.advance(hours=23)
        work(mock)
        client = mock.app.test_client()
        refused = client.get("/_mockcbs/messages").json["messages"]
        mock.scenario(None)
        for _ in range(3):
            mock.clock.advance(minutes=1)
            work(mock)
        (sent,) = client.get("/_mockcbs/messages").json["messages"]

    assert refused == []
    assert "日报 2026-11-24" in json.dumps(sent, ensure_ascii=False)


def test_several_workers_send_once(tmp_path, serving):  # noqa: F811
    """With two workers each report is sent once, to a hook of the mock itself."""
    file = tmp_path / "mine.yaml"
    file.write_text(DATASET % (KINDS["feishu"], "hook: my-hook"))
    with serving("--workers", "2", "--dataset", str(file), "--now", NOW) as served:
        time.sleep(2)
        for _ in range(3):
            requests.put(f"{served.url}/_mockcbs/clock", json={"advance_ms": 86_400_000}, timeout=20)
            time.sleep(0.3)
        deadline = time.monotonic() + 30
        messages: list = []
        while len(messages) < 3 and time.monotonic() < deadline:
            messages = requests.get(f"{served.url}/_mockcbs/messages", timeout=20).json()["messages"]
            time.sleep(0.2)
        time.sleep(1)
        again = requests.get(f"{served.url}/_mockcbs/messages", timeout=20).json()["messages"]

    assert len(messages) == len(again) == 3


def test_a_report_by_mail(tmp_path):
    """A report may go to a mail server."""
    from aiosmtpd.controller import Controller

    mails = []

    class Keep:
        """Keeps what comes."""

        async def handle_DATA(self, *call):  # noqa: N802 - aiosmtpd's name
            mails.append(call[-1])
            return "250 OK"

    port = free_port()
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        to = f"mail: ops@example.com, smtp: '127.0.0.1:{port}'"
        with made(tmp_path, to=to) as mock:
            work(mock)
            mock.clock.advance(days=1)
            work(mock)
    finally:
        controller.stop()

    (mail,) = mails
    assert mail.rcpt_tos == ["ops@example.com"]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("hook: a, chat: b", "give one of hook, chat and mail; given are hook, chat"),
        ("mail: x@y.z", "needs smtp: host:port"),
    ],
)
def test_reports_that_are_refused(tmp_path, to, words):
    """A mistake is named with its line."""
    with pytest.raises(UserError, match=words):
        made(tmp_path, to=to)
