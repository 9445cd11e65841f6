"""What is being done, and about how long it will go on."""

import time

import click


class Progress:
    """Parts one after the other, each with the seconds it should take; its own pace corrects that."""

    def __init__(self, expected: dict[str, float]) -> None:
        self._began = time.monotonic()
        self._waiting = dict(expected)
        self._part = ""
        self._expected = 0.0
        self._part_began = self._began

    def begin(self, part: str) -> None:
        """The next part begins."""
        self._part, self._expected = part, self._waiting.pop(part, 0.0)
        self._part_began = time.monotonic()
        self.tell(0, "begins")

    def tell(self, done: float, what: str) -> None:
        """So much of this part (0 to 1) is *done*; *what* comes next, or came of it."""
        now = time.monotonic()
        left = remaining(self._expected, now - self._part_began, done) + sum(self._waiting.values())
        click.echo(
            f"[{_clock(now - self._began)}, about {_clock(left)} to go] {self._part}: {what}", err=True
        )


def remaining(expected: float, elapsed: float, done: float) -> float:
    """Seconds left of a part: as expected at first, and more and more as its own pace says."""
    if done <= 0:
        return max(0.0, expected - elapsed)
    by_pace = elapsed / done * (1 - done)
    return done * by_pace + (1 - done) * (1 - done) * max(expected, elapsed)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
