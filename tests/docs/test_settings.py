"""`docs/settings.md` tells what `mockcbs.settings` says."""

from mockcbs import Settings
from mockcbs.core.setting import settings_of
from tests.docs.settings_table import OWNERS, PAGE, page, table


def test_the_tables_are_those_of_the_settings():
    """Each setting has its row with flag, default and meaning; the module's command rewrites them."""
    text = PAGE.read_text("utf-8")

    assert text == page(text), "run: python -m tests.docs.settings_table"
    assert all(table(owner) in text for owner in OWNERS.values())


def test_a_setting_that_is_not_on_the_page_is_noticed():
    """The command restores a removed row."""
    text = PAGE.read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| `--seed` |"))

    assert page(text.replace(f"{row}\n", "")) == text


def test_names_in_python_are_told():
    """The page names the settings whose names in Python differ from the command line."""
    text = PAGE.read_text("utf-8")

    switched_off = [name for name, default, _, _ in settings_of(Settings) if default is True]
    assert all(f"`{name}=False`" in text for name in switched_off), switched_off
