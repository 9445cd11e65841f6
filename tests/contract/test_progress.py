"""The progress of a run, for a waiting user."""

import io

from mockcbs.contract import progress


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self):
        return True


def test_a_terminal_shows_one_line():
    """A terminal shows one line, which is overwritten, and cleared at the end."""
    stream = Terminal()
    shown = progress.Progress(stream)

    shown(1, 9, 20)
    shown(2, 9, 40)
    shown.end()

    assert stream.getvalue() == "\r1 of 9 checks, 20 calls\x1b[K\r2 of 9 checks, 40 calls\x1b[K\r\x1b[K"


def test_a_log_has_a_line_now_and_then(monkeypatch):
    """Every twenty seconds, and nothing at the end."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    stream = io.StringIO()
    shown = progress.Progress(stream)

    for second in (5, 21, 30, 42):
        now[0] = float(second)
        shown(second, 99, 0)
    shown.end()

    assert stream.getvalue() == "21 of 99 checks, 0 calls\n42 of 99 checks, 0 calls\n"
