"""The generated turns of one bot on one day: a pure function of seed, bot and day.

Every draw is a whole number from `mockcbs.traffic.bits`; nothing depends on floating point.
"""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.core.waiting import leave_loop
from mockcbs.traffic import bits
from mockcbs.traffic.amounts import arrivals, bursts
from mockcbs.traffic.amounts.characters import CHARACTERS, DRAWN, Character, understood
from mockcbs.traffic.amounts.rates import Rates
from mockcbs.traffic.amounts.releases import redraw
from mockcbs.traffic.bits import Words
from mockcbs.traffic.bots import Engine, Profile
from mockcbs.traffic.conversations.draft import TOPIC, Draft
from mockcbs.traffic.conversations.playing import choose, cuts_of
from mockcbs.traffic.conversations.scripts import HUMAN_FIRST, pool
from mockcbs.traffic.durations import (
    CALM_PERMILLE,
    FAILURE_PERMILLE,
    MEDIANS_MS,
    OUTCOME_PERCENT,
    SLOW_PERMILLE,
    Durations,
    durations,
)
from mockcbs.traffic.failing import Troubles
from mockcbs.traffic.ids import UUIDS, form_of
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.logarithms import OCTAVE
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.pacing import PACE_PERCENT, Pace
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import ANONYMOUS, OUTCOMES, Ints, Outcome, Places, Turns, order, turns
from mockcbs.traffic.users import Users, one_at_a_time
from mockcbs.traffic.words.saying import Speakers
from mockcbs.traffic.words.voices import Voice

if TYPE_CHECKING:
    from mockcbs.traffic.words.phrasing import Phrasing

