"""Who may change the mock through a browser."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from mockcbs.testing.live import LiveServer
from tests.console.browser.driving import (
    COZE,
    MARKS,
    NOW,
    playwright,
    settle,
)
from tests.servers import running

pytestmark = MARKS


def test_sign_in(browser):
    """With --control-token the page asks for it once; no address contains it, and a wrong one is refused."""
    with LiveServer(now=NOW, control_token="open sesame") as mock:
        page = browser.new_page(locale="en-US")
        page.goto(f"{mock.url}/_mockcbs/console/calls")
        dialog = page.locator("dialog")
        dialog.locator("input").fill("wrong")
        dialog.get_by_role("button", name="Sign in").click()
        dialog.locator(".note").wait_for()
        dialog.locator("input").fill("open sesame")
        page.keyboard.press("Enter")
        settle(page)

        assert page.locator("h1").inner_text() == "Calls"
        assert "sesame" not in page.url
        page.reload()
        settle(page)
        playwright.expect(page.locator("dialog")).to_have_count(0)
        page.wait_for_selector(".dot.on")
        page.close()


def test_a_stored_page_cannot_reset(mock, browser):
    """HTML with a script in a bucket has the console's host, but cannot change anything."""
    script = "fetch('/_mockcbs/reset', {method: 'POST', headers: {'X-Mockcbs-Console': '1'}})"
    signed = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": "Wed, 25 Nov 2026 09:40:00 GMT"}
    kind = {"Content-Type": "text/html", "x-oss-object-acl": "public-read"}
    content = f"<h1>stored</h1><script>{script}</script>"
    stored = httpx.put(f"{mock.url}/pages/x.html", content=content, headers=signed | kind)
    assert stored.status_code == 200

    page = browser.new_page()
    page.goto(f"{mock.url}/pages/x.html?OSSAccessKeyId=someone&Expires=1795700000&Signature=c2ln")
    page.wait_for_timeout(500)
    shown = page.content()
    page.close()

    assert "stored" in shown
    assert "/pages/x.html" in [entry.path for entry in mock.journal]


def test_a_foreign_page_cannot_reset(mock, browser):
    """A page of another origin, by form or by script, changes nothing and reads nothing."""
    httpx.get(f"{mock.url}/v1/users/me", headers=COZE)

    class Evil(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path != "/":
                self.send_error(404)
                return
            target = f"{mock.url}/_mockcbs/reset"
            journal = f"{mock.url}/_mockcbs/journal"
            script = (
                f"const read = () => fetch('{journal}').then((r) => r.text()).then((t) => window.read = t);"
                f"Promise.allSettled([fetch('{target}', {{method: 'POST', mode: 'no-cors'}}), read()])"
                ".then(() => { document.title = 'done'; document.forms[0].submit(); })"
            )
            page = f"<form method=post action='{target}'></form><script>{script}</script>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_):
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Evil)) as url:
        page = browser.new_page()
        page.goto(url.replace("127.0.0.1", "localhost"))
        page.wait_for_url(f"{mock.url}/_mockcbs/reset")
        answer = json.loads(page.locator("body").inner_text())
        page.close()

    assert answer["status"] == 403
    assert "/v1/users/me" in [entry.path for entry in mock.journal]
