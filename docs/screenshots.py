"""Makes docs/images/*.png: the pages of the console, with traffic of a fixed day.

It needs chromium, and `pip install -e '.[test,browser]'`. Run it after a change of the pages:

    python docs/screenshots.py [chromium]
"""

import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import httpx
import oss2
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mockcbs.testing.live import LiveServer

IMAGES = Path(__file__).parent / "images"
COLOURS = 255
"""Enough for pages without photographs, and half the bytes."""
NOW = "2026-11-25T17:40:00+08:00"
PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT, COZE_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "7342866812345678901"
COZE, CBS = {"Authorization": "Bearer pat_mockcbs"}, {"X-Auth-Token": "any"}


@dataclass(frozen=True)
class Shot:
    """One picture of a page."""

    name: str
    path: str
    language: str = "en"
    theme: str = "light"
    click: str = ""
    """What to click first: a selector."""
    height: int = 860
    scenario: str = ""
    """What goes wrong meanwhile."""


SHOTS = (
    Shot("analysis-en-light", "analysis", height=1010),
    Shot("analysis-zh-dark", f"analysis?bot={BOT}", "zh", "dark", height=1400),
    Shot("explain-en-light", "analysis", click="[data-figure='data.summary.error_rate']"),
    Shot("calls-en-light", "calls"),
    Shot("call-zh-light", "calls/7", "zh", height=1000),
    Shot("difference-en-dark", "calls/5..6", "en", "dark"),
    Shot("trouble-zh-light", "trouble", "zh", scenario="flaky-once"),
    Shot("deliveries-en-light", "deliveries"),
    Shot("tables-zh-light", "tables", "zh", height=560),
    Shot("messages-en-light", "messages", height=560),
    Shot("objects-zh-dark", "objects", "zh", "dark", click="tr.link", height=700),
)


class Receiver(BaseHTTPRequestHandler):
    """A receiver of webhooks that fails now and then."""

    received = 0

    def do_POST(self) -> None:
        """Answer 200, and each fifth time 503."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.received += 1
        failing = Receiver.received % 5 == 0
        self.send_response(503 if failing else 200)
        self.end_headers()
        self.wfile.write(body if b"challenge" in body else b"busy" if failing else b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[str]:
    """The URL of a `Receiver`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/usage"
    finally:
        server.shutdown()
        server.server_close()


def call_everything(base: str, webhook: str) -> None:
    """Calls that fill every page."""
    with httpx.Client(base_url=base, trust_env=False) as client:
        call(client, webhook)
    put_objects(base)


def call(client: httpx.Client, webhook: str) -> None:
    """Statistics, dialogues, and what they lead to."""
    client.post("/_mockcbs/webhooks", json={"url": webhook, "challenge": False})
    statistics = f"/v1/{PROJECT}/qabots/{BOT}"
    analytics = f"/v1/bots/{COZE_BOT}/analytics"
    client.get(f"{analytics}?start_date=2026-11-19&end_date=2026-11-25", headers=COZE)
    client.get(f"{analytics}?start_date=2026-11-25&end_date=2026-11-19", headers=COZE)
    client.get(f"{statistics}/requests/keywords?top=5", headers=CBS)
    client.get(f"{statistics}/requests/session-stats?inteval=day", headers=CBS)
    client.get(f"{statistics}/requests/reply-rates?interval=day&time_zone=%2B08%3A00", headers=CBS)
    client.get(f"{statistics}/requests/reply-rates?interval=week&time_zone=%2B08%3A00", headers=CBS)
    client.get(f"{statistics}/session_stats?interval=day", headers=CBS)
    for question in ("桌面云打不开", "怎么申请桌面云", "打印机连不上"):
        message = {"role": "user", "content": question, "content_type": "text"}
        chat = {"bot_id": COZE_BOT, "user_id": "u-001", "additional_messages": [message]}
        client.post("/v3/chat", headers=COZE, json=chat)
        client.post(f"{statistics}/chat", headers=CBS, json={"question": question, "user_id": "wang"})
    client.put("/_mockcbs/scenario", json={"scenario": "flaky-once"})
    client.get(f"{statistics}/qa-pairs/hots?top=3", headers=CBS)
    client.delete("/_mockcbs/scenario")
    fill_tables(client)


def fill_tables(client: httpx.Client) -> None:
    """Rows of a reporting node, and messages about them."""
    app = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
    token = client.post("/open-apis/auth/v3/tenant_access_token/internal", json=app).json()
    feishu = {"Authorization": f"Bearer {token['tenant_access_token']}"}
    table = "/open-apis/bitable/v1/apps/bascnWorkflowRuns00000000001/tables/tblWorkflowRuns1"
    for place, duration in enumerate((812, 1630, 455, 12_904, 760, 2_218)):
        row = {
            "workflow_id": "7389589103588700001",
            "exec_time": 1_795_594_200_000 + place * 127_000,
            "input_len": 18 + 7 * place,
            "duration_ms": duration,
        }
        client.post(f"{table}/records", headers=feishu, json={"fields": row})
    text = {"text": "工作流日报 2026-11-24\n调用 214 次，独立用户 61，平均 1.2 s，错误率 0.93%"}
    hook = "/open-apis/bot/v2/hook/1b2c3d4e-0001"
    client.post(hook, json={"msg_type": "text", "content": text})
    message = {
        "receive_id": "oc_820faa21d7ed275b53d1727a0feaa917",
        "msg_type": "text",
        "content": json.dumps({"text": "One run took 12.9 s: over the limit of 10 s."}),
    }
    client.post("/open-apis/im/v1/messages?receive_id_type=chat_id", headers=feishu, json=message)


def put_objects(base: str) -> None:
    """What a nightly pull leaves."""
    auth = oss2.Auth("MOCKCBSAK", "mockcbs-secret-key")
    bucket = oss2.Bucket(auth, base, "analytics", is_path_style=True)
    for day in range(20, 25):
        lines = f"date,total_messages,success_rate,avg_response_time_ms\n2026-11-{day},456,0.974,625.31\n"
        bucket.put_object(f"coze/2026-11-{day}.csv", lines, headers={"Content-Type": "text/csv"})


def take(browser: Browser, base: str, shot: Shot) -> None:
    """Make one picture."""
    context = browser.new_context(
        locale={"en": "en-US", "zh": "zh-CN"}[shot.language],
        color_scheme=shot.theme,  # type: ignore[arg-type]
        viewport={"width": 1240, "height": shot.height},
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    if shot.scenario:
        httpx.put(f"{base}/_mockcbs/scenario", json={"scenario": shot.scenario}, trust_env=False)
    page = context.new_page()
    page.goto(f"{base}/_mockcbs/console/{shot.path}")
    settle(page)
    if shot.click:
        page.locator(shot.click).first.click()
        settle(page)
    picture = Image.open(BytesIO(page.screenshot()))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{shot.name}.png", optimize=True)
    httpx.delete(f"{base}/_mockcbs/scenario", trust_env=False)
    context.close()


def settle(page: Page) -> None:
    """Wait until everything is read and drawn."""
    page.wait_for_selector("main[data-ready]")
    page.wait_for_timeout(1500)
    expect(page.locator(".skeleton")).to_have_count(0)


def main(chromium: str | None) -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with receiver() as webhook, LiveServer(now=NOW, tick=True) as mock, sync_playwright() as playwright:
        call_everything(mock.url, webhook)
        time.sleep(2)  # for the deliveries
        mock.clock.freeze()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            take(browser, mock.url, shot)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium"))
