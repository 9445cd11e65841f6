"""Raw events of bots and workflows, computed from the traffic log (contract 1.4.5)."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mockcbs.backend.documents import Documents
from mockcbs.services.coze import channels, usage
from mockcbs.services.coze.analytics import Question, picked_rows
from mockcbs.services.coze.envelope import API_CHANNEL, execution_id
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.recording import FIRST_SESSION

_ENDS = (Utterance("", "chat"), Utterance("", "chat", failed=True), Utterance("", "chat", unfinished=True))
"""The states of an execution: completed, failed, running."""


class Events:
    """The events that pass the filters of a request, in the order in which executions began."""

    def __init__(self, log: BotLog, asked: Question, types: frozenset[str], statuses: frozenset[str]) -> None:
        """Empty *types* and *statuses* accept all."""
        self._log, self._asked = log, asked
        self.rows = picked_rows(log, asked)
        """The turns in the range that pass, by row of the log."""
        self._picked = log.view.turns.take(self.rows)
        self._kinds = [
            [
                kind
                for kind in usage.kinds(ended, opens=opens, silent=asked.silent)
                if (not types or kind.type in types) and (not statuses or kind.status in statuses)
            ]
            for ended in _ENDS
            for opens in (False, True)
        ]
        """The events of a turn by its class, that is, by its result and whether it opens its session."""

    @property
    def total(self) -> int:
        """The number of events."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def page(self, part: slice, documents: Documents | None = None) -> list[dict[str, Any]]:
        """The events of a page, in the form of the API."""
        return [self._rendered(place, kind, documents) for place, kind in self._on(part)]

    def on_page(self, part: slice) -> list[tuple[int, usage.Kind]]:
        """The events of a page: the row of their turn in the log, and their kind."""
        return [(int(self.rows[place]), kind) for place, kind in self._on(part)]

    def kinds(self, row: int) -> list[usage.Kind]:
        """The events of a turn, given its row in the log."""
        place = int(np.searchsorted(self.rows, row))
        if place == len(self.rows) or self.rows[place] != row:
            return []
        return self._kinds[self._classes[place]]

    @property
    def with_events(self) -> npt.NDArray[np.intp]:
        """The turns that have an event, by row of the log."""
        found: npt.NDArray[np.intp] = self.rows[self._counts > 0]
        return found

    @cached_property
    def _classes(self) -> npt.NDArray[np.intp]:
        endings, said = self._log.repertoire.endings, self._picked.utterance
        ended = np.where(endings.unfinished[said], 2, endings.failed[said])
        return 2 * ended + self._opens

    @cached_property
    def _counts(self) -> npt.NDArray[np.intp]:
        return np.array([len(kinds) for kinds in self._kinds], np.intp)[self._classes]

    @cached_property
    def _ends(self) -> npt.NDArray[np.intp]:
        """For each turn, the number of events up to its end."""
        return np.cumsum(self._counts)

    @property
    def _opens(self) -> npt.NDArray[np.bool_]:
        """For each turn, whether it is the first of its session."""
        turns, picked = self._log.view.turns, self._picked
        sessions, first = np.unique(turns.session, return_index=True)
        begun = turns.at[first][np.searchsorted(sessions, picked.session)]
        fresh = np.zeros(len(picked), bool)
        fresh[np.unique(picked.session, return_index=True)[1]] = True
        found: npt.NDArray[np.bool_] = fresh & (picked.at == begun)
        return found

    def _on(self, part: slice) -> Iterator[tuple[int, usage.Kind]]:
        """The events of a page: the index of their turn among those that pass, and their kind."""
        number, stop = part.start, min(part.stop, self.total)
        while number < stop:
            place = int(np.searchsorted(self._ends, number, side="right"))
            kinds = self._kinds[self._classes[place]]
            first = int(self._ends[place]) - len(kinds)
            for kind in kinds[number - first : stop - first]:
                yield place, kind
                number += 1

    def _rendered(self, place: int, kind: usage.Kind, documents: Documents | None) -> dict[str, Any]:
        log, asked, picked = self._log, self._asked, self._picked
        number = int(picked.session[place])
        turn = Turn(
            asked.bot_id,
            log.sessions.id(number),
            log.cast.name(int(picked.user[place])),
            int(picked.at[place]),
            log.said(picked.take(slice(place, place + 1)))[0],
            int(picked.latency[place]),
        )
        earlier, recorded = self._earlier(place), number >= FIRST_SESSION
        executed = execution_id(turn.session_id, turn.at_ms, earlier)
        return usage.body(
            turn,
            kind,
            earlier=earlier,
            connector_id=self._channel(number, turn.user_id),
            silent=asked.silent,
            is_workflow=asked.is_workflow,
            messages=usage.message_ids(documents, asked.scope, executed) if recorded and documents else {},
        )

    def _earlier(self, place: int) -> int:
        """The number of earlier executions of the same session.

        They began at the same time as the turn, but come before it in the log.
        """
        picked = self._picked
        start = int(np.searchsorted(picked.at, picked.at[place]))
        return int(np.count_nonzero(picked.session[start:place] == picked.session[place]))

    def _channel(self, session: int, user_id: str) -> str:
        """The channel of a session."""
        if session >= FIRST_SESSION:
            return API_CHANNEL
        log, stated = self._log, session < len(self._log.sessions.stated)
        return channels.of_session(log.log, self._asked.bot_id, user_id, self._begun(session), stated=stated)

    def _begun(self, session: int) -> int:
        turns = self._log.view.turns
        return int(turns.at[np.argmax(turns.session == session)])
