"""The reporting node of a workflow."""

import pytest
import requests

from tests.reports.mocks import KINDS, WORKFLOW, made
from tests.reports.rows import TOKEN, rows, run


def test_a_run_becomes_a_row(tmp_path, kind):
    """The row exists when the run returns."""
    with made(tmp_path, KINDS[kind]) as mock:
        answer = run()
        (row,) = rows(mock)

    assert answer["code"] == 0
    assert row["workflow_id"] == WORKFLOW
    assert (row["input_len"], row["duration_ms"]) == (4, 900)


def test_every_run_becomes_a_row(tmp_path, kind):
    """A run that fails is a row, too, and so is a turn that a test states."""
    with made(tmp_path, KINDS[kind]) as mock:
        failed = run(mockcbs="fail")
        mock.ask(WORKFLOW, "整理三张工单")
        found = [row["input_len"] for row in rows(mock)]

    assert failed["code"] != 0
    assert found == [4, 6]


def test_a_chat_with_a_chatflow_becomes_a_row(tmp_path):
    """The row of a chat with a chatflow is written when the chat has ended."""
    with made(tmp_path, kind_of_card="chatflow") as mock:
        message = {"role": "user", "content": "三个字", "content_type": "text"}
        body = {"workflow_id": WORKFLOW, "additional_messages": [message], "parameters": {}}
        requests.post("https://api.coze.cn/v1/workflows/chat", json=body, headers=TOKEN).raise_for_status()
        mock.clock.advance(minutes=1)
        found = rows(mock)

    assert [row["input_len"] for row in found[:1]] == [3]


def test_rows_are_runs(tmp_path, kind):
    """Generated runs that the clock passes become rows, one each, also if it goes back and on again."""
    with made(tmp_path, KINDS[kind]) as mock:
        since = mock.clock.now
        mock.clock.advance(hours=3)
        mock.clock.freeze("2026-11-24T03:00:00Z")
        mock.clock.advance(hours=2, minutes=1)
        found = rows(mock)
        turns = mock.state.log.bot(WORKFLOW, mock.clock.now).view.turns

    zipped = zip(turns.at.tolist(), turns.latency.tolist(), strict=True)
    ended = [at for at, latency in zipped if since < at and at + latency <= mock.clock.now]
    assert len(found) == len(ended) > 10
    assert {row["workflow_id"] for row in found} == {WORKFLOW}


STATED = """
feishu: {tables: [{base: bascnAbCdEfGhIjKlMnOpQrSt, table: tblAbCdEfGhIjKlM, name: r, fields: [%s]}]}
airtable: {tables: [{base: appAbCdEfGhIjKlMn, table: tblAbCdEfGhIjKlMn, name: r, fields: [%s]}]}
tencent_docs: {tables: [{base: DAbCdEfGhIj, table: BB08J2, name: r, fields: [%s]}]}
"""


def test_a_strict_mock_takes_the_rows_of_a_day(tmp_path, kind):
    """A strict mock accepts the node's credentials, and no rate limit stops a moved clock."""
    names = ("workflow_id", "exec_time", "input_len", "duration_ms")
    types = ("text", "date" if kind == "feishu" else "text", "number", "number")
    types = ("singleLineText", "singleLineText", "number", "number") if kind == "airtable" else types
    fields = {k: ", ".join(f"{{name: {n}}}" for n in names) for k in KINDS}
    fields[kind] = ", ".join(f"{{name: {n}, type: {t}}}" for n, t in zip(names, types, strict=True))
    more = STATED % tuple(fields[one] for one in ("feishu", "airtable", "tencent_docs"))
    with made(tmp_path, KINDS[kind], more=more, strict=True) as mock:
        mock.clock.advance(days=1)
        turns = mock.state.log.bot(WORKFLOW, mock.clock.now).view.turns
        count = len(rows(mock))
        answer = run()

    since = mock.clock.now - 86_400_000
    zipped = zip(turns.at.tolist(), turns.latency.tolist(), strict=True)
    assert count == len([at for at, took in zipped if since < at and at + took <= mock.clock.now]) > 10
    assert answer["code"] == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"wire": "reset"}, "ReadError"),
        ({"wire": "no-answer"}, "ReadTimeout"),
        ({"latency": {"fixed_ms": 6000}}, "ReadTimeout"),
        ({"answer": {"status": 429, "body": "slow down"}}, "429 slow down"),
        ({"answer": {"error": "1254291"}}, "1254291"),
    ],
)
def test_trouble_of_the_table_shows_in_the_run(tmp_path, fault, words):
    """A connection that breaks, and a table that answers too late or refuses, make the run fail."""
    with made(tmp_path) as mock:
        mock.scenario({"rules": [{"when": {"operation": "feishu.*record*"}, **fault}]})
        failed = run()

    assert failed["code"] == 720702222
    assert words in failed["msg"]
