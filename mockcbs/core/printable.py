"""Texts of clients in logs and terminals, without line breaks, escape sequences and secrets."""

import json
import logging
import textwrap
import unicodedata

from mockcbs.core import masking

_FORMATTER = logging.Formatter()
_JOINER = "\u200d"
"""Joins emoji to one, such as that of a family."""


def _is_shown(character: str) -> bool:
    """Whether *character* is shown as it is: printable, or a space such as the wide one of Chinese texts."""
    return character.isprintable() or character == _JOINER or unicodedata.category(character) == "Zs"


def printable(text: str) -> str:
    """*text* with control characters, line breaks and unpaired surrogates written as escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if _is_shown(character) else character.encode("unicode_escape").decode()
        for character in text
    )


def printable_json(text: str) -> str:
    """The same for a JSON *text*, with the escapes of JSON; line breaks between values stay."""
    return "".join(
        character if _is_shown(character) or character == "\n" else json.dumps(character)[1:-1]
        for character in text
    )


def message(text: str) -> str:
    """A message for a terminal: *text* without secrets and control characters. It keeps its lines.

    Names in files and responses of servers may contain both.
    """
    return "\n".join(map(printable, masking.text(text).split("\n")))


class PrintableFilter(logging.Filter):
    """Masks secrets, and reduces every message to one line.

    A traceback keeps its lines, indented: none that an exception contains passes for a line of the log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Accept every record."""
        record.msg, record.args = printable(masking.text(record.getMessage())), None
        if record.exc_info and record.exc_info[0]:
            record.exc_text = textwrap.indent(message(_FORMATTER.formatException(record.exc_info)), "  ")
        return True


def make_log_printable() -> None:
    """Turn every message in mockcbs's log into one line without secrets."""
    log = logging.getLogger("mockcbs")
    if not any(isinstance(one, PrintableFilter) for one in log.filters):
        log.addFilter(PrintableFilter())
