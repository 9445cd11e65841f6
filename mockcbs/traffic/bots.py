"""Bots and workflows, and the amount and times of their traffic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import Outcome

ANY = "*"
"""The id of the entry that describes every bot a dataset does not list."""

FIRST_DAY = 18_628
"""2021-01-01, as a number of days since 1970: generated traffic begins here."""


Engine = Literal["rules", "model", "workflow"]
"""How a bot answers: by rules within milliseconds, by a language model within seconds, or by a workflow."""


class Incident(NamedTuple):
    """A span in which the bot fails, and in which more users come and repeat their questions.

    With less traffic than usual and no failures it is an outage in front of the bot.
    """

    at: int
    """The begin of the span, ms UTC."""
    minutes: int = 60
    """At most 1440."""
    failure_percent: int = 60
    """The share of questions whose answer fails, in percent."""
    traffic_percent: int = 200
    """The sessions that begin, in percent of those of an ordinary hour."""
    latency_percent: int = 300
    """The latency of answers that do not fail, in percent of the ordinary one."""
    question: str = ""
    """The standard question of every second user; if it is empty, users ask what they ask otherwise."""
    stagger_minutes: int = 0
    """Each bot has the incident up to this number of minutes later."""

    @property
    def end(self) -> int:
        """The end of the span, ms UTC."""
        return self.at + self.minutes * 60_000


class Campaign(NamedTuple):
    """Days on which more, or fewer, sessions begin."""

    first: int
    last: int
    """Inclusive. Days count from 1970, local to the zone of the bot."""
    percent: int
    """The sessions of these days, in percent of ordinary ones."""


class Profile(NamedTuple):
    """How a bot's traffic is generated; `None` draws a value from seed and bot."""

    sessions_per_day: int | None = None
    """Sessions of an ordinary working day; `None` draws a number from 40 to 400."""
    users: int | None = None
    """The number of people who use the bot in the same period; `None` means a number by the character."""
    outcomes: dict[Outcome, int] | None = None
    """The weights of the outcomes; `None` means those of the character, a little changed."""
    anonymous_percent: int | None = None
    """The share of sessions without a user id, in percent; `None` means one that fits the character."""
    weekend_percent: int | None = None
    """The sessions of a weekend day, in percent of those of a working day."""
    utc_offset: int = 8 * HOUR
    """The offset of the zone of the bot's days and hours, ms ahead of UTC."""
    retention_days: int | None = 90
    """How many days before today have traffic; `None` means all days since 2021-01-01."""

    character: str | None = None
    """One of `mockcbs.traffic.amounts.characters.CHARACTERS`."""
    hours: tuple[int, ...] | None = None
    """The relative number of sessions in each local hour of a working day."""
    free_hours: tuple[int, ...] | None = None
    """The relative number of sessions in each local hour of a weekend day or holiday."""
    calendar: Literal["china", "none"] = "china"
    """The calendar of holidays and worked weekends."""
    holiday_percent: int | None = None
    """The sessions of a public holiday, in percent of those of a working day."""
    variation_percent: int | None = None
    """The standard deviation between days, in addition to chance, in percent."""
    wave_percent: int | None = None
    """How far the traffic of a month can differ from the mean of the year, in percent."""
    growth_percent: int = 0
    """Growth in 30 days, in percent; negative for a decline."""
    growth_since: int = FIRST_DAY
    """The day (since 1970) on which growth begins."""
    release_percent: int | None = None
    """The maximum change of the traffic by a release, about every eight weeks, in percent; 0 means none."""
    campaign_days: int | None = None
    """The number of days in which one campaign may fall; 0 means no campaigns."""
    campaigns: tuple[Campaign, ...] = ()
    burst_percent: int | None = None
    """The share of sessions in bursts of users who come for one reason, in percent; `None` draws 3 to 8."""
    incident_days: int | None = None
    """The number of days in which one incident may fall; 0 means no incidents."""
    incidents: tuple[Incident, ...] = ()
    stay_days: int | None = None
    """How many days a typical user keeps coming before another replaces this one; 0 means for ever."""
    rounds: int | None = None
    """The mean number of questions of a session, in tenths."""
    drift_percent: int = 70
    """How far the frequency of each question changes from week to week, in percent."""
    engine: Engine | None = None
    """`None` means rules for ids of the form of UUIDs, otherwise a language model."""
    median_ms: int | None = None
    """The median latency of an answer, ms."""
    slow_permille: int | None = None
    """The share of answers slower than 10 s (of rules: 2 s), in per mille; if it is stated, all outcomes take
    equally long.
    """
    failure_permille: int | None = None
    """The share of answers that fail outside incidents, in per mille; `None` draws it: 0 to 4 for rules,
    otherwise 1 to 4, and at most 2 without drawn incidents.
    """
    channels: Mapping[str, int] | None = None
    """The weights of channels, by their ids in the service of the bot."""

    def days(self, now: int) -> range:
        """The UTC days that have generated traffic at *now* (ms UTC), as numbers since 1970-01-01."""
        today = now // DAY
        oldest = FIRST_DAY if self.retention_days is None else today - self.retention_days
        return range(max(FIRST_DAY, oldest), today + 1)


class StatedTurn(NamedTuple):
    """A turn that a dataset states in full."""

    at: int
    said: Utterance
    user: str | None = None
    latency_ms: int = 0


class StatedSession(NamedTuple):
    """A session that a dataset states in full."""

    id: str
    turns: tuple[StatedTurn, ...]


class ClientTool(NamedTuple):
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
    """`None` means no generated traffic."""
    sessions: tuple[StatedSession, ...] = ()
    card: Card = Card()
    knowledge: KnowledgeBase | None = None
    """What its users ask about; `None` for the knowledge base of the dataset, or a drawn one."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """The sections of a dataset about this bot that other parts of mockcbs read, by key."""
