"""The page that sets clock, scenario, dataset and seed, in a browser."""

import httpx
import pytest

from tests.console.browser.driving import COZE, MARKS, figures, playwright, settle

pytestmark = MARKS


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
    playwright.expect(analysis.locator(".value").first).not_to_have_text(
        next(iter(before.values())), timeout=20_000
    )
    file = tmp_path / "mine.yaml"
    file.write_text("description: my own\nbots: []\n", "utf-8")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_selector("text=my own")
    assert mock.state.dataset.name == "mine.yaml"
    page.get_by_role("button", name=restore).click()
    page.wait_for_selector(f"button:has-text('{restore}')", state="detached")
    assert (mock.state.dataset.name, mock.state.seed) == ("everyday", 42)
    playwright.expect(analysis.locator(".value").first).to_have_text(
        next(iter(before.values())), timeout=20_000
    )


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
