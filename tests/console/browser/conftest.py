"""A browser, mocks to look at, and pages that must log no error."""

import httpx
import pytest

from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, PROJECT
from tests.console.browser.driving import (
    ANALYTICS,
    CBS,
    CHROMIUM,
    COZE,
    COZE_BOT,
    LOCALES,
    NOW,
    leave,
    outside,
    playwright,
    settle,
)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def mock():
    with LiveServer(now=NOW) as server:
        yield server


@pytest.fixture(scope="module")
def filled():
    """A mock with something on every page; tests only look at it."""
    with LiveServer(now=NOW) as server, httpx.Client(base_url=server.url) as client:
        client.post("/_mockcbs/webhooks", json={"url": "http://127.0.0.1:9/", "challenge": False})
        client.get(ANALYTICS, headers=COZE)
        client.get(f"/v1/{PROJECT}/qabots/{BOT}/session_stats?interval=day", headers=CBS)
        message = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
        chat = {"bot_id": COZE_BOT, "user_id": "u-1", "additional_messages": [message]}
        client.post("/v3/chat", headers=COZE, json=chat)
        table = {"service": "feishu", "base": "bascnA", "table": "tblA", "rows": [{"input_len": 3}]}
        client.put("/_mockcbs/tables", json=table)
        said = {"msg_type": "text", "content": {"text": "日报"}}
        client.post("/open-apis/bot/v2/hook/1b2c3d4e", json=said)
        signed = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": "Wed, 25 Nov 2026 09:40:00 GMT"}
        client.put("/reports/a.csv", content="a,b\n1,2\n", headers=signed)
        yield server


@pytest.fixture
def opened(browser):
    """Opens pages, and fails if one of them logs an error or asks another host."""
    contexts, problems = [], []

    def page(base, path="analysis", *, language="en", theme="light", width=1280, context=None):
        if context is None:
            context = browser.new_context(
                locale=LOCALES[language],
                color_scheme=theme,
                viewport={"width": width, "height": 900},
                timezone_id="Asia/Shanghai",
            )
            contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: message.type == "error" and problems.append(message.text))
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.on("request", lambda sent: outside(base, sent.url) and problems.append(sent.url))
        shown.goto(f"{base}/_mockcbs/console/{path}")
        settle(shown)
        return shown

    yield page
    for context in contexts:
        for shown in context.pages:
            leave(shown)
        context.close()
    assert problems == []
