"""The calls and their differences in a browser."""

import threading
import time

import httpx

from mockcbs.console import events
from tests.console.browser.driving import COZE, COZE_BOT, MARKS, playwright, settle

pytestmark = MARKS


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
