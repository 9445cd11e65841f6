"""Texts of clients in log lines."""

import json
import logging
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.printable import make_log_printable, printable, printable_json


def controls(text: str) -> set[str]:
    """The characters of *text* that a terminal or a reader of lines could obey."""
    kinds = {one: unicodedata.category(one) for one in text if one != "\u200d"}
    return {one for one, kind in kinds.items() if kind[0] == "C" or kind in {"Zl", "Zp"}}


@given(st.text(st.characters()))
def test_every_text_becomes_one_line(text):
    """No control character and no line break is left; printable text stays the same."""
    line = printable(text)

    assert not controls(line)
    assert len(line.splitlines()) <= 1
    assert line == text or controls(text)


def test_spaces_and_joined_emoji_stay():
    """The wide space of Chinese texts and the joiner of emoji do no harm; marks of direction are escaped."""
    assert printable("甲\u3000乙 👨\u200d👩 \u202e") == "甲\u3000乙 👨\u200d👩 \\u202e"


def test_a_forged_line_shows_as_an_escape(caplog):
    """A client cannot write a second line into the log, nor move the cursor of a terminal."""
    make_log_printable()

    with caplog.at_level(logging.INFO, "mockcbs"):
        logging.getLogger("mockcbs").info("GET %s", "/a\n200 GET /forged\x1b[2J")

    assert caplog.messages == ["GET /a\\n200 GET /forged\\x1b[2J"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_keeps_its_value(text):
    """A line of JSON stays one line for every reader, also for those that break lines at U+2028."""
    line = printable_json(json.dumps(text, ensure_ascii=False))

    assert not controls(line)
    assert json.loads(line) == text


def test_an_exception_forges_no_line(caplog):
    """The lines of a traceback are indented, so that none of them passes for a line of the log."""
    make_log_printable()

    def fail():
        raise ValueError("a\n2026-11-25 200 GET /forged\x1b[2J")

    try:
        fail()
    except ValueError:
        logging.getLogger("mockcbs").exception("a bug")

    _, *traced = caplog.text.splitlines()
    assert any("200 GET /forged\\x1b[2J" in line for line in traced)
    assert all(line.startswith("  ") and line.isprintable() for line in traced)
