"""What users say: the utterance of each turn."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.conversations.choosing import subjects_of
from mockcbs.traffic.conversations.draft import TOPIC_BITS, Draft, Numbers
from mockcbs.traffic.conversations.scripts import pool, steps_of
from mockcbs.traffic.periods import DAY, HOUR, MINUTE
from mockcbs.traffic.recent import Recent
from mockcbs.traffic.turns import Ints, Places
from mockcbs.traffic.words.frequencies import SLOTS
from mockcbs.traffic.words.holidays import near
from mockcbs.traffic.words.seasons import Flags
from mockcbs.traffic.words.wording import Wording
from mockcbs.traffic.words.working_hours import are_at_work

_WEEKS = 4
"""The number of weeks whose tables of subjects are made together."""
_OTHER_BITS = 22
"""The place of the bits of a session's word that choose its other topic."""
_SETTLED = 160
"""The number of 256 sessions that have no other topic."""
_CARELESS = 64
"""The number of 256 users who greet without looking at the clock."""
_FOREIGN_SHARE, _HIT_SHARE = 36, 34
"""How much users who are eager to speak of a holiday do so, instead of another question without a match or of
one with a pair, in 16ths.
"""
_EARLY_OR_LATE, _OWN_EARLY_OR_LATE = 100 * MINUTE, 40 * MINUTE
"""How much earlier or later than the hours of a habit a session is at most, and all sessions of a bot, ms."""
_ALWAYS_AT_WORK = 32
"""The number of 256 users who are at work at night and on weekends, too."""
_RETRIES, _FAR = 3, 101
"""How often another subject is drawn, and how far its entry in a table is from the one before."""
_MIXER, _CLOCK = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Speakers:
    """The users of one bot, who speak about the subjects of its knowledge base."""

    def __init__(
        self, key: int, wording: Wording, drift_percent: int, utc_offset: int, *, has_holidays: bool = True
    ) -> None:
        """*drift_percent* is how far the frequency of each subject changes from week to week.

        *utc_offset* is that of the users' zone, ms. *has_holidays* is whether they have public holidays.
        """
        self._has_holidays = has_holidays
        self._key, self.wording = key, wording
        self._drift_percent, self._utc_offset = drift_percent, utc_offset
        early = int(bits.signed(bits.words(key + 25, [0]))[0])
        self._clock = utc_offset + (_OWN_EARLY_OR_LATE * early >> 10)  # of habits, ms ahead of UTC
        self._section = wording.step_sections
        self._first = wording.begins(key + 24)
        self._tables = Recent[tuple[Places, Places]](_WEEKS)

    def say(self, draft: Draft) -> Numbers:
        """The utterance of each turn."""
        if not len(draft.session):
            return np.zeros(0, np.int32)
        said = self._worded(draft, self._subjects(draft))
        self._fill_slots(draft, said)
        self._greet(draft, said)
        return said

    def say_about(self, draft: Draft, said: Numbers, rows: Ints, subject: int) -> None:
        """Let every second user speak about *subject* in those of *rows* that are about a pair."""
        topical = self._section[draft.step[rows]] < 0
        rows = rows[topical & (bits.field(draft.topics[draft.session[rows]], 20, 1) > 0)]
        said[rows] = self._worded(draft, subject, rows)

    def topic(self, topics: Words, week: Ints, starts: Ints) -> Ints:
        """The topic (question category) of each session, given its word, its week and its begin."""
        first_week, _, domains = self._frequencies(week)
        slot = bits.field(topics, TOPIC_BITS, 8)
        usual = domains.take((week - first_week) * SLOTS + slot)
        if not self.wording.rhythms.is_empty:
            busy = self.wording.rhythms.of(self._by_habit(topics, starts) // HOUR, slot)
            usual = np.where(busy < 0, usual, busy)
        if not self.wording.peaks.categories:
            return usual
        peak = self.wording.peaks.of((starts + self._utc_offset) // DAY, bits.field(topics * _MIXER, 56, 8))
        return np.where(peak < 0, usual, peak)

    def _by_habit(self, topics: Words, starts: Ints) -> Ints:
        """The local time of each session (ms since 1970) by the clock of its user's habits: hours at which
        users speak of something begin and end gradually.
        """
        own = topics * _CLOCK
        early = bits.field(own, 56, 8) + bits.field(own, 48, 8) - 255
        local: Ints = starts + self._clock + early * _EARLY_OR_LATE // 255
        return local

    def _subjects(self, draft: Draft) -> Places:
        """The subject of each turn."""
        first_week, subjects, domains = self._frequencies(draft.week)
        week = draft.week - first_week
        section = self._section.take(draft.step)
        usual = self.topic(draft.topics, draft.week, draft.starts)
        other = np.where(
            bits.field(draft.topics * _MIXER, 32, 8) < _SETTLED,
            usual,
            domains.take(week * SLOTS + bits.field(draft.topics, _OTHER_BITS, 8)),
        )
        local = (draft.starts + self._utc_offset) // DAY, self._are_away(draft)
        section = np.where(section < 0, usual.take(draft.session), section)
        rows = np.flatnonzero(self.wording.is_other.take(draft.step))
        section[rows] = other.take(draft.session.take(rows))
        row = (week * subjects.shape[1]).take(draft.session)
        row += section
        row *= SLOTS
        found = subjects_of(
            subjects,
            row,
            self.wording.related,
            draft.words,
            draft.step,
            topics=len(self.wording.domains),
            again=draft.again,
            renew=lambda found, far: self._forget(draft, found, (subjects, row, far), local),
        )
        if self._has_holidays:
            self._think_of_holidays(draft, found)
        return found

    def _forget(
        self, draft: Draft, found: Places, entries: tuple[Places, Ints, int], local: tuple[Ints, Flags]
    ) -> None:
        """Replace the subjects of which fewer users speak on that day than on the best one of the week, and
        those of which they speak only at work.

        *entries* are the table, the row of each turn, and how far from its own the first entry to try is;
        *local* are the day of each session, and whether its user is not at work.
        """
        (table, row, far), (day, away) = entries, local
        rows, topics = np.flatnonzero(self.wording.has_times.take(found)), len(self.wording.domains)
        if not len(rows):
            return
        entry = (draft.words >> np.uint64(56)).view(np.int64)
        for retry in range(1, _RETRIES + 1):
            session, subject = draft.session[rows], found[rows].astype(np.int64)
            unasked = self.wording.seasons.are_unasked(
                subject, draft.week[session], day[session], draft.words[rows]
            )
            rows = rows[unasked | self.wording.is_on_site[subject] & away[session]]
            if not len(rows):
                break
            place = row[rows]
            if retry == _RETRIES:
                section = place // SLOTS % table.shape[1]
                place = place + np.where(section < topics, (section + 1) % topics - section, 0) * SLOTS
            found[rows] = table.take(place + (entry[rows] + far + retry * _FAR & 255))

    def _are_away(self, draft: Draft) -> Flags:
        """Whether the user of each session is not at work, if that counts; a few always are."""
        if not self.wording.is_on_site.any():
            return np.zeros(len(draft.starts), np.bool_)
        never = bits.field(draft.topics * _MIXER, 16, 8) < _ALWAYS_AT_WORK
        local = self._by_habit(draft.topics, draft.starts)
        return ~(never | are_at_work(local, has_holidays=self._has_holidays))

    def _think_of_holidays(self, draft: Draft, subject: Places) -> None:
        """Let users ask about a public holiday instead, in the days before it and until its end.

        Questions that a pair answers are replaced only if nothing later is about the same; others only before
        the holiday, as most ask for its days.
        """
        number, eager, is_ahead = self._holidays_of(draft)
        if not eager.any():
            return
        step, again = draft.step, draft.again
        before = again - pool().back[step[again]]
        drawn = (draft.words * _MIXER >> np.uint64(56)).astype(np.int64)
        for act, chance, kept in (
            (Act.FOREIGN, eager * is_ahead * _FOREIGN_SHARE, [again]),
            (Act.HIT, eager * _HIT_SHARE, [again, before]),
        ):
            free = steps_of(act).take(step) & (drawn < chance.take(draft.session) >> 4)
            free[np.concatenate(kept)] = False
            rows = np.flatnonzero(free)
            asked = self.wording.holidays[number[draft.session[rows]], int(act == Act.HIT)]
            subject[rows[asked >= 0]] = asked[asked >= 0]
        subject[again] = subject[before]

    def _holidays_of(self, draft: Draft) -> tuple[Ints, Ints, Ints]:
        """For each session the number of the holiday that is near, how eagerly users speak of it, and whether
        it has not begun.
        """
        day = (draft.starts + self._utc_offset) // DAY
        number, eager, is_ahead = found = np.zeros((3, len(day)), np.int64)
        first = int(day[0])
        ends = np.searchsorted(day, np.arange(first, int(day[-1]) + 2))
        for one in range(len(ends) - 1):
            if holidays := near(first + one):
                rows = slice(ends[one], ends[one + 1])
                which = bits.field(draft.topics[rows], 16, 4) % len(holidays)
                found[:, rows] = np.array(holidays).T[:, which]
        return number, eager, is_ahead

    def _frequencies(self, week: Ints) -> tuple[int, Places, Places]:
        """A first week, and the tables of subjects and of domains for that week and later ones."""
        known, tables = self._tables.around(
            range(int(week[0]), int(week[-1]) + 1),
            lambda weeks: self.wording.tables(self._key + 20, weeks, self._drift_percent),
        )
        return known.start, *tables

    def _worded(self, draft: Draft, subject: "Places | int", rows: Ints | None = None) -> Numbers:
        """One utterance about each *subject* for all turns, or those in *rows*.

        Who returns to a subject finds other words for it, and names the same person.
        """
        wording, steps = self.wording, pool()
        step = draft.step if rows is None else draft.step[rows]
        pick = bits.field(draft.words if rows is None else draft.words[rows], 48, 7)
        again = draft.again if rows is None else np.flatnonzero(steps.repeats.take(step))
        again = again[steps.reworded[step[again]]]
        source = (again if rows is None else rows[again]) - steps.back.take(step[again])
        pick[again] = bits.field(draft.words[source], 48, 7)
        place = wording.step_rows.take(step)
        place += subject
        # The product makes the first wordings more frequent: half of the draws lie in the first quarter.
        pick *= pick
        count = wording.count.take(place)
        pick *= count
        pick >>= 14
        pick[again] = (pick[again] + steps.turned[step[again]]) % count[again]
        pick += self._first.take(place)
        said: Numbers = wording.items.take(pick)
        return said

    def _fill_slots(self, draft: Draft, said: Numbers) -> None:
        """Let users give the values that skills request."""
        wording, steps = self.wording, pool()
        slots = draft.again[steps_of(Act.SLOT)[draft.step[draft.again]]]
        step = draft.step[slots]
        place, start = steps.slots[step], said[slots - steps.back[step]]
        pick = bits.field(draft.words[slots], 48, 7) * wording.slot_count[place, start] >> 7
        said[slots] = wording.items[wording.slot_first[place, start] + pick]

    def _greet(self, draft: Draft, said: Numbers) -> None:
        """Replace greetings that do not fit the local hour; some users are up to half an hour off."""
        rows = np.flatnonzero(steps_of(Act.GREETING).take(draft.step))
        session = draft.session[rows]
        own = draft.topics[session] * _MIXER
        off = (bits.field(own, 40, 8) - 128) * (HOUR // 2) // 128
        off[bits.field(own, 56, 8) >= _CARELESS] = 0
        hour = (draft.starts[session] + self._utc_offset + off) // HOUR % 24
        said[rows] = self.wording.timely[hour, np.searchsorted(self.wording.greetings, said[rows])]
