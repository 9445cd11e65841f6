"""Who exists, and how busy they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Outcome

ANY = "*"
"""The id of the entry that stands for every bot a dataset does not name."""

FIRST_DAY = 18_628
"""2021-01-01, as a number of days since 1970: generated traffic begins here."""


@dataclass(frozen=True)
class Profile:
    """How a bot's traffic is generated."""

    sessions_per_day: int | None = None
    """Sessions of an ordinary working day; `None` lets the bot's id decide, between 40 and 400."""
    users: int | None = None
    """How many people use the bot; `None` is three times the sessions of a day."""
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
    """How questions end, as weights."""
    anonymous_percent: int = 5
    """Sessions whose user is unknown, in percent."""
    weekend_percent: int = 35
    """How busy a weekend day is compared with a working day, in percent."""
    utc_offset: int = 8 * 3_600_000
    """The zone of the bot's office hours, ms ahead of UTC."""
    retention_days: int | None = 90
    """How many days before today are kept; `None` keeps all since 2021-01-01."""

    def days(self, now: int) -> range:
        """The UTC days that have generated traffic at *now* (ms UTC), as numbers since 1970-01-01."""
        today = now // DAY
        oldest = FIRST_DAY if self.retention_days is None else today - self.retention_days
        return range(max(FIRST_DAY, oldest), today + 1)


@dataclass(frozen=True)
class StatedTurn:
    """A turn that a dataset gives word for word."""

    at: int
    said: Utterance
    user: str | None = None
    latency_ms: int = 0


@dataclass(frozen=True)
class StatedSession:
    """A session that a dataset gives word for word."""

    id: str
    turns: tuple[StatedTurn, ...]


@dataclass(frozen=True)
class ClientTool:
    """A plugin that runs at the client's: a chat that needs it waits for its output."""

    name: str
    arguments: str = "{}"
    """What the bot calls it with, as JSON."""
    when: str = ""
    """Questions that hold this text call it."""


@dataclass(frozen=True)
class Card:
    """What is shown of a bot, or of a workflow, beside its traffic."""

    kind: Literal["bot", "workflow", "chatflow"] = "bot"
    description: str = ""
    published: bool = True
    owned: bool = True
    """Whether the account of the mock's own credentials may use it; others' bots exist, but are refused."""
    greeting: str = ""
    suggested: tuple[str, ...] = ()
    """Questions suggested to users."""
    output: Mapping[str, Any] | None = None
    """What a workflow answers; `None` repeats its input."""
    question: str = ""
    """What a workflow or chatflow asks before it goes on."""
    tools: tuple[ClientTool, ...] = ()
    """The client's plugins that a bot calls."""


@dataclass(frozen=True)
class Bot:
    """One bot of a dataset."""

    id: str
    name: str = ""
    profile: Profile | None = None
    """`None`: nothing is generated."""
    sessions: tuple[StatedSession, ...] = ()
    card: Card = Card()
