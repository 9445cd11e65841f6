"""Texts of clients in log lines, without line breaks and escape sequences."""

import logging


def printable(text: str) -> str:
    """*text* with control characters, line breaks and unpaired surrogates written as escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


class PrintableFilter(logging.Filter):
    """Reduces every message to one line; a traceback keeps its lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Accept every record."""
        record.msg, record.args = printable(record.getMessage()), None
        return True


def make_log_printable() -> None:
    """Turn every message in mockcbs's log into one line."""
    log = logging.getLogger("mockcbs")
    if not any(isinstance(one, PrintableFilter) for one in log.filters):
        log.addFilter(PrintableFilter())
