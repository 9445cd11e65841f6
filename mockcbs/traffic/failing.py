"""Which answers fail, when and why; incidents, and what users do about them."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.incidents import BEFORE, Incidents, apart, recovered, severity, slowed
from mockcbs.traffic.bots import Engine, Incident
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.conversations.draft import Draft, Numbers
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.durations import (
    CAUSES,
    SLOW_MS,
    TIMEOUT_MS,
    Durations,
    before,
)
from mockcbs.traffic.turns import Ints
from mockcbs.traffic.words.saying import Speakers

_REMARKS, _REMARKS_AGAIN, _REMARKS_AFTER = range(1), range(2), range(2)
"""Of eight questions that fail in an incident, of eight that follow one, and of eight just after it,
those that are remarks on it.
"""
_HUMANS = range(2, 4)
"""Of eight questions after one that failed in an incident, those for a human, if they do not fail, too."""
_IMPATIENT = range(2)
"""Of eight users who have waited for a slow answer and would ask once more, those who request a human."""
_AT_ONCE = 7
"""Of eight users who repeat what failed, those who send it again at once, in the same words."""
_MAX_CALM_PERMILLE = 2
"""The maximum share of failures that can be kept apart."""


class Troubles:
    """The failures and incidents of one bot."""

    def __init__(
        self,
        key: int,
        engine: Engine,
        *,
        permille: int,
        is_calm: bool,
        durations: Durations,
        incidents: Incidents,
        speakers: Speakers,
        can_fail: bool,
        can_chat: bool,
    ) -> None:
        """So many *permille* of the answers fail outside *incidents*; a bot that *is_calm* has no drawn ones.

        *can_fail* is false for a bot whose questions all have a match, *can_chat* for one without small talk.
        """
        self._key, self._durations, self._timeout = key, durations, TIMEOUT_MS[engine]
        self._incidents, self._speakers, self._wording = incidents, speakers, speakers.wording
        self._can_chat, self._slow_ms = can_chat, SLOW_MS[engine]
        self._can_fail, self._failing = can_fail, (permille << 14) // 1000
        self._keeps_apart = is_calm and permille <= _MAX_CALM_PERMILLE
        if self._keeps_apart:
            # `apart` keeps none in half of its blocks, and one at most in the others; found by counting
            self._failing = self._failing * 2500 // (1000 - 128 * permille)

    def apply(self, draft: Draft, said: Numbers, latency: Ints, days: range) -> Ints:
        """Let some answers of *days* fail, in incidents and outside.

        Users repeat a question whose answer failed. Return the failures after which they do so at once.
        """
        chance = bits.field(draft.words, 22, 14)
        rows = [np.flatnonzero(chance < self._failing)]
        if self._keeps_apart:
            rows[0] = apart(rows[0], draft.until)
        causes = [np.full(len(rows[0]), CAUSES)]
        act = pool().act.take(draft.step)
        for incident, span in self._spans(draft, days):
            begun = draft.starts[draft.session[span]]
            failing, slow = severity(incident, begun, self._key + 13)
            percent = 100 + ((incident.latency_percent - 100) * slow >> 10)
            latency[span] = slowed(latency[span], percent, draft.words[span])
            self._ask_alike(draft, said, incident, span, begun)
            if incident.failure_percent:
                after = np.flatnonzero((begun >= incident.end) & (act[span] == Act.HIT)) + span.start
                _remark(draft, said, after, _REMARKS_AFTER, self._wording.recoveries)
            limit = (incident.failure_percent << 14) // 100 * failing >> 10
            here = np.flatnonzero(chance[span] < limit) + span.start
            rows.append(here)
            causes.append(np.full(len(here), incident.at // 1000 % CAUSES))
        late = np.flatnonzero(latency >= self._timeout)
        latency[late] = before(self._timeout, bits.field(draft.words[late], 0, 16))
        if self._can_chat:
            self._lose_patience(draft, said, latency)
        together = np.concatenate(rows)
        if not self._can_fail or not len(together):
            return np.zeros(0, np.int64)
        return self._end_badly(draft, said, latency, together, np.concatenate(causes))

    def _spans(self, draft: Draft, days: range) -> list[tuple[Incident, slice]]:
        """The incidents, and the turns of the sessions that begin from before to after each."""
        found = []
        for incident in self._incidents.on(range(days.start - 2, days.stop + 1)):
            low, high = np.searchsorted(draft.starts, [incident.at - BEFORE, recovered(incident)]).tolist()
            if low < high:
                found.append((incident, slice(int(draft.opening[low]), int(draft.opening[high]))))
        return found

    def _end_badly(self, draft: Draft, said: Numbers, latency: Ints, rows: Ints, causes: Ints) -> Ints:
        """Let the answers in *rows* fail, for reasons that fit the *causes* of the incidents.

        Return those after which users send the same again at once.
        """
        rows, first = np.unique(rows, return_index=True)
        causes = causes[first]
        asked = rows[(causes < CAUSES) & (pool().act[draft.step[rows]] == Act.HIT)]
        _remark(draft, said, asked, _REMARKS, self._wording.outages)
        known = self._wording.failing[said[rows]] >= 0
        rows, causes = rows[known], causes[known]
        repeats = np.flatnonzero(draft.session[np.minimum(rows + 1, len(said) - 1)] == draft.session[rows])
        repeats = repeats[rows[repeats] + 1 < len(said)]
        failed = rows[repeats]
        begins = np.diff(failed, prepend=-2) > 1  # who fails several times in a row sends the same each time
        said[failed + 1] = said[failed[np.maximum.accumulate(np.where(begins, np.arange(len(failed)), 0))]]
        again = failed[causes[repeats] < CAUSES] + 1
        _remark(draft, said, again, _REMARKS_AGAIN, self._wording.outages)
        kind = self._durations.failures[causes, bits.field(draft.words[rows], 48, 7)]
        said[rows] = self._wording.failing[said[rows]] + kind
        latency[rows] = self._durations.failure_ms[kind, bits.field(draft.words[rows], 0, 12)]
        if self._can_chat:
            answered = np.ones(len(said), bool)
            answered[rows] = False
            _remark(draft, said, again[answered[again]], _HUMANS, self._wording.humans)
        return failed[bits.field(draft.words[failed], 0, 3) < _AT_ONCE]

    def _lose_patience(self, draft: Draft, said: Numbers, latency: Ints) -> None:
        """Let some users request a human after a slow answer, instead of the last thing they would ask."""
        last = draft.opening[1:] - 1
        waited = (last > draft.opening[:-1]) & (latency[last - 1] >= self._slow_ms)
        _remark(draft, said, last[waited], _IMPATIENT, self._wording.humans)

    def _ask_alike(self, draft: Draft, said: Numbers, incident: Incident, span: slice, begun: Ints) -> None:
        """Let every second user in an incident ask what it is about, if that is stated."""
        subject = self._wording.subject(incident.question) if incident.question else None
        if subject is not None:
            rows = np.flatnonzero((begun >= incident.at) & (begun < incident.end)) + span.start
            self._speakers.say_about(draft, said, rows, subject)


def _remark(draft: Draft, said: Numbers, rows: Ints, share: range, remarks: Numbers) -> None:
    """Let those of *rows* whose eighth is in *share* be *remarks* on an incident, or requests for a human."""
    eighth = bits.field(draft.words[rows], 56, 3)
    rows = rows[(share.start <= eighth) & (eighth < share.stop)]
    said[rows] = remarks[bits.field(draft.words[rows], 48, 8) * len(remarks) >> 8]
