"""The generated turns of one bot on one day: a pure function of seed, bot and day.

Every draw is a whole number from `mockcbs.traffic.bits`; nothing depends on floating point.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import arrivals, bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.bots import Engine, Incident, Profile
from mockcbs.traffic.characters import CHARACTERS, DRAWN
from mockcbs.traffic.choosing import subjects_of
from mockcbs.traffic.durations import (
    CAUSES,
    FAILURE_PERMILLE,
    MEDIANS_MS,
    SLOW_PERMILLE,
    TIMEOUT_MS,
    before,
    durations,
    lognormal,
)
from mockcbs.traffic.ids import UUIDS, form_of
from mockcbs.traffic.incidents import BEFORE, apart, recovered, severity, slowed
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.logarithms import exp2
from mockcbs.traffic.numbering import Repertoire
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.phrasing import Voice
from mockcbs.traffic.rates import Rates
from mockcbs.traffic.scripts import Act, pool, steps_of
from mockcbs.traffic.turns import ANONYMOUS, OUTCOMES, Ints, Outcome, Places, Turns, order, turns
from mockcbs.traffic.users import Users
from mockcbs.traffic.wording import OTHER_TOPIC, SLOTS

Numbers = npt.NDArray[np.int32]

_MAX_THINK_MS: dict[Engine, int] = {"rules": 119_000, "model": 1_799_000, "workflow": 1_799_000}
"""The maximum: a session of CBS ends 120 s after an answer, and users resume a Coze conversation in half an
hour.
"""
_PAUSES, _PAUSE_OCTAVES = 72, 3 * 1024
"""Of 4096 users of a model, the number who do something else before the next question, up to eight times as
long.
"""
_LONG_THINK_MS = 36_000
"""The minimum time after which users come back who would take longer than the maximum."""
_DAYS, _MANY = 8, 2_000
"""How many days are generated together when a request continues the last ones, and the maximum number of
sessions a day of bots for which this is done.
"""
_WEEKS = 4
"""The number of weeks whose tables of subjects are made together: the next requests mostly need them."""
_KEPT = 5
"""The number of these tables that are kept: those of 90 days."""
_HOUR = 3_600_000
_VAGUE = 2
"""The form of vague words; a vague question is repeated in other vague words."""
_REMARKS, _REMARKS_AGAIN, _REMARKS_AFTER = 1, 3, 2
"""Of eight questions that fail in an incident, of eight that follow one, and of eight just after it,
those that are remarks on it.
"""
_TOPIC_BITS = (31, 22)
"""The place of the bits that choose the topic of a session, and its other topic."""
_RESENT_MS = (1_050, 2_400)
"""The minimum and maximum time from an answer until users send the question once more, ms."""
_USUAL_PERCENT = 100
_MAX_CALM_PERMILLE = 4
"""The maximum share of failures that can be kept apart."""


class _Drafted(NamedTuple):
    """Turns in the order of their sessions, before their times are known."""

    session: Ints
    step: Ints
    """The step of a script, for each turn."""
    again: Ints
    """The turns about the subject of an earlier one."""
    words: Words
    topics: Words
    """The word of each session."""
    week: Ints
    """The row of the tables of subjects, for each session."""
    starts: Ints
    """The begin of each session, ms UTC."""
    until: Ints
    """The row after the last one of each day."""


class _Held(NamedTuple):
    """The days that were generated last."""

    days: range
    turns: Turns
    counts: Ints


class Generator:
    """Generates the days of one bot."""

    def __init__(
        self,
        seed: int,
        bot_id: str,
        profile: Profile,
        repertoire: Repertoire,
        knowledge: KnowledgeBase | None = None,
    ) -> None:
        """*knowledge* is one of the knowledge bases of *repertoire*, by default the first."""
        self._seed, self._bot_id, self._profile = seed, bot_id, profile
        self._key = bits.key(seed, bot_id)
        self._own = bits.words(self._key, np.arange(16))
        self._wording, self._numbers = repertoire.worded(knowledge)
        self.knowledge = knowledge
        fitting = [one for one in DRAWN if one in (self._wording.characters or DRAWN)]
        character = CHARACTERS[profile.character or fitting[self._drawn(0, (0, len(fitting) - 1))]]
        stated = profile.sessions_per_day
        self.sessions_per_day = self._drawn(1, (40, 400)) if stated is None else stated
        users = profile.users
        users = character.users * self.sessions_per_day if users is None else users
        stay = self._drawn(5, character.stay_days) if profile.stay_days is None else profile.stay_days
        self._users = Users(self._key + 14, max(1, users), stay)
        self.voice = Voice(self._key, profile.utc_offset)
        """The key and zone for `Phrasing`."""
        platform = bits.key(seed, "platform")
        self._rates = Rates(self._key + 1000, self.sessions_per_day, profile, character, platform)
        mix = self._mix(character.outcomes) if profile.outcomes is None else profile.outcomes
        rounds = profile.rounds or self._drawn(2, character.rounds)
        self._scripts = pool().choose(mix, rounds, self._wording.skills).astype(np.int64)
        engine: Engine = profile.engine or ("rules" if form_of(bot_id) in {None, UUIDS} else "model")
        self._set_durations(engine, can_fail=mix.get("notmatch", 0) > 0)
        self._section = self._wording.step_sections
        self._is_other = self._section == OTHER_TOPIC
        self._first = self._wording.begins(self._key + 24)
        self._held = _Held(range(0), turns(), np.zeros(0, np.int64))
        self._tables: tuple[tuple[range, Places, Places], ...] = ()

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
        cells, counts, reach, load = self._rates.of(days)
        drawn = bits.Columns(bits.words(self._key + 10, each_day), counts)
        starts = days.start * DAY + arrivals.instants(drawn.column(0), drawn.column(3), cells, counts)
        day, reach = np.repeat(each_day, counts), np.repeat(reach, counts)
        topics = drawn.column(2)
        people = self._users.of(drawn.column(1), day, reach, arrivals.parts(counts, topics))
        user = self._users.scattered(self._users.again(people, topics, counts)).astype(np.int32)
        topics = self._users.habits(user, topics)
        user[bits.field(topics, 0, 8) * 100 < self._profile.anonymous_percent << 8] = ANONYMOUS
        script = self._scripts.take(bits.field(topics, 52, 12))

        rounds = pool().length[script]
        session = np.repeat(np.arange(len(starts)), rounds)
        edges = np.concatenate((np.zeros(1, np.int64), np.cumsum(rounds)))
        opening = edges[:-1]
        step = np.arange(len(session)) + (pool().first[script] - opening).take(session)
        by_day = np.diff(edges[np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))])
        words = bits.Columns(bits.words(self._key + 11, each_day), by_day).column(0)
        weeks = (each_day + 3) // 7
        first_week, subjects, domains = self._subjects(range(int(weeks[0]), int(weeks[-1]) + 1))
        week = np.repeat(weeks - first_week, counts)
        again = np.flatnonzero(pool().repeats.take(step))
        draft = _Drafted(session, step, again, words, topics, week, starts, np.cumsum(by_day))

        said = self._said(draft, subjects, domains)
        self._greet(draft, said)
        latency = self._latency.take(bits.field(words, 10, 12)) * self._wording.effort.take(said)
        latency *= load.take((starts - days.start * DAY) // _HOUR).take(session)
        latency >>= 20
        incidents = self._incident_rows(days, starts, edges)
        self._fail(draft, said, latency, incidents)
        pace = self._pace.take(bits.field(topics, 40, 8))
        gap = latency + self._think_ms(said, words, pace.take(session))
        self._resend(draft, latency, gap)
        elapsed = np.cumsum(gap) - gap
        at = elapsed + (starts - elapsed[opening]).take(session) if len(session) else elapsed
        if self._numbers is not None:
            said = self._numbers.take(said).astype(np.int32)
        rows = order(at)
        session = session.take(rows)
        latency = latency.astype(np.int32).take(rows)
        return Turns(at.take(rows), session, user.take(session), said.take(rows), latency), counts

    @property
    def kinds(self) -> int:
        """The number above those of all its utterances."""
        return len(self._wording.utterances) if self._numbers is None else int(self._numbers.max()) + 1

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

    def _mix(self, outcomes: dict[Outcome, int]) -> dict[Outcome, int]:
        """The outcomes of a character, a little changed for this bot."""
        return {
            outcome: outcomes[outcome] * self._drawn(8 + place, (80, 125))
            for place, outcome in enumerate(OUTCOMES)
        }

    def _set_durations(self, engine: Engine, *, can_fail: bool) -> None:
        profile = self._profile
        median = profile.median_ms or self._drawn(3, MEDIANS_MS[engine])
        slow = profile.slow_permille
        slow = self._drawn(4, SLOW_PERMILLE[engine]) if slow is None else slow
        failing = profile.failure_permille
        failing = FAILURE_PERMILLE[engine] if failing is None else failing
        self._can_fail, self._failing = can_fail, (failing << 14) // 1000
        self._is_calm = profile.incident_days == 0 and failing <= _MAX_CALM_PERMILLE
        if self._is_calm:
            self._failing *= 2  # half of the blocks of `apart` have none
        self._durations = durations(engine, median, slow)
        self._latency, self._timeout = self._durations.latency, TIMEOUT_MS[engine]
        self._max_think = _MAX_THINK_MS[engine]
        self._think = lognormal(1024, 4096, 20).copy()
        if engine != "rules":
            self._think[-_PAUSES:] *= exp2(np.arange(_PAUSES) * _PAUSE_OCTAVES // _PAUSES)
        self._pace = lognormal(1024, 1900, 20)[8::16]

    def _think_ms(self, said: Numbers, words: Words, pace: Ints) -> Ints:
        """The time from each answer to the next question; some users are faster during the whole session."""
        usual = self._wording.reading_ms.take(said)
        usual[:-1] += self._wording.typing_ms.take(said[1:])
        think = usual * pace
        think >>= 10
        think *= self._think.take(bits.field(words, 36, 12))
        think >>= 10
        late = np.flatnonzero(think > self._max_think)
        think[late] = _LONG_THINK_MS + bits.below(
            words[late] << np.uint64(32), self._max_think - _LONG_THINK_MS
        )
        return think

    def _resend(self, draft: _Drafted, latency: Ints, gap: Ints) -> None:
        """Shorten the time before questions that are sent twice."""
        low, high = _RESENT_MS
        rows = draft.again[pool().double[draft.step[draft.again]]] - 1
        gap[rows] = latency[rows] + low + bits.below(draft.words[rows] << np.uint64(16), high - low)

    def _greet(self, draft: _Drafted, said: Numbers) -> None:
        """Replace greetings that do not fit the local hour."""
        rows = np.flatnonzero(steps_of(Act.GREETING).take(draft.step))
        hour = (draft.starts[draft.session[rows]] + self._profile.utc_offset) // _HOUR % 24
        said[rows] = self._wording.timely[hour, said[rows]]

    def _subjects(self, weeks: range) -> tuple[int, Places, Places]:
        """A first week, and the tables of subjects and of domains for that week and later ones."""
        kept = self._tables
        held = next((one for one in kept if weeks.start in one[0] and weeks.stop <= one[0].stop), None)
        if held is None:
            start = weeks.start // _WEEKS * _WEEKS
            known = range(start, max(weeks.stop, start + _WEEKS))
            tables = self._wording.tables(self._key + 20, known, self._profile.drift_percent)
            held = (known, *tables)
            self._tables = (held, *kept[: _KEPT - 1])
        known, subjects, domains = held
        return known.start, subjects, domains

    def _said(self, draft: _Drafted, subjects: Places, domains: Places) -> Numbers:
        """The utterance of each turn."""
        wording, steps = self._wording, pool()
        section = self._section.take(draft.step)
        usual, other = (
            domains.take(draft.week * SLOTS + bits.field(draft.topics, place, 8)) for place in _TOPIC_BITS
        )
        section = np.where(section < 0, usual.take(draft.session), section)
        rows = np.flatnonzero(self._is_other.take(draft.step))
        section[rows] = other.take(draft.session.take(rows))
        row = (draft.week * subjects.shape[1]).take(draft.session)
        row += section
        row *= SLOTS
        subject = subjects_of(subjects, row, len(wording.domains), draft.words, draft.step, again=draft.again)
        said = self._worded(draft, subject)
        slots = draft.again[steps_of(Act.SLOT)[draft.step[draft.again]]]
        step = draft.step[slots]
        place, start = steps.slots[step], said[slots - steps.back[step]]
        pick = bits.field(draft.words[slots], 48, 7) * wording.slot_count[place, start] >> 7
        said[slots] = wording.items[wording.slot_first[place, start] + pick]
        return said

    def _worded(self, draft: _Drafted, subject: "Places | int", rows: Ints | None = None) -> Numbers:
        """One utterance about each *subject* for all turns, or those in *rows*.

        A second wording differs from that of the turn that it repeats.
        """
        wording, steps = self._wording, pool()
        step = draft.step if rows is None else draft.step[rows]
        pick = bits.field(draft.words if rows is None else draft.words[rows], 48, 7)
        again = draft.again if rows is None else np.flatnonzero(steps.repeats.take(step))
        if len(again := again[steps.reworded[step[again]]]):
            # Other words than before about the same person, or the same words.
            back = steps.back.take(step[again]).astype(np.int64)
            source = (again if rows is None else rows[again]) - back
            other = np.where(steps.form[step[again]] == _VAGUE, back * 32, 0)
            pick[again] = (bits.field(draft.words[source], 48, 7) + other) & 127
        place = wording.step_rows.take(step)
        place += subject
        # The product makes the first wordings more frequent: half of the draws lie in the first quarter.
        pick *= pick
        pick *= wording.count.take(place)
        pick >>= 14
        pick += self._first.take(place)
        said: Numbers = wording.items.take(pick)
        return said

    def _incident_rows(self, days: range, starts: Ints, edges: Ints) -> list[tuple[Incident, slice]]:
        """The incidents, and the turns of the sessions that begin from before to after each."""
        found = []
        for incident in self._rates.incidents.on(range(days.start - 2, days.stop + 1)):
            low, high = np.searchsorted(starts, [incident.at - BEFORE, recovered(incident)]).tolist()
            if low < high:
                found.append((incident, slice(int(edges[low]), int(edges[high]))))
        return found

    def _fail(
        self, draft: _Drafted, said: Numbers, latency: Ints, incidents: list[tuple[Incident, slice]]
    ) -> None:
        """Let some answers fail, in incidents and outside. Users repeat a question whose answer failed."""
        chance = bits.field(draft.words, 22, 14)
        rows = [np.flatnonzero(chance < self._failing)]
        if self._is_calm:
            rows[0] = apart(rows[0], draft.until)
        causes = [np.full(len(rows[0]), CAUSES)]
        act = pool().act.take(draft.step)
        for incident, span in incidents:
            begun = draft.starts[draft.session[span]]
            failing, slow = severity(incident, begun, self._key + 13)
            percent = 100 + ((incident.latency_percent - 100) * slow >> 10)
            latency[span] = slowed(latency[span], percent, draft.words[span])
            self._ask_alike(draft, said, incident, span, begun)
            if incident.failure_percent:
                after = np.flatnonzero((begun >= incident.end) & (act[span] == Act.HIT)) + span.start
                self._remark(draft, said, after, _REMARKS_AFTER, self._wording.recoveries)
            limit = (incident.failure_percent << 14) // 100 * failing >> 10
            here = np.flatnonzero(chance[span] < limit) + span.start
            rows.append(here)
            causes.append(np.full(len(here), incident.at // 1000 % CAUSES))
        late = np.flatnonzero(latency >= self._timeout)
        latency[late] = before(self._timeout, bits.field(draft.words[late], 0, 16))
        together = np.concatenate(rows)
        if self._can_fail and len(together):
            self._end_badly(draft, said, latency, together, np.concatenate(causes))

    def _end_badly(self, draft: _Drafted, said: Numbers, latency: Ints, rows: Ints, causes: Ints) -> None:
        """Let the answers in *rows* fail, for reasons that fit the *causes* of the incidents."""
        rows, first = np.unique(rows, return_index=True)
        causes = causes[first]
        asked = rows[(causes < CAUSES) & (pool().act[draft.step[rows]] == Act.HIT)]
        self._remark(draft, said, asked, _REMARKS, self._wording.outages)
        known = self._wording.failing[said[rows]] >= 0
        rows, causes = rows[known], causes[known]
        repeats = np.flatnonzero(draft.session[np.minimum(rows + 1, len(said) - 1)] == draft.session[rows])
        repeats = repeats[rows[repeats] + 1 < len(said)]
        said[rows[repeats] + 1] = said[rows[repeats]]
        again = rows[repeats[causes[repeats] < CAUSES]] + 1
        self._remark(draft, said, again, _REMARKS_AGAIN, self._wording.outages)
        kind = self._durations.failures[causes, bits.field(draft.words[rows], 48, 7)]
        said[rows] = self._wording.failing[said[rows]] + kind
        skewed = bits.field(draft.words[rows], 0, 10) * bits.field(draft.words[rows], 12, 10) >> 10
        spread = self._durations.failure_spread[kind] * skewed >> 10
        latency[rows] = self._durations.failure_ms[kind] + 1 + spread

    def _remark(self, draft: _Drafted, said: Numbers, rows: Ints, share: int, remarks: Numbers) -> None:
        """Let a *share* of eight of *rows* be *remarks* on an incident."""
        rows = rows[bits.field(draft.words[rows], 56, 3) < share]
        said[rows] = remarks[bits.field(draft.words[rows], 48, 8) * len(remarks) >> 8]

    def _ask_alike(
        self, draft: _Drafted, said: Numbers, incident: Incident, span: slice, begun: Ints
    ) -> None:
        """Let every second user in an incident ask about the same subject, if more come than usual."""
        if incident.traffic_percent <= _USUAL_PERCENT:
            return
        rows = np.flatnonzero((begun >= incident.at) & (begun < incident.end)) + span.start
        topical = self._section[draft.step[rows]] < 0
        rows = rows[topical & (bits.field(draft.topics[draft.session[rows]], 20, 1) > 0)]
        subject = self._wording.subject(
            incident.question, int(bits.words(self._key + 12, [incident.at])[0] >> np.uint64(33))
        )
        said[rows] = self._worded(draft, subject, rows)
