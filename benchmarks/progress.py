"""Reports the current part of a run and estimates the remaining time."""

import time

import click


class Progress:
    """Successive parts with their expected times; the measured pace corrects the estimate."""

    def __init__(self, expected: dict[str, float]) -> None:
        self._began = time.monotonic()
        self._waiting = dict(expected)
        self._part = ""
        self._expected = 0.0
        self._part_began = self._began

    def begin(self, part: str) -> None:
        """Start the next part."""
        self._part, self._expected = part, self._waiting.pop(part, 0.0)
        self._part_began = time.monotonic()
        self.tell(0, "begins")

    def tell(self, done: float, what: str) -> None:
        """Report that the share *done* (0 to 1) of this part is complete; *what* describes the next step."""
        now = time.monotonic()
        left = remaining(self._expected, now - self._part_began, done) + sum(self._waiting.values())
        click.echo(
            f"[{_clock(now - self._began)}, about {_clock(left)} to go] {self._part}: {what}", err=True
        )


def remaining(expected: float, elapsed: float, done: float) -> float:
    """The remaining time of a part, in s: at first the expected time, later more and more by the measured
    pace.
    """
    if done <= 0:
        return max(0.0, expected - elapsed)
    by_pace = elapsed / done * (1 - done)
    return done * by_pace + (1 - done) * (1 - done) * max(expected, elapsed)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
