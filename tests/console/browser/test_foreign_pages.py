"""A foreign web page in a real browser: it can neither read nor change the mock, nor show its console."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx
import pytest

from mockcbs.testing.live import LiveServer
from tests.console.browser.driving import ANALYTICS, CHROMIUM, COZE, MARKS, NOW, leave, playwright
from tests.servers import running

pytestmark = MARKS

READY = "/_mockcbs/ready"
"""The only page that anybody may read: it says that the mock is ready."""
PLANTED = "planted-5d1c"
FOREIGN, REBOUND = "pages.example", "rebound.example"
OPEN_TO_ALL = "LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests"
"""Chromium's own protection of the local network, which would hide that of the mock."""
BODIES = {
    "/_mockcbs/clock": {"advance_ms": 86_400_000},
    "/_mockcbs/scenario": {"scenario": "outage"},
    "/_mockcbs/webhooks": {"url": "http://127.0.0.1:9/", "challenge": False},
    "/_mockcbs/tables": {"service": "feishu", "base": "bascnA", "table": "tblA", "rows": []},
    "/_mockcbs/dataset": {"name": "empty"},
}
ATTACK = """
async ([base, calls]) => {
  const read = [], pending = [], form = "application/x-www-form-urlencoded";
  const until = (target, ...names) => pending.push(Promise.race([
    ...names.map(name => new Promise(done => target.addEventListener(name, done))),
    new Promise(done => setTimeout(done, 5000)),
  ]));
  const put = (tag, members, where = document.body) =>
    where.appendChild(Object.assign(document.createElement(tag), members));
  const ask = (method, path, mode, type, body) => pending.push(
    fetch(base + path, {method, mode, body, credentials: "include", signal: AbortSignal.timeout(5000),
                        headers: type ? {"Content-Type": type} : {}})
      .then(async answer => answer.type === "opaque" || read.push(["fetch", await answer.text()]))
      .catch(() => {}));
  const change = (method, path, body) => {
    for (const type of ["text/plain", "application/json", ""]) ask(method, path, "cors", type, body);
    if (method !== "POST") return;
    for (const type of ["text/plain", form]) {
      ask(method, path, "no-cors", type, body);
      navigator.sendBeacon(base + path, new Blob([body], {type}));
    }
    const frame = put("iframe", {name: `f${pending.length}`});
    const sent = put("form", {action: base + path, method, enctype: "text/plain", target: frame.name});
    put("input", {name: body.slice(0, -1) + ',"', value: '":0}'}, sent);
    sent.submit();
    until(frame, "load");
  };
  const look = path => {
    for (const mode of ["cors", "no-cors"]) ask("GET", path, mode);
    const made = ["img", "script", "iframe"].map(tag => put(tag, {src: base + path}));
    for (const one of made) {
      until(one, "load", "error");
      one.addEventListener("load", () => {
        try { read.push([one.tagName, one.contentDocument.body.innerText]); }
        catch { if (one.tagName !== "IFRAME") read.push([one.tagName, "loaded"]); }
      });
    }
    const events = new EventSource(base + path);
    events.onopen = () => read.push(["EventSource", "opened"]);
    events.onerror = () => events.close();
    until(events, "open", "error");
    if (!/events|journal$/.test(path)) return;  // Chromium delays WebSockets more and more
    const socket = new WebSocket((base || location.origin).replace("http", "ws") + path);
    socket.onopen = () => read.push(["WebSocket", "opened"]);
    until(socket, "open", "close");
  };
  for (const [method, path, body] of calls) {
    method === "GET" ? look(path) : change(method, path, body);
    if (pending.length > 60) await Promise.all(pending.splice(0));
  }
  await Promise.all(pending);
  return read.filter(([, text]) => text);
}
"""
"""Tries each call in each way that a page has, and returns what the page could read."""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>foreign</title><body></body>")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    """The port of a server with another page."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), _Page)) as url:
        yield urlsplit(url).port


@pytest.fixture(scope="module")
def visitor():
    """A browser for which foreign names lead to this machine."""
    names = ",".join(f"MAP {name} 127.0.0.1" for name in (FOREIGN, REBOUND, "localhost"))
    arguments = ["--no-sandbox", f"--disable-features={OPEN_TO_ALL}", f"--host-resolver-rules={names}"]
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def mock():
    with LiveServer(now=NOW) as server, httpx.Client(base_url=server.url) as client:
        client.get(f"{ANALYTICS}&note={PLANTED}", headers=COZE)
        client.post("/_mockcbs/webhooks", json={"url": f"http://127.0.0.1:9/{PLANTED}", "challenge": False})
        yield server


def calls(app):
    """Each route of the control API and the console: method, path, body."""
    for rule in app.rules():
        if rule.rule.startswith("/_mockcbs") and rule.rule != READY:
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, path, json.dumps(BODIES.get(path, {}))


def held(mock):
    """What the mock holds, as a client without a browser reads it.

    A browser asks for the icon of whatever it shows; that call is left out.
    """
    paths = ("clock", "scenario", "webhooks", "tables", "turns", "messages", "dataset", "settings", "reports")
    with httpx.Client(base_url=mock.url) as client:
        read = {path: client.get(f"/_mockcbs/{path}").text for path in paths}
    return read, [entry.path for entry in mock.journal if entry.path != "/favicon.ico"]


def attack(page, base, mock):
    """Attack *mock* at *base* from *page*: what it could read, and the statuses seen."""
    statuses = set()
    page.on("response", lambda seen: "/_mockcbs" in seen.url and statuses.add(seen.status))
    read = page.evaluate(ATTACK, [base, list(calls(mock.app))])
    leave(page)
    return read, statuses


@pytest.mark.parametrize(("page_at", "mock_at"), [(FOREIGN, "127.0.0.1"), ("localhost", "localhost")])
def test_another_origin(mock, visitor, elsewhere, page_at, mock_at):
    """A page of another site, or of another port of this machine, reads nothing and changes nothing."""
    before = held(mock)
    page = visitor.new_page()
    page.goto(f"http://{page_at}:{elsewhere}/")

    read, statuses = attack(page, mock.url.replace("127.0.0.1", mock_at), mock)

    assert (read, statuses) == ([], {403})
    assert held(mock) == before


def test_a_name_that_leads_here(mock, visitor):
    """A page whose own name now leads to the mock (DNS rebinding) reads refusals only."""
    before = held(mock)
    own = f"http://{REBOUND}:{urlsplit(mock.url).port}/"
    page = visitor.new_page()
    page.route(own, lambda route: route.fulfill(body="<body></body>", content_type="text/html"))
    page.goto(own)

    read, statuses = attack(page, "", mock)

    assert statuses == {403}
    assert {kind for kind, _ in read} <= {"fetch", "IFRAME"}
    assert all("is not a name of this machine" in text for _, text in read)
    assert held(mock) == before


def test_links_and_windows(mock, visitor, elsewhere):
    """A page may open the console in a window of its own, as a link does, but cannot look into it."""
    page = visitor.new_page()
    page.goto(f"http://{FOREIGN}:{elsewhere}/")
    with page.expect_popup() as opened:
        page.evaluate("url => { window.seen = open(url); }", f"{mock.url}/_mockcbs/journal")
    opened.value.wait_for_load_state()

    assert PLANTED in opened.value.content()
    with pytest.raises(playwright.Error, match="cross-origin"):
        page.evaluate("window.seen.document.body.innerText")
    leave(opened.value)
    leave(page)
