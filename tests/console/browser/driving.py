"""Pages of the console in a real browser: `pytest -m browser`."""

import shutil

import pytest

try:
    from playwright import sync_api as playwright
except ImportError:
    playwright = None
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

MARKS = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(playwright is None, reason="pip install 'mockcbs[browser]'"),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium"),
]
"""The marks of all tests with a browser."""

NOW = "2026-11-25T17:40:00+08:00"
COZE_BOT = "7342866812345678901"
COZE, CBS = {"Authorization": "Bearer pat_mockcbs"}, {"X-Auth-Token": "any"}
ANALYTICS = f"/v1/bots/{COZE_BOT}/analytics?start_date=2026-11-19&end_date=2026-11-25"
LOCALES = {"en": "en-US", "zh": "zh-CN"}


def outside(base, url):
    return not url.startswith((base, "data:", "blob:"))


def settle(page):
    """Wait until the page has read and drawn everything."""
    page.wait_for_selector("main[data-ready]")
    playwright.expect(page.locator(".skeleton")).to_have_count(0, timeout=20_000)


def leave(page):
    """Empty a page before its context is closed: Chromium never closes one whose page just reloads itself."""
    while page.url != "about:blank":
        try:
            page.goto("about:blank")
        except playwright.Error as error:
            if "interrupted by another navigation" not in error.message:
                raise


def figures(page):
    """The texts of the cards, by the figure of the API that each shows."""
    cards = page.locator(".figure-card")
    return {
        card.get_attribute("data-figure"): card.locator(".value").inner_text().replace("\n", "")
        for card in cards.all()
    }
