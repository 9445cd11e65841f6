"""The console in a real browser: `pytest -m browser`."""

import json
import shutil
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from mockcbs.console import events
from mockcbs.console.words import PAGES, WORDS
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, PROJECT
from tests.servers import running

playwright = pytest.importorskip("playwright.sync_api", reason="pip install 'mockcbs[browser]'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium"),
]

NOW = "2026-11-25T17:40:00+08:00"
COZE_BOT = "7342866812345678901"
COZE, CBS = {"Authorization": "Bearer pat_mockcbs"}, {"X-Auth-Token": "any"}
ANALYTICS = f"/v1/bots/{COZE_BOT}/analytics?start_date=2026-11-19&end_date=2026-11-25"
LOCALES = {"en": "en-US", "zh": "zh-CN"}
EVERY_PAGE = [*PAGES, "calls/1", "calls/1..2", f"analysis?bot={BOT}&by=hour", "analysis?range=30d"]


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
        context.close()
    assert problems == []


def outside(base, url):
    return not url.startswith((base, "data:", "blob:"))


def settle(page):
    """Wait until the page has read and drawn everything."""
    page.wait_for_selector("main[data-ready]")
    playwright.expect(page.locator(".skeleton")).to_have_count(0, timeout=20_000)


def figures(page):
    """The texts of the cards, by the figure of the API that each shows."""
    cards = page.locator(".figure-card")
    return {
        card.get_attribute("data-figure"): card.locator(".value").inner_text().replace("\n", "")
        for card in cards.all()
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page(opened, filled, path, language, theme):
    """Every page shows its heading in the browser's language, logs no error and asks no other host."""
    page = opened(filled.url, path, language=language, theme=theme)

    assert page.locator("h1").count() == 1
    assert (
        page.locator("nav.side a[aria-current]").inner_text()
        == WORDS[language][path.split("/")[0].split("?")[0]]
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 200) is (theme == "dark")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_narrow_screens(opened, filled, path):
    """On the screen of a phone, nothing is wider than the page."""
    page = opened(filled.url, path, width=360)

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_switches(opened, filled):
    """Language and theme can be switched, and stay so on the next page."""
    page = opened(filled.url, "calls")

    page.get_by_role("button", name="中文").click()
    page.wait_for_selector("h1:has-text('调用记录')")
    page.locator("#switches button").nth(1).click()
    page.get_by_role("link", name="数据表").click()
    settle(page)

    assert page.locator("h1").inner_text() == "数据表"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_cards_are_the_figures_of_the_api(opened, filled):
    """The cards show the figures that a client gets."""
    summary = httpx.get(f"{filled.url}{ANALYTICS}", headers=COZE).json()["data"]["summary"]

    shown = figures(opened(filled.url))

    assert shown["data.summary.total_calls"] == f"{summary['total_calls']:,}"
    assert shown["data.summary.unique_users"] == f"{summary['unique_users']:,}"
    mean = summary["avg_response_time_ms"]
    assert shown["data.summary.avg_response_time_ms"] == (
        f"{mean / 1000:.2f}s" if mean >= 1000 else f"{mean:.0f}ms"
    )
    assert shown["data.summary.error_rate"] == f"{100 * summary['error_rate']:.2f}%"


def test_cards_of_a_bot_with_sessions(opened, filled):
    """The same for a bot of the other service; the heat map adds up to the sessions of all hours."""
    start, end = 1_795_017_600_000, 1_795_622_399_999
    query = f"interval=day&time_zone=%2B08%3A00&start_time={start}&end_time={end}"
    path = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?{query}"
    total = httpx.get(f"{filled.url}{path}", headers=CBS).json()["total"]

    page = opened(filled.url, f"analysis?bot={BOT}")

    shown = figures(page)
    assert shown["total.session_count"] == f"{total['session_count']:,}"
    assert shown["total.avg_request_count"] == f"{total['avg_request_count']:.3f}"
    page.locator("details.behind summary").nth(1).click()
    page.locator("details.behind").nth(1).locator("table").wait_for()
    cells = page.locator("details.behind").nth(1).locator("td.number").all_inner_texts()
    assert sum(int(cell) for cell in cells if cell != "—") >= total["session_count"]


def test_explanation(opened, filled):
    """A click on a card shows the value as the API writes it, its formula and its turns."""
    summary = httpx.get(f"{filled.url}{ANALYTICS}", headers=COZE).json()["data"]["summary"]
    page = opened(filled.url)

    page.locator("[data-figure='data.summary.total_calls']").click()
    page.wait_for_selector(".drawer .formula")

    assert page.locator(".drawer .big-number").inner_text() == str(summary["total_calls"])
    assert page.locator(".drawer tbody tr").count() >= 50
    assert "curl" in page.locator(".drawer pre").first.inner_text()
    page.keyboard.press("Escape")
    playwright.expect(page.locator(".drawer")).to_have_count(0)


def test_charts_by_keyboard(opened, filled):
    """A chart takes the focus, arrows move through its points, Enter explains one."""
    page = opened(filled.url)

    page.locator(".chart svg").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip").first.inner_text().startswith("2026-11-20")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer .formula")

    assert "data.metrics[1].total_calls" in page.locator(".drawer").inner_text()


