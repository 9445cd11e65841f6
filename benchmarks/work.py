"""The requests that every contender gets: session-stats of one bot over a week, valid and invalid."""

import time
from dataclasses import dataclass, replace

TOKEN = "any-token"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
PATH = f"/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/{BOT}/requests/session-stats"
DAY = 86_400_000
NUMBER = "~n~"
"""What the number of a request replaces in its body."""


@dataclass(frozen=True)
class Ask:
    """One request and the expected status."""

    target: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("X-Auth-Token", TOKEN),)
    span: tuple[int, int] | None = None
    """A range (first and last ms); each request starts one ms later, so that no two requests are equal."""
    body: str = ""
    """The JSON of a POST, or nothing for a GET. `NUMBER` stands for the number of the request."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if self.body else "GET"

    def at(self, number: int) -> str:
        """The target of the request with this *number*."""
        if self.span is None:
            return self.target
        start, end = self.span
        return f"{self.target}&start_time={start + number}&end_time={end - number}"

    def content(self, number: int) -> str:
        """The body of the request with this *number*."""
        return self.body.replace(NUMBER, str(number))


@dataclass(frozen=True)
class Work:
    """Requests that are sent in turns, repeatedly."""

    name: str
    title: str
    asks: tuple[Ask, ...]

    @property
    def failing(self) -> float:
        """The share of requests that must fail."""
        return sum(ask.status >= 400 for ask in self.asks) / len(self.asks)

    @property
    def distinct(self) -> list[Ask]:
        """Each kind of request once."""
        return list(dict.fromkeys(self.asks))


def last_week(days: int = 7) -> tuple[int, int]:
    """The range of so many whole days up to the last midnight in UTC; its figures do not change any more."""
    end = time.time_ns() // 1_000_000 // DAY * DAY
    return end - days * DAY, end


def works(path: str = PATH, span: tuple[int, int] | None = None) -> dict[str, Work]:
    """All kinds of work, by name."""
    start, end = span or last_week()
    question = f"{path}?interval=day&time_zone=%2B08%3A00"
    repeated = Ask(f"{question}&start_time={start}&end_time={end}")
    new = Ask(question, span=(start, end))
    bad = replace(repeated, target=repeated.target.replace("=day", "=fortnight"), status=400)
    nobody = replace(repeated, status=401, headers=())
    mix = (repeated, repeated, new, repeated, bad, repeated, repeated, nobody, repeated, new)
    return {
        work.name: work
        for work in (
            Work("repeated", "repeated read", (repeated,)),
            Work("new", "ever-new query", (new,)),
            Work("bad", "400, bad parameter", (bad,)),
            Work("nobody", "401, no token", (nobody,)),
            Work("mix", "mix", mix),
        )
    }
