"""The traffic of an exam: stated sessions, their events, and the figures of the API for them."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mockcbs.core.clock import real_now
from mockcbs.services.coze import analytics
from mockcbs.services.coze.events import Events
from mockcbs.traffic.bots import Bot, StatedSession, StatedTurn
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import BotLog, TrafficLog
from mockcbs.traffic.periods import DAY

ADDITIVE = ("total_calls", "total_messages", "total_sessions", "unique_users")
"""Figures that increase with each session, since users and sessions of an exam never return."""

FIGURES = (*ADDITIVE, "success_rate", "error_rate", "avg_response_time_ms")

Body = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One execution to state."""

    user: str
    duration_ms: int = 812
    failed: bool = False


@dataclass
class ExamTraffic:
    """The stated sessions; all figures come from the analytics operation."""

    now: int
    """ms UTC."""
    bot_id: str = field(default_factory=lambda: str(7_400_000_000_000_000_000 + secrets.randbits(48)))
    name: str = field(default_factory=lambda: secrets.token_hex(3))
    """A mark in the users and sessions of this exam, so that an exam can be repeated on one database."""
    _sessions: list[StatedSession] = field(default_factory=list)

    def user(self, name: str) -> str:
        """A user of this exam."""
        return f"{name}-{self.name}"

    def session(self, runs: Sequence[Run], *, ago_ms: int = 60_000) -> list[Body]:
        """Add a session that began *ago_ms* ago, and return its events in order of time."""
        begun = self.now - ago_ms
        number = len(self._sessions)
        session_id = str((begun // 1000 << 32) + (int(self.name, 16) << 7) + number)
        turns = tuple(
            StatedTurn(
                begun + 1000 * place, Utterance("?", "direct", failed=run.failed), run.user, run.duration_ms
            )
            for place, run in enumerate(runs)
        )
        self._sessions.append(StatedSession(session_id, turns))
        return self._events(session_id)

    def foreign(self, event_id: str) -> Body:
        """An event that is not part of the traffic and must never be counted."""
        mark, now = f"{event_id}-{self.name}", real_now()
        return {
            "event_type": "message.sent",
            "event_id": mark,
            "bot_id": self.bot_id,
            "session_id": mark,
            "chat_id": mark,
            "user_id": self.user(event_id),
            "connector_id": "1024",
            "trigger_time": now,
            "timestamp": now,
            "status": "sent",
            "role": "user",
        }

    def figures(self, day: int | None = None) -> dict[str, float]:
        """The summary of all sessions so far, or of one day in Shanghai (days since 1970)."""
        first, last = (self._first_day, self.today) if day is None else (day, day)
        summary = analytics.answer(self._log, self._question(first, last))["summary"]
        return {name: float(summary[name]) for name in FIGURES}

    @property
    def today(self) -> int:
        """The current day in Shanghai, as days since 1970."""
        return (self.now + analytics.OFFSET) // DAY

    @property
    def _first_day(self) -> int:
        starts = [session.turns[0].at for session in self._sessions]
        return (min(starts, default=self.now) + analytics.OFFSET) // DAY

    @property
    def _log(self) -> BotLog:
        bot = Bot(self.bot_id, sessions=tuple(self._sessions))
        return TrafficLog(Dataset("exam", bots={bot.id: bot}), 0).bot(bot.id, self.now + DAY)

    def _question(self, first: int, last: int, session_id: str = "") -> analytics.Question:
        return analytics.Question(self.bot_id, first, last, self.now + DAY, session_id=session_id)

    def _events(self, session_id: str) -> list[Body]:
        asked = self._question(self._first_day, self.today, session_id)
        every: frozenset[str] = frozenset()
        events = Events(self._log, asked, every, every)
        return events.page(slice(0, events.total))


def compact(body: Any) -> bytes:
    """A body as JSON in the service's format."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