def test_a_link_holds_the_view(opened, filled):
    """The address of a page restores range, granularity and figures."""
    page = opened(filled.url)
    page.get_by_role("button", name="30 days").click()
    page.get_by_role("button", name="By hour").click()
    page.get_by_role("combobox", name="Figure").select_option("error_rate")
    page.wait_for_url("**/*metric=error_rate")
    playwright.expect(page.locator(".card h2").first).to_have_text("Error rate")

    other = opened(filled.url, page.url.partition("/console/")[2])

    assert figures(other) == figures(page)
    assert other.get_by_role("button", name="By hour").get_attribute("aria-pressed") == "true"
    assert other.locator(".card h2").first.inner_text() == "Error rate"


def test_the_clock_moves_every_page(mock, opened):
    """The slider freezes the clock; the API and the other pages follow."""
    page = opened(mock.url, "trouble")
    analysis = opened(mock.url, context=page.context)
    before = figures(analysis)

    slider = page.locator("input[type=range]")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    page.wait_for_timeout(1500)

    assert mock.clock.now < 1_795_500_000_000
    first = next(iter(before.values()))
    playwright.expect(analysis.locator(".value").first).not_to_have_text(first)
    assert figures(analysis) != before
    page.get_by_role("button", name="Real time").click()
    page.wait_for_selector(".badge:has-text('real time')")


def test_scenarios(mock, opened):
    """A scenario is started, what it hit is counted, and it is stopped."""
    page = opened(mock.url, "trouble")

    page.get_by_role("button", name="Start outage").click()
    page.wait_for_selector("text=Scenario outage is running")
    status = httpx.get(f"{mock.url}/v1/users/me", headers=COZE).status_code
    page.get_by_role("link", name="Hit 1 calls").click()
    settle(page)

    assert status >= 500
    assert page.locator("tbody tr").count() == 1
    page.goto(f"{mock.url}/_mockcbs/console/trouble")
    page.get_by_role("button", name="Stop").first.click()
    page.wait_for_selector("text=is running", state="detached")
    assert httpx.get(f"{mock.url}/v1/users/me", headers=COZE).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dataset_and_the_seed(mock, opened, language, tmp_path):
    """Both are chosen on the page, other pages follow at once, and one button restores those of the start."""
    names = {
        "en": ("Dataset", "Seed", "As at the start", "One bot with a million"),
        "zh": ("数据集", "种子", "恢复启动时的数据", "一百万次会话"),
    }
    dataset, seed, restore, about = names[language]
    page = opened(mock.url, "trouble", language=language)
    analysis = opened(mock.url, context=page.context)
    before = figures(analysis)

    page.get_by_label(dataset, exact=True).select_option("busy")
    page.wait_for_selector(f"text={about}")
    field = page.get_by_label(seed, exact=True)
    field.fill("7")
    field.press("Enter")
    page.wait_for_selector(".toast:has-text('7')")
    settle(analysis)

    assert (mock.state.dataset.name, mock.state.seed) == ("busy", 7)
    playwright.expect(analysis.locator(".value").first).not_to_have_text(next(iter(before.values())))
    file = tmp_path / "mine.yaml"
    file.write_text("description: my own\nbots: []\n", "utf-8")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_selector("text=my own")
    assert mock.state.dataset.name == "mine.yaml"
    page.get_by_role("button", name=restore).click()
    page.wait_for_selector(f"button:has-text('{restore}')", state="detached")
    assert (mock.state.dataset.name, mock.state.seed) == ("everyday", 42)


def test_a_file_that_is_no_dataset(mock, browser, tmp_path):
    """The page names the mistake, and shows the former dataset."""
    page = browser.new_page()
    page.goto(f"{mock.url}/_mockcbs/console/trouble")
    settle(page)
    file = tmp_path / "mine.yaml"
    file.write_text("bot: []\n", "utf-8")

    page.locator("input[type=file]").set_input_files(file)

    page.wait_for_selector(".toast.bad:has-text('bot: unknown key')")
    page.close()
    assert mock.state.dataset.name == "everyday"


