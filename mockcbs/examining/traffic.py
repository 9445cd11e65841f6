"""The traffic of an examined mock: some sessions stated for one case, or sessions that a seed generates."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import yaml

from mockcbs.core.clock import iso
from mockcbs.examining.words import midnight

QUESTIONS = (
    ("桌面云打不开", "桌面云"),
    ("桌面云无法登录", "桌面云"),
    ("打印机无法打印", "办公设备"),
    ("忘记密码怎么办", "账号"),
    ("怎么申请年假", "人事"),
    ("怎么报销差旅费", "财务"),
)
"""Questions with their categories, for rankings."""

_GAP = 40
"""The time between two questions of a session, in s."""


@dataclass(frozen=True)
class Question:
    """One turn of a session."""

    number: int = 0
    """The index of the question in `QUESTIONS`."""
    outcome: str = "direct"
    failed: bool = False
    latency_ms: int = 800


@dataclass(frozen=True)
class Session:
    """One session of one user."""

    day: int
    """The number of the day, counted from the first day of the traffic."""
    minute: int = 720
    """The minute of the local day."""
    user: int = 1
    """The number of the user; 0 means no user."""
    questions: tuple[Question, ...] = (Question(),)


@dataclass(frozen=True)
class Traffic:
    """The traffic before a client runs."""

    first_day: date
    sessions: tuple[Session, ...] = ()
    zone: str = "+08:00"
    """The zone of the sessions' days and minutes."""
    seed: int | None = None
    """The seed of additional sessions on all days; `None` adds none."""

    def but(self, **other: Any) -> "Traffic":
        """The same traffic with some members replaced."""
        return replace(self, **other)

    def day(self, number: int) -> date:
        """A day of the traffic."""
        return self.first_day + timedelta(days=number)

    def begin(self, session: Session) -> int:
        """The start of a session, ms UTC."""
        return midnight(self.day(session.day), self.zone) + session.minute * 60_000

    def dataset(self, bot_id: str) -> str:
        """The traffic as a dataset file."""
        bot: dict[str, Any] = {"id": bot_id}
        if self.seed is not None:
            bot["traffic"] = {"sessions_per_day": 6, "users": 9, "retention_days": 40}
        if self.sessions:
            bot["sessions"] = [self._stated(number, one) for number, one in enumerate(self.sessions)]
        return yaml.safe_dump({"bots": [bot]}, allow_unicode=True, sort_keys=False, width=200)

    def lines(self) -> list[str]:
        """The traffic in words, for a report."""
        told = [] if self.seed is None else [f"about 6 generated sessions a day (seed {self.seed})"]
        for session in self.sessions:
            at = datetime.fromtimestamp(self.begin(session) / 1000, UTC) + _offset(self.zone)
            turns = ", ".join(_in_words(question) for question in session.questions)
            who = f"user-{session.user}" if session.user else "nobody"
            told.append(f"{at:%Y-%m-%d %H:%M} {self.zone} {who}: {turns}")
        return told or ["no traffic"]

    def _stated(self, number: int, session: Session) -> dict[str, Any]:
        begin = self.begin(session)
        stated: dict[str, Any] = {"id": str(7_600_000_000_000_000_000 + begin % 10**12 * 1000 + number)}
        if session.user:
            stated["user"] = f"user-{session.user}"
        stated["turns"] = [
            _turn(question, begin + place * _GAP * 1000) for place, question in enumerate(session.questions)
        ]
        return stated


def session_ids(traffic: Traffic, bot_id: str) -> list[str]:
    """The ids of the stated sessions."""
    (bot,) = yaml.safe_load(traffic.dataset(bot_id))["bots"]
    return [session["id"] for session in bot.get("sessions", [])]


def _turn(question: Question, at: int) -> dict[str, Any]:
    text, domain = QUESTIONS[question.number]
    matched = question.outcome in {"direct", "recommend"}
    turn: dict[str, Any] = {"at": iso(at), "outcome": question.outcome, "question": text}
    if matched:
        turn["domain"] = domain
    if question.failed:
        turn["status"] = "failed"
    return {**turn, "latency_ms": question.latency_ms}


def _in_words(question: Question) -> str:
    failed = ", failed" if question.failed else ""
    return f"{QUESTIONS[question.number][0]} ({question.outcome}, {question.latency_ms} ms{failed})"


def _offset(zone: str) -> timedelta:
    return timedelta(milliseconds=midnight(date(2000, 1, 1), "UTC") - midnight(date(2000, 1, 1), zone))
