"""Text of clients in log lines: a line break or an escape sequence in it must not pass for ours."""

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
    """Makes one line of every record's message; a traceback keeps its lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Accept every record."""
        record.msg, record.args = printable(record.getMessage()), None
        return True


def make_log_printable() -> None:
    """Let the log of mockcbs hold one line a message."""
    log = logging.getLogger("mockcbs")
    if not any(isinstance(one, PrintableFilter) for one in log.filters):
        log.addFilter(PrintableFilter())
