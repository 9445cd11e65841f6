"""The traffic log: the generated, stated and recorded turns of every bot, combined when they are read."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import numpy as np

from mockcbs.core.waiting import leave_loop
from mockcbs.traffic.bases import Base, Bases, build
from mockcbs.traffic.bots import Bot
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.generators import Generators
from mockcbs.traffic.index.rollup import Layered, Rollup, View
from mockcbs.traffic.keyword_finder import KeywordFinder
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.numbering import Cast, Lines, Register, Repertoire
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.recording import Recording, Unindexed
from mockcbs.traffic.recordings import MemoryRecordings, Recordings
from mockcbs.traffic.renumbering import Numbering, Numbers
from mockcbs.traffic.sessions import Sessions
from mockcbs.traffic.slices import Origin, slices
from mockcbs.traffic.turns import Turns, turns
from mockcbs.traffic.words.voices import Flags, together_since

_MANY = 30_000
"""The number of sessions or stated turns that takes about 20 ms to generate and to index."""

_MANY_RECORDED = 50_000
"""The number of recorded turns that takes about 20 ms to index."""

_NOTHING_STATED: tuple[Turns, list[str]] = turns(), []

_NOTHING_SAID = Lines([])

_MAX_DAYS = 256
"""The maximum number of generated days that are kept for `passed`."""

Subscriber = Callable[[Turn, str, Turn | None], None]
"""Called with a turn, its scope, and the former turn if it was amended."""

Transaction = Callable[[], AbstractContextManager[object]]


class TrafficLog:
    """The turns of every bot of a dataset."""

    def __init__(
        self,
        dataset: Dataset,
        seed: int,
        recordings: Recordings | None = None,
        transaction: Transaction = nullcontext,
    ) -> None:
        """*recordings* keep the turns that clients cause; subscribers are called in a *transaction*."""
        self._transaction = transaction
        self._subscribers: list[Subscriber] = []
        self.on_bot: Callable[[str, str], None] = lambda *_: None
        """Called with the scope and the id whenever a bot's statistics are read."""
        self._days: OrderedDict[tuple[str, int], list[Turn]] = OrderedDict()
        self.dataset, self.seed = dataset, seed
        self._bases = Bases()
        self.recordings = recordings or MemoryRecordings()
        self._lock = self.recordings.lock
        self._finder = KeywordFinder(dataset, self._lock)
        self._numbering = Numbering(dataset, self.recordings)
        self._stated = self._numbering.stated
        self._stated_ids = {bot_id: frozenset(ids) for bot_id, (_, ids) in self._stated.items()}
        self._generators = Generators(dataset, seed)

    def number_recorded(self) -> None:
        """Give recorded turns the numbers of this log now, not when they are read."""
        self._numbering.number_recorded()

    def successor(self, dataset: Dataset, seed: int) -> "TrafficLog":
        """The log of another dataset or seed, with the same recorded turns and subscribers."""
        log = TrafficLog(dataset, seed, self.recordings, self._transaction)
        log._subscribers, log.on_bot = self._subscribers, self.on_bot
        return log

    @property
    def register(self) -> Register:
        """The current numbers of stated and recorded utterances."""
        return self._numbering.current.register

    @property
    def cast(self) -> Cast:
        """The current numbers of users."""
        return self._numbering.current.cast

    def bot(self, bot_id: str, now: int, scope: str = "") -> "BotLog":
        """The log of one bot at *now* (ms UTC).

        Recorded turns belong to one *scope* (a project); all other turns are the same in every scope.
        """
        self.on_bot(scope, bot_id)
        self.recordings.load(scope, bot_id)
        base = self._base(bot_id, now)
        lines = base.generator.lines if base.generator else _NOTHING_SAID
        with self._numbering.held(scope, bot_id) as (numbers, recording):
            recent = recording.index(len(lines)) if recording else None
        if recording and isinstance(recent, Unindexed):
            recent = self._indexed(recording, recent)
        view = Layered(base.rollup, recent) if isinstance(recent, Rollup) else base.rollup
        _, stated = self._stated.get(self.dataset.bot(bot_id).id, _NOTHING_STATED)
        sessions = Sessions(stated, base.days, base.first, base.generator, recording)
        return BotLog(self, view, sessions, now, numbers, Repertoire(lines, numbers.register))

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn that a client caused; all statistics of its bot in *scope* include it at once."""
        with self._announcing():
            self._announce(turn, scope, None)
            self.recordings.record(turn, scope)
        self._numbering.bound()

    def amend(self, turn: Turn, now: Turn, scope: str) -> None:
        """Replace a recorded *turn* by *now*, its later state."""
        with self._announcing():
            self._announce(now, scope, turn)
            self.recordings.amend(turn, now, scope)

    def subscribe(self, callback: Subscriber) -> None:
        """Call *callback* for every turn that is recorded or amended from now on, in any scope.

        It runs in the transaction that records the turn: what it writes to the backend is committed together
        with the turn or not at all. It must be fast, and must not read the turn's bot. If it raises, nothing
        is recorded.
        """
        self._subscribers.append(callback)

    def passed(self, since: int, until: int, bots: Iterable[str], now: int | None = None) -> Iterator[Turn]:
        """The generated and stated turns of *bots* after *since* up to *until* (ms UTC), in order of time.

        Generated ones are those that are kept at *now* (ms UTC, default *until*).
        """
        bots = list(bots)
        for day in range(since // DAY, until // DAY + 1):
            start, stop = max(since, day * DAY - 1), min(until, (day + 1) * DAY - 1)
            found = (row for bot in bots for row in self._on(bot, day, now or until))
            rows = [row for row in found if start < row.at_ms <= stop]
            yield from sorted(rows, key=lambda row: (row.at_ms, row.bot_id, row.session_id))

    def forget(self, scope: str | None = None) -> None:
        """Drop the recorded turns of one scope or of all."""
        self.recordings.forget(scope)

    def days(self, bot_id: str, now: int, first: int | None = None, last: int | None = None) -> range:
        """The UTC days from *first* (default: the oldest with turns) to *last*, not past *now*."""
        bot = self.dataset.bot(bot_id)
        stated = [turn.at // DAY for session in bot.sessions for turn in session.turns]
        kept = list(bot.profile.days(now)[:1]) if bot.profile else []
        today = now // DAY
        start = min([*stated, *kept, today]) if first is None else first
        return range(start, (today if last is None else min(last, today)) + 1)

    def first_at(self, bot_id: str, now: int) -> int | None:
        """The time of the first stated or generated turn of a bot, ms UTC; `None` if it has none."""
        bot = self.dataset.bot(bot_id)
        stated, _ = self._stated.get(bot.id, _NOTHING_STATED)
        begins = [int(stated.at[0])] if len(stated) else []
        if bot.profile and (days := bot.profile.days(now)):
            begins.append(days.start * DAY)
        return min(begins, default=None)

    def phrased(self, turns: Turns, generator: Generator, first: Flags | None = None) -> list[Utterance]:
        """The texts that the users of *turns* of a *generator* wrote, as `Phrasing.of` returns them."""
        said = [generator.lines[number] for number in turns.utterance.tolist()]
        return generator.phrasing.of(turns, said, generator.voice, first)

    def keywords(self, generator: Generator | None, numbers: Numbers) -> list[list[str]]:
        """The keywords of what a generator says, then those of the register of *numbers*."""
        return self._finder.all(generator.knowledge if generator else None, numbers)

    def keywords_of(self, said: Utterance) -> list[str]:
        """The keywords of one utterance, in the order of their appearance."""
        return self._finder.of(said)

    def recorded(self, bot_id: str, scope: str) -> list[Turn]:
        """The turns that clients caused, in the order of their arrival."""
        self.recordings.load(scope, bot_id)
        with self._lock:
            recording = self.recordings.of(scope, bot_id)
            return list(recording.turns) if recording else []

    def is_stated(self, bot_id: str, session_id: str) -> bool:
        """Whether the dataset states that session of the bot."""
        return session_id in self._stated_ids.get(self.dataset.bot(bot_id).id, ())

    def stated_begins(self, bot_id: str) -> dict[str, int]:
        """The begin of each session that the dataset states (ms UTC), by session id."""
        stated, ids = self._stated.get(self.dataset.bot(bot_id).id, _NOTHING_STATED)
        numbers, first = np.unique(stated.session, return_index=True)
        return {ids[one]: at for one, at in zip(numbers.tolist(), stated.at[first].tolist(), strict=True)}

    def rows(
        self, bot_id: str, days: range, now: int, scope: str = "", recorded: list[Turn] | None = None
    ) -> Iterator[list[Turn]]:
        """The turns of the UTC *days* up to *now* in slices of one day, ordered by time, then session id.

        Those that clients caused are *recorded*; by default those of the *scope* are read.
        """
        bot = self.dataset.bot(bot_id)
        kept = bot.profile.days(now) if bot.profile else range(0)
        generator = self._generators.of(bot_id)
        recorded = self.recorded(bot_id, scope) if recorded is None else recorded
        others = [self._stated_turns(bot_id), Origin.of(recorded)]
        before: list[Origin] = []
        for day in range(days.start - 1, days.stop):
            begun = [self._generated(generator, bot_id, day)] if generator and day in kept else []
            if day >= days.start:
                yield from slices([*before, *begun, *others], day * DAY, min((day + 1) * DAY, now + 1))
            before = begun

    def _announcing(self) -> AbstractContextManager[object]:
        """The transaction in which subscribers are called and a turn is recorded."""
        return self._transaction() if self._subscribers else nullcontext()

    def _announce(self, turn: Turn, scope: str, before: Turn | None) -> None:
        for subscriber in self._subscribers:
            subscriber(turn, scope, before)

    def _on(self, bot_id: str, day: int, now: int) -> list[Turn]:
        """The generated and stated turns of sessions that begin on that day or the day before."""
        bot = self.dataset.bot(bot_id)
        kept = bot.profile.days(now) if bot.profile else range(0)
        rows = self._stated_turns(bot_id).between(day * DAY, (day + 1) * DAY)
        for begun in (day - 1, day):
            rows += self._day(bot_id, begun) if begun in kept else []
        return rows

    def _day(self, bot_id: str, day: int) -> list[Turn]:
        """The generated turns of sessions that begin on *day*; recently used days are kept."""
        if (rows := self._days.get((bot_id, day))) is None:
            generator = self._generators.of(bot_id)
            rows = self._generated(generator, bot_id, day).made(slice(None)) if generator else []
            self._days[bot_id, day] = rows
            if len(self._days) > _MAX_DAYS:
                self._days.popitem(last=False)
        return rows

    def _indexed(self, recording: Recording, turns: Unindexed) -> Rollup:
        """The index of recorded turns. Other threads can use the log while it is built."""
        if len(turns.columns) > _MANY_RECORDED:
            leave_loop()
        index = turns.indexed()
        with self._lock:
            recording.keep(index, turns)
        return index

    def _base(self, bot_id: str, now: int) -> Base:
        """The generated and stated turns."""
        bot = self.dataset.bot(bot_id)
        days = bot.profile.days(now) if bot.profile else range(0)
        if held := self._bases.get(bot_id, days):
            return held
        generated = len(days) * (bot.profile.sessions_per_day or 0) if bot.profile else 0
        if generated + len(self._stated.get(bot.id, _NOTHING_STATED)[0]) > _MANY:
            leave_loop()
        return self._bases.built(bot_id, days, lambda: self._build(bot, bot_id, days))

    def _build(self, bot: Bot, bot_id: str, days: range) -> Base:
        stated, session_ids = self._stated.get(bot.id, _NOTHING_STATED)
        utterances = self._numbering.count if len(stated) else 0
        generator, sessions = self._generators.of(bot_id), len(session_ids)
        return build(bot_id, days, generator, stated, sessions=sessions, utterances=utterances)

    def _generated(self, generator: Generator, bot_id: str, day: int) -> Origin:
        """The turns of the sessions that begin on *day*."""
        columns, ids = generator.sessions_on(day)
        _, opening, session = np.unique(columns.session, return_index=True, return_inverse=True)
        first = columns.at[opening][session] >= together_since(columns)

        def made(rows: slice) -> list[Turn]:
            some = columns.take(rows)
            return self._rows(some, bot_id, ids, self.phrased(some, generator, first[rows]))

        return Origin(columns.at, made)

    def _stated_turns(self, bot_id: str) -> Origin:
        """The turns that the dataset states."""
        stated, ids = self._stated.get(self.dataset.bot(bot_id).id, _NOTHING_STATED)

        def made(rows: slice) -> list[Turn]:
            some = stated.take(rows)
            return self._rows(some, bot_id, ids, [self.register[one] for one in some.utterance.tolist()])

        return Origin(stated.at, made)

    def _rows(self, columns: Turns, bot_id: str, ids: list[str], said: list[Utterance]) -> list[Turn]:
        name = self.cast.name
        return [
            Turn(bot_id, ids[session], name(user), at, one, latency)
            for session, user, at, one, latency in zip(
                columns.session.tolist(),
                columns.user.tolist(),
                columns.at.tolist(),
                said,
                columns.latency.tolist(),
                strict=True,
            )
        ]


class BotLog(NamedTuple):
    """The log of one bot in one scope at one time."""

    log: TrafficLog
    view: View
    """The turns of the bot. They include later ones of the same day, which the caller must leave out."""
    sessions: Sessions
    """The ids of the sessions, by number."""
    now: int
    """The time, ms UTC."""
    numbers: Numbers
    """The numbers of users, and of stated and recorded utterances."""
    repertoire: Repertoire
    """The utterances by number."""

    @property
    def cast(self) -> Cast:
        """The users by number."""
        return self.numbers.cast

    def keywords(self) -> list[list[str]]:
        """The keywords of each utterance, by its number."""
        return self.log.keywords(self.sessions.generator, self.numbers)

    def said(self, turns: Turns) -> list[Utterance]:
        """The texts that the users of *turns* of this log wrote."""
        plain = [self.repertoire[number] for number in turns.utterance.tolist()]
        if generator := self.sessions.generator:
            rows = np.flatnonzero(self.sessions.are_generated(turns.session))
            generated = turns.take(rows)
            first = self.view.begun_since(together_since(generated), generated)
            for place, one in zip(rows.tolist(), self.log.phrased(generated, generator, first), strict=True):
                plain[place] = one
        return plain

    @property
    def true_until(self) -> int:
        """The time at which generated or stated turns change (ms UTC): the next turn or midnight."""
        midnight = (self.now // DAY + 1) * DAY
        return min(midnight, self.view.next_turn(self.now) or midnight)
