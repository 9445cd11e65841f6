"""The words of a command."""

from datetime import date

import pytest

from mockcbs.core.errors import UserError
from mockcbs.examining.words import WORDS, Asked, Target, filled, named_in, variables

TARGET = Target("http://127.0.0.1:9", "pat", "7342866812345678901", "p")


def test_a_range_in_a_zone():
    """Days begin at midnight of the zone, and the last one belongs to the range."""
    words = Asked(date(2026, 11, 2), date(2026, 11, 2), zone="+08:00").words(TARGET)

    assert (words["start"], words["end"]) == ("2026-11-02", "2026-11-02")
    assert int(words["start_ms"]) == 1_793_548_800_000
    assert int(words["end_ms"]) - int(words["start_ms"]) == 86_400_000 - 1


def test_every_word_has_a_text():
    """The environment has each word; filters are empty texts."""
    environment = variables(Asked(date(2026, 11, 2), date(2026, 11, 3)).words(TARGET))

    assert set(environment) == {f"MOCKCBS_{name.upper()}" for name in WORDS}
    assert environment["MOCKCBS_BASE_URL"] == "http://127.0.0.1:9"
    assert environment["MOCKCBS_USER_ID"] == ""


def test_words_are_replaced():
    """Other braces stay: those of curl and of the shell among them."""
    template = "curl -w %{http_code} ${HOME} {base_url}/{bot_id}"

    assert named_in(template) == {"base_url", "bot_id"}
    assert (
        filled(template, {"base_url": "http://x", "bot_id": "7"}) == "curl -w %{http_code} ${HOME} http://x/7"
    )


def test_a_word_that_does_not_exist():
    """A misspelt word is refused with the accepted ones."""
    with pytest.raises(UserError, match=r"\{botid\} in the command: .*did you mean 'bot_id'\?"):
        named_in("client {base_url} {botid}")
