"""Bots and workflows, and how busy they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Outcome

ANY = "*"
"""The id of the entry that describes every bot a dataset does not list."""

FIRST_DAY = 18_628
"""2021-01-01, as a number of days since 1970: generated traffic begins here."""


@dataclass(frozen=True)
class Profile:
    """How a bot's traffic is generated."""

    sessions_per_day: int | None = None
    """Sessions of an ordinary working day; `None` derives a number from 40 to 400 from the bot's id."""
    users: int | None = None
    """How many people use the bot; `None` means three times the sessions of a day."""
    outcomes: dict[Outcome, int] = field(
        default_factory=lambda: {
            "direct": 62,
            "recommend": 8,
            "notmatch": 14,
            "chat": 9,
            "invalid": 3,
            "dialog": 4,
        }
    )
    """The weights of the outcomes."""
    anonymous_percent: int = 5
    """The share of sessions without a user id, in percent."""
    weekend_percent: int = 35
    """The sessions of a weekend day, in percent of those of a working day."""
    utc_offset: int = 8 * 3_600_000
    """The offset of the zone of the bot's office hours, ms ahead of UTC."""
    retention_days: int | None = 90
    """How many days before today have traffic; `None` means all days since 2021-01-01."""

    def days(self, now: int) -> range:
        """The UTC days that have generated traffic at *now* (ms UTC), as numbers since 1970-01-01."""
        today = now // DAY
        oldest = FIRST_DAY if self.retention_days is None else today - self.retention_days
        return range(max(FIRST_DAY, oldest), today + 1)


@dataclass(frozen=True)
class StatedTurn:
    """A turn that a dataset states in full."""

    at: int
    said: Utterance
    user: str | None = None
    latency_ms: int = 0


@dataclass(frozen=True)
class StatedSession:
    """A session that a dataset states in full."""

    id: str
    turns: tuple[StatedTurn, ...]


@dataclass(frozen=True)
class ClientTool:
    """A plugin that the client runs; a chat that calls it waits for its output."""

    name: str
    arguments: str = "{}"
    """The arguments of the call, as JSON."""
    when: str = ""
    """Questions that contain this text call the plugin."""


@dataclass(frozen=True)
class Card:
    """The properties of a bot or a workflow that do not belong to its traffic."""

    kind: Literal["bot", "workflow", "chatflow"] = "bot"
    description: str = ""
    published: bool = True
    owned: bool = True
    """Whether the configured credentials may use it; calls to a bot of another account are refused."""
    greeting: str = ""
    suggested: tuple[str, ...] = ()
    """Questions suggested to users."""
    output: Mapping[str, Any] | None = None
    """The output of a workflow; `None` repeats its input."""
    question: str = ""
    """The question at which a workflow or chatflow pauses; empty if it does not pause."""
    tools: tuple[ClientTool, ...] = ()
    """The plugins of the client that the bot calls."""


@dataclass(frozen=True)
class Bot:
    """One bot of a dataset."""

    id: str
    name: str = ""
    profile: Profile | None = None
    """`None` generates no traffic."""
    sessions: tuple[StatedSession, ...] = ()
    card: Card = Card()
    more: Mapping[str, Any] = field(default_factory=dict)
    """What a dataset states for other parts of mockcbs, by their keys."""
