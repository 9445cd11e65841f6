"""``@coze/api`` in a page of another origin, in Chromium: chats, streams, cancels, uploads."""

import functools
import http.server
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from tests.clients import npm

pytestmark = [pytest.mark.browser, npm.needed]

SCRIPT = Path(__file__).parent / "browser" / "coze.js"
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def page_url(tmp_path_factory):
    """Where a server of its own has a page with the SDK, bundled as a web application would be."""
    folder = tmp_path_factory.mktemp("page")
    npm.install(folder, "@coze/api@1.3.9", "esbuild")
    (folder / "coze.js").write_bytes(SCRIPT.read_bytes())
    bundle = ["--bundle", "--platform=browser", "--outfile=bundle.js", "--define:global=window"]
    subprocess.run(["node_modules/.bin/esbuild", "coze.js", *bundle], cwd=folder, check=True, timeout=60)
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><script src="bundle.js"></script>'
    )
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        del format, args


@pytest.fixture(scope="module")
def seen(page_url, _shared):
    """What the page saw."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    served = _shared("--dataset", "coze-sample", "--pace", "20")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(page_url)
        yield page.evaluate("url => window.drive(url)", served.url)
        browser.close()


def test_chats(seen):
    """A page polls a chat, and streams one to the same end."""
    assert seen["poll"] == "completed"
    assert seen["stream"]["first"] == "conversation.chat.created"
    assert seen["stream"]["end"] == ["conversation.chat.completed", "done"]
    assert seen["stream"]["text"].startswith("请先确认网络正常")


def test_cancel(seen):
    """A stream that the page cancels ends with done, and never completes."""
    assert seen["cancel"] == {"status": "canceled", "after": "canceled", "end": "done", "completed": False}


def test_the_rest(seen):
    """Uploads, runs and the SDK's classes of errors work as in Node."""
    assert seen["upload"] == 5
    assert seen["run"] == '{"output":"ok"}'
    assert seen["refusal"] == {"name": "NotFoundError", "code": 4200, "status": 404}
