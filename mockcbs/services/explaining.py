"""Explanations of statistics: the turns behind a figure, its formula, and the turns left out (law 10)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mockcbs.core.clock import iso
from mockcbs.traffic.bots import FIRST_DAY
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.recording import FIRST_SESSION
from mockcbs.traffic.turns import ANONYMOUS, Ints, Turns

Rows = npt.NDArray[np.intp]
"""Numbers of turns in the log of a bot, ascending."""
Mask = npt.NDArray[np.bool_]
"""One element for each turn in the log of a bot."""

Unit = Literal["turns", "days"]
Code = Literal[
    "future", "before", "after", "period", "filter", "outcome", "unended", "anonymous", "repeated", "scope",
    "retention",
]  # fmt: skip


@dataclass(frozen=True)
class LeftOut:
    """Turns that do not count for a figure, with the reason."""

    code: Code
    reason: str
    count: int
    unit: Unit = "turns"


@dataclass(frozen=True)
class Explanation:
    """The explanation of one figure."""

    formula: str
    """The formula of the figure, in terms of members of the listed turns."""
    calculation: str
    """The formula with numbers."""
    rows: Rows
    """The listed turns. Without any one of them the figure would differ, apart from rounding."""
    left_out: Sequence[LeftOut]


@dataclass(frozen=True)
class Explained:
    """A statistics response, with explanations of its figures."""

    body: Mapping[str, Any]
    """The response body of the service."""
    figures: Sequence[str]
    """The figures that have an explanation, as paths into the body: ``intervals[3].session_count``."""
    log: BotLog
    explain: Callable[[str], Explanation]
    """Explains one figure."""
    more: Callable[[Rows], Iterable[Mapping[str, Any]]] = lambda rows: ({} for _ in rows)
    """The members of a turn that the service shows in addition to `shown`."""

    def value(self, figure: str) -> Any:
        """The value of a figure in the response."""
        return value_at(self.body, figure)

    def turns(self, rows: Rows) -> list[dict[str, Any]]:
        """The displayed form of turns."""
        common = shown(self.log, rows)
        return [{**turn, **more} for turn, more in zip(common, self.more(rows), strict=True)]


Explainer = Callable[[], Explained]
"""Answers and explains the current request; raises `mockcbs.core.errors.ApiError`."""


def value_at(body: Any, path: str) -> Any:
    """The value in *body* at a path such as ``data.metrics[3].total_calls``."""
    for step in path.replace("[", ".[").split("."):
        body = body[int(step[1:-1])] if step.startswith("[") else body[step]
    return body


@dataclass
class Narrowing:
    """Turns that pass one condition after the other, and the turns that each condition leaves out."""

    kept: Mask
    left_out: list[LeftOut] = field(default_factory=list)

    @classmethod
    def of(cls, turns: Turns) -> "Narrowing":
        """Start with all *turns*."""
        return cls(np.ones(len(turns), bool))

    def keep(self, condition: Mask, code: Code, reason: str) -> None:
        """Leave out the turns that do not meet *condition*, with *reason*."""
        if count := int(np.count_nonzero(self.kept & ~condition)):
            self.left_out.append(LeftOut(code, reason, count))
            self.kept = self.kept & condition

    def keep_first(self, values: npt.NDArray[Any], reason: str) -> None:
        """Keep the first turn of each value in *values*."""
        rows = self.rows
        first = np.zeros(len(self.kept), bool)
        first[rows[np.unique(values[rows], return_index=True)[1]]] = True
        self.keep(first, "repeated", reason)

    @property
    def rows(self) -> Rows:
        """The remaining turns."""
        return np.flatnonzero(self.kept)

    def explanation(self, formula: str, calculation: str) -> Explanation:
        """The explanation with the remaining turns."""
        return Explanation(formula, calculation, self.rows, tuple(self.left_out))


def happened(log: BotLog) -> Narrowing:
    """Keep the turns that have happened by now."""
    found = Narrowing.of(log.view.turns)
    found.keep(log.view.turns.at <= log.now, "future", f"have not happened yet: it is {iso(log.now)}")
    return found


def begins(turns: Turns) -> Ints:
    """For each turn the start of its session (ms UTC)."""
    _, first, place = np.unique(turns.session, return_index=True, return_inverse=True)
    found: Ints = turns.at[first][place]
    return found


def quotient(numerator: int, denominator: int, value: Any) -> str:
    """A division with its result, which may be rounded."""
    return f"{numerator} / {denominator} = {value}"


def elsewhere(log: BotLog, bot_id: str, scope: str, low: int) -> Iterator[LeftOut]:
    """Remarks on what is not in the log: turns of other scopes, and days from *low* on that are too old."""
    if count := log.log.recordings.elsewhere(scope, bot_id):
        yield LeftOut("scope", "were recorded by calls of another project or token", count)
    profile = log.log.dataset.bot(bot_id).profile
    if profile is None:
        return
    kept = profile.days(log.now)
    if (days := kept.start - max(FIRST_DAY, low // DAY)) > 0:
        first = iso(kept.start * DAY)[:10]
        reason = f"lie before {first}: the bot keeps its generated turns for {profile.retention_days} days"
        yield LeftOut("retention", reason, days, "days")


def shown(log: BotLog, rows: Rows) -> Iterator[dict[str, Any]]:
    """The fields of turns that every service shows."""
    turns = log.view.turns.take(rows)
    names = log.cast
    for at, session, user, utterance, latency in zip(
        turns.at.tolist(),
        turns.session.tolist(),
        turns.user.tolist(),
        log.said(turns),
        turns.latency.tolist(),
        strict=True,
    ):
        yield {
            "session_id": log.sessions.id(session),
            "user_id": "" if user == ANONYMOUS else names.name(user),
            "at_ms": at,
            "recorded": session >= FIRST_SESSION,
            "question": utterance.question,
            "outcome": utterance.outcome,
            "latency_ms": latency,
            "status": utterance.status,
        }