def test_reset(mock, opened):
    """Reset asks first, then restores the state just after the start."""
    httpx.get(f"{mock.url}/v1/users/me", headers=COZE)
    page = opened(mock.url, "trouble")

    page.get_by_role("button", name="Reset", exact=True).click()
    page.locator("dialog").get_by_role("button", name="Reset").click()
    page.wait_for_selector(".toast")

    assert len(mock.journal) == 0


def test_calls_appear_as_they_come_in(mock, opened):
    """A new call is on the page within moments, and can be opened, sent again and copied as code."""
    page = opened(mock.url, "calls")
    assert "No calls yet" in page.locator("main").inner_text()

    httpx.get(f"{mock.url}/v1/users/me", headers=COZE)
    page.wait_for_selector("tbody tr")
    page.locator("tbody tr").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Call 1')")
    page.wait_for_selector("select[aria-label='Copy as …'] option:nth-child(3)", state="attached")
    page.get_by_role("button", name="Send again").click()
    page.wait_for_selector("h1:has-text('Call 2')")

    assert [entry.path for entry in mock.journal] == ["/v1/users/me"] * 2


def test_panels_show_no_missing_value(filled, opened):
    """Where a value is missing, a page and its panel show nothing, not the word for nothing."""
    for path in ("deliveries", "messages", "objects", "tables", "calls/1"):
        page = opened(filled.url, path)
        for row in page.locator("tr.link, .bubble button").all()[:1]:
            row.click()
            page.wait_for_selector(".drawer")
            page.wait_for_timeout(300)

        shown = page.locator("body").inner_text().split()
        assert {"null", "undefined", "NaN", "false"} & {*shown} == set(), path


def test_difference_of_long_lines(mock, opened):
    """JSON without line breaks is compared object by object: what is equal is not marked."""
    for day in (22, 23):
        query = f"start_date=2026-11-01&end_date=2026-11-{day}"
        httpx.get(f"{mock.url}/v1/bots/{COZE_BOT}/analytics?{query}", headers=COZE)

    page = opened(mock.url, "calls/1..2")

    response = page.locator(".diff").nth(1)
    assert "equal lines" in response.inner_text()
    assert "2026-11-23" in " ".join(response.locator(".in").all_inner_texts())
    assert "2026-11-10" not in response.inner_text()


def test_difference_of_two_calls(mock, opened):
    """Two calls are chosen in the list; what differs is marked, and only that."""
    for day in (20, 21):
        query = f"start_date=2026-11-{day}&end_date=2026-11-22"
        httpx.get(f"{mock.url}/v1/bots/{COZE_BOT}/analytics?{query}", headers=COZE)
    page = opened(mock.url, "calls")

    for box in page.locator("tbody input").all():
        box.check()
    page.get_by_role("button", name="Compare").click()
    settle(page)

    request = page.locator(".diff").first
    assert request.locator("mark").all_inner_texts() == ["2026-11-20", "2026-11-21"]


def test_two_hundred_calls_a_second(mock, opened):
    """While clients call without pause, the list follows, stays short, and its buttons work at once."""
    page = opened(mock.url, "calls")
    stop, sent = threading.Event(), []

    def call():
        with httpx.Client(base_url=mock.url, headers=COZE) as client:
            while not stop.is_set():
                client.get("/v1/users/me")
                sent.append(1)
                time.sleep(0.004)

    thread = threading.Thread(target=call)
    thread.start()
    try:
        page.wait_for_selector("tbody tr >> nth=200", timeout=20_000)
        first = page.locator("tbody tr").first.get_attribute("data-id")
        playwright.expect(page.locator("tbody tr").first).not_to_have_attribute("data-id", first)
        page.get_by_role("button", name="Pause").click(timeout=3_000)
        page.wait_for_timeout(800)
        paused = page.locator("tbody tr").first.get_attribute("data-id")
        page.wait_for_timeout(800)
        assert page.locator("tbody tr").first.get_attribute("data-id") == paused
    finally:
        stop.set()
        thread.join()
    page.get_by_role("button", name="Resume").click()
    playwright.expect(page.locator("tbody tr").first).to_have_attribute("data-id", str(len(sent)))

    assert page.locator("tbody tr").count() <= 300


def test_one_stream_for_all_tabs(mock, opened, monkeypatch):
    """The browser keeps one connection for hints, however many tabs are open."""
    streams, make = [], events.stream
    monkeypatch.setattr(events, "stream", lambda *args, **named: streams.append(1) or make(*args, **named))

    first = opened(mock.url, "calls")
    tabs = [first, *(opened(mock.url, "calls", context=first.context) for _ in range(7))]
    httpx.get(f"{mock.url}/v1/users/me", headers=COZE)
    for tab in tabs:
        tab.wait_for_selector("tbody tr")

    assert len(streams) == 1


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
