"""Names of the files of a pull."""

from datetime import date

import pytest

from mockcbs.core.errors import UserError
from mockcbs.pull.names import PATTERN, Names, check_bot

DAY = date(2025, 12, 21)


def test_the_default():
    """The default has a folder for each kind, and a file for each bot and day."""
    assert Names(PATTERN, "csv").name("daily", "734", DAY) == "daily/734-2025-12-21.csv"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{bots}.csv", "--name has {bots}, not one of {kind}, {bot}, {date}, {format}; did you mean 'bot'?"),
        ("{bot", "--name '{bot'"),
        ("/tmp/{bot}", "must stay in the folder of --out"),
        ("../{bot}", "must stay in the folder of --out"),
        ("", "must stay in the folder of --out"),
    ],
)
def test_patterns_that_are_refused(pattern, words):
    """The error names the pattern and what is accepted."""
    with pytest.raises(UserError) as caught:
        Names(pattern, "csv")

    assert words in str(caught.value)


def test_two_files_of_one_name():
    """Two files with the same name are refused before anything is pulled."""
    names = Names("{date}.csv", "csv")

    with pytest.raises(UserError, match="gives 2 files the same name x"):
        names.check_distinct(["x", "y", "x"])
    names.check_distinct(["x", "y"])


@pytest.mark.parametrize("bot", ["", "..", "a/b", "a" * 65, "a\n"])
def test_ids_that_no_bot_has(bot):
    """No id leads out of the folder."""
    with pytest.raises(UserError, match="is not the id of a bot"):
        check_bot(bot)
    check_bot("7342866812345678901")