_DAYS, _MANY = 8, 2_000
"""How many days are generated together when a request continues the last ones, and the maximum number of
sessions a day of bots for which this is done.
"""
_SESSIONS, _BURST_PERCENT = (40, 400), (3, 8)
"""The bounds between which each bot draws its sessions of a day, and the percentage of these in
bursts.
"""
_ONCE = (-OCTAVE, 3 * OCTAVE // 2)
"""The bounds of how many more of its sessions than usual have one question, as a logarithm."""


class _Held(NamedTuple):
    """The days that were generated last."""

    days: range
    turns: Turns
    counts: Ints


class Generator:
    """Generates the days of one bot."""

    def __init__(self, seed: int, bot_id: str, profile: Profile, knowledge: KnowledgeBase) -> None:
        self._seed, self._bot_id, self._profile = seed, bot_id, profile
        self._key = bits.key(seed, bot_id)
        self._own = bits.words(self._key, np.arange(25))
        self.knowledge = knowledge
        self.lines = generated(knowledge)
        """What its users say, by number."""
        self._wording = self.lines.wording
        fitting = [one for one in DRAWN if one in (self._wording.characters or DRAWN)]
        character = CHARACTERS[profile.character or fitting[self._drawn(0, (0, len(fitting) - 1))]]
        self.sessions_per_day = self._given(profile.sessions_per_day, 1, _SESSIONS)
        users = character.users * self.sessions_per_day if profile.users is None else profile.users
        stay = self._given(profile.stay_days, 5, character.stay_days)
        self._users = Users(self._key + 14, max(1, users), stay)
        self._anonymous = self._given(profile.anonymous_percent, 6, character.anonymous)
        self._burst_percent = self._given(profile.burst_percent, 14, _BURST_PERCENT)
        form = form_of(bot_id) or UUIDS
        platform = bits.key(seed, "platform", form.name)  # each service has its own form
        self._rates = Rates(self._key + 1000, self.sessions_per_day, profile, character, platform)
        engine: Engine = profile.engine or ("rules" if form is UUIDS else "model")
        self.voice = Voice(self._key, profile.utc_offset, understands=engine != "rules")
        """What the words of its users depend on, for `Phrasing`."""
        mix = self._choose_scripts(engine, character)
        latencies = self._durations(engine, mix)
        self._pace = Pace(engine, latencies, self._wording, self._drawn(24, PACE_PERCENT[engine]))
        self._speakers = Speakers(
            self._key,
            self._wording,
            profile.drift_percent,
            profile.utc_offset,
            has_holidays=profile.calendar == "china",
        )
        failures = FAILURE_PERMILLE[engine] if profile.incident_days != 0 else CALM_PERMILLE[engine]
        self._troubles = Troubles(
            self._key,
            engine,
            permille=self._given(profile.failure_permille, 23, failures),
            is_calm=profile.incident_days == 0,
            durations=latencies,
            incidents=self._rates.incidents,
            speakers=self._speakers,
            can_fail=mix.get("notmatch", 0) > 0,
            can_chat=mix.get("chat", 0) > 0,
        )
        self._held = _Held(range(0), turns(), np.zeros(0, np.int64))

    def _choose_scripts(self, engine: Engine, character: Character) -> dict[Outcome, int]:
        """Choose the scripts of its conversations, and return the weights of their outcomes."""
        usual = character.outcomes if engine == "rules" else understood(character.outcomes)
        stated = self._profile.outcomes
        mix = self._mix(usual) if stated is None else stated
        self._has_versions = stated is None
        rounds = self._profile.rounds or self._drawn(2, character.rounds)
        first = self._drawn(15, character.human_first)
        human = self._drawn(7, character.human) - first, first
        context, skills = engine != "rules", self._wording.skills
        once = self._drawn(16, _ONCE)
        self._scripts = choose(mix, rounds, skills, context=context, human=human, once=once)
        self._human_first = int((pool().human[self._scripts] == HUMAN_FIRST).sum())
        self._cuts = cuts_of(mix, skills, context=context)
        return mix

    @cached_property
    def phrasing(self) -> "Phrasing":
        """How its users phrase what they say."""
        leave_loop()
        from mockcbs.traffic.words.phrasing import phrasing_of  # noqa: PLC0415 - 30 ms that figures do not need

        return phrasing_of(self.knowledge)

    def turns_on(self, day: int) -> Turns:
        """The turns of the sessions that begin on UTC *day* (days since 1970); sessions are numbered from 0.

        A session that begins before midnight may have turns after midnight.
        """
        held = self._held  # read once, as an export in another thread may replace it
        if day not in held.days:
            beside = held.days.start - 1 <= day <= held.days.stop
            size = _DAYS if beside and self.sessions_per_day <= _MANY else 1
            days = range(day // size * size, day // size * size + size)
            self._held = held = _Held(days, *self.turns_of(days))
        place = day - held.days.start
        first, count = int(held.counts[:place].sum()), int(held.counts[place])
        session = held.turns.session
        rows = np.flatnonzero((session >= first) & (session < first + count))
        found = held.turns.take(rows)
        found.session[:] -= first
        return found

    def turns_of(self, days: range) -> tuple[Turns, Ints]:
        """The turns of *days*, with sessions numbered across the days, and how many sessions begin on each.

        The random words of each day do not depend on other days; days are generated together only for speed.
        """
        each_day = np.arange(days.start, days.stop)
        cells, counts, reach, load, edges = self._rates.of(days)
        drawn = bits.Columns(bits.words(self._key + 10, each_day), counts)
        begins = arrivals.instants(drawn.column(0), counts, cells, edges)
        group = bursts.group_of(self.sessions_per_day)
        starts, burst = bursts.gathered(
            begins, drawn.column(3), counts, cells, self._burst_percent, group=group
        )
        starts += days.start * DAY
        user, topics = self._who(drawn, each_day, counts, reach)
        bursts.share_topic(topics, burst)
        script = self._users.ways(user, topics, self._human_first)
        draft = self._draft(each_day, counts, topics, starts, self._scripts.take(script))
        bursts.share_subject(draft, burst)
        said = self._speakers.say(draft)
        load = load.take((starts - days.start * DAY) // HOUR)
        latency = self._pace.latency(draft, said, load)
        resent = self._troubles.apply(draft, said, latency, days)
        at, returns = self._pace.times(draft, said, latency, resent)
        opening = np.sort(np.concatenate((draft.opening[:-1], returns)))
        user = user.take(draft.session.take(opening))
        session = np.repeat(np.arange(len(opening)), np.diff(opening, append=len(at)))
        counts = np.diff(np.append(-1, session)[draft.until], prepend=-1)
        ends = np.append(opening[1:], len(at)) - 1
        user = one_at_a_time(user, at[opening], at[ends] + latency[ends], counts)
        rows = order(at)
        session, took = session.take(rows), latency.astype(np.int32).take(rows)
        return Turns(at.take(rows), session, user.take(session), said.take(rows), took), counts

    def _who(
        self, drawn: bits.Columns, each_day: Ints, counts: Ints, reach: Ints
    ) -> tuple[npt.NDArray[np.int32], Words]:
        """The user of each session, and the word that chooses its topics."""
        topics = drawn.column(2)
        people = self._users.of(
            drawn.column(1),
            np.repeat(each_day, counts),
            np.repeat(reach, counts),
            arrivals.parts(counts, topics),
        )
        later, before = self._users.returns(topics, counts)
        people[later] = people[before]
        user = self._users.registered(people).astype(np.int32)
        topics = self._users.habits(user, topics)
        topics[later] ^= (topics[later] ^ topics[before]) & TOPIC
        user[bits.field(topics, 0, 8) * 100 < self._anonymous << 8] = ANONYMOUS
        return user, topics

    def _draft(self, each_day: Ints, counts: Ints, topics: Words, starts: Ints, script: Places) -> Draft:
        """The steps of the sessions that begin at *starts*, given the word and the script of each."""
        week = np.repeat((each_day + 3) // 7, counts)
        if self._has_versions and len(starts):
            misses = self._rates.releases.misses(each_day, len(self._wording.domains))
            row = np.repeat(np.arange(len(each_day)) * misses.shape[1], counts)
            redraw(
                script, self._scripts, misses.take(row + self._speakers.topic(topics, week, starts)), topics
            )
        rounds = pool().length[script]
        self._cuts.end(script, rounds, topics)
        session = np.repeat(np.arange(len(starts)), rounds)
        opening = np.concatenate((np.zeros(1, np.int64), np.cumsum(rounds)))
        step = np.arange(len(session)) + (pool().first[script] - opening[:-1]).take(session)
        by_day = np.diff(opening[np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))])
        words = bits.Columns(bits.words(self._key + 11, each_day), by_day).column(0)
        again = np.flatnonzero(pool().repeats.take(step))
        return Draft(session, step, again, words, topics, week, starts, opening, np.cumsum(by_day))

    def session_ids(self, day: int, starts: Ints, ordinals: Ints) -> list[str]:
        """The ids of sessions of *day*, given their begins (ms UTC) and their numbers.

        Each contains the begin of its session. Their form depends on that of the bot's id.
        """
        key = bits.key(self._seed, self._bot_id, "sessions", day)
        return (form_of(self._bot_id) or UUIDS).session_ids(starts, ordinals, key)

    def sessions_on(self, day: int) -> tuple[Turns, list[str]]:
        """The turns of *day*, as `turns_on` returns them, and the ids of their sessions by number."""
        columns = self.turns_on(day)
        ordinals, opening = np.unique(columns.session, return_index=True)
        return columns, self.session_ids(day, columns.at[opening], ordinals)

    def _drawn(self, place: int, bounds: tuple[int, int]) -> int:
        """A number of this bot between *bounds*, both included."""
        low, high = bounds
        return low + int(self._own[place] >> np.uint64(32)) * (high - low + 1) // (1 << 32)

    def _given(self, stated: int | None, place: int, bounds: tuple[int, int]) -> int:
        """The *stated* number, or a drawn one."""
        return self._drawn(place, bounds) if stated is None else stated

    def _mix(self, outcomes: dict[Outcome, int]) -> dict[Outcome, int]:
        """The outcomes of a character, a little changed for this bot."""
        return {
            outcome: outcomes[outcome] * self._drawn(8 + place, (80, 125))
            for place, outcome in enumerate(OUTCOMES)
        }

    def _durations(self, engine: Engine, mix: dict[Outcome, int]) -> Durations:
        """The latencies of the answers of this bot."""
        median = self._profile.median_ms or self._drawn(3, MEDIANS_MS[engine])
        slow = self._profile.slow_permille
        if slow is not None:
            return durations(engine, median, slow)
        slow = self._drawn(4, SLOW_PERMILLE[engine])
        percent = {
            outcome: self._drawn(17 + place, OUTCOME_PERCENT[engine][outcome])
            for place, outcome in enumerate(OUTCOMES)
        }
        return durations(engine, median, slow, percent, mix)
