"""Rows and messages that mockcbs sends to Feishu."""

import json

import httpx
import pytest

from mockcbs import Settings, create_app
from mockcbs.services.feishu.hooks import sign
from mockcbs.services.feishu.reporting import MESSENGER, ROWS
from mockcbs.services.reporting import OutgoingMessage, ReportError, Row, Session
from tests.conftest import NOW
from tests.services.sessions import session_with

APP = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
ROW = Row("bascnAbCdEfGhIjKlMnOpQrSt", "tblAbCdEfGhIjKlM", {"input_len": 7}, "run-1", APP)
SAID = OutgoingMessage("hook-1", "日报", "三次调用", "once-1", 1_795_305_600_000, secret="s", credentials=APP)


@pytest.fixture
def app():
    return create_app(Settings(now=NOW))


@pytest.fixture
def session(app):
    with session_with(app) as session:
        yield session


def sent(send, message: OutgoingMessage) -> httpx.Request:
    """The request that a message becomes."""
    requests = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"code": 0, "tenant_access_token": "t-1"})

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://localhost") as client:
        send(Session(client), message)
    return requests[-1]


def test_a_row_is_written_once(app, session):
    """The same run twice is one record, and one token serves both calls."""
    first, second = ROWS.write(session, ROW), ROWS.write(session, ROW)
    calls = [entry["operation"] for entry in app.test_client().get("/_mockcbs/journal").json["entries"]]

    assert first == second
    assert calls.count("feishu.tenant_access_token") == 1


def test_a_refusal_is_an_error(session):
    """The error begins with Feishu's code."""
    with pytest.raises(ReportError, match=r"^\d+ "):
        ROWS.write(session, Row("no base", "tbl", {}, "run-1", APP))


def test_a_hook_with_a_secret_gets_a_signature():
    """The signature is that of the time of the message; a card has the title."""
    body = json.loads(sent(MESSENGER.to_hook, SAID).content)

    assert body["sign"] == sign("1795305600", "s")
    assert (body["msg_type"], body["content"]) == ("text", {"text": "三次调用"})


def test_a_card_to_a_chat():
    """A card has the title; the id of the message lets Feishu send it once."""
    card = OutgoingMessage("oc_1", "日报", "三次调用", "once-1", 0, as_card=True, credentials=APP)

    request = sent(MESSENGER.to_chat, card)

    body = json.loads(request.content)
    assert request.headers["Authorization"] == "Bearer t-1"
    assert (body["receive_id"], body["msg_type"], body["uuid"]) == ("oc_1", "interactive", "once-1")
    assert json.loads(body["content"])["header"]["title"]["content"] == "日报"
