"""Texts of clients in log lines."""

import logging

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.printable import make_log_printable, printable


@given(st.text(st.characters()))
def test_every_text_becomes_one_line(text):
    """No control character and no line break is left; printable text stays the same."""
    line = printable(text)

    assert line.isprintable()
    assert len(line.splitlines()) <= 1
    assert line == text or not text.isprintable()


def test_a_forged_line_shows_as_an_escape(caplog):
    """A client cannot write a second line into the log, nor move the cursor of a terminal."""
    make_log_printable()

    with caplog.at_level(logging.INFO, "mockcbs"):
        logging.getLogger("mockcbs").info("GET %s", "/a\n200 GET /forged\x1b[2J")

    assert caplog.messages == ["GET /a\\n200 GET /forged\\x1b[2J"]
