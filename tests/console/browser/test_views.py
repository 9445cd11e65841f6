"""What the pages show in a browser."""

import httpx
import pytest

from mockcbs.console.words import PAGES, WORDS
from tests.conftest import BOT, PROJECT
from tests.console.browser.driving import ANALYTICS, CBS, COZE, MARKS, figures, playwright, settle

pytestmark = MARKS

EVERY_PAGE = [*PAGES, "calls/1", "calls/1..2", f"analysis?bot={BOT}&by=hour", "analysis?range=30d"]


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
