"""The numbers of a log. New ones are given when many belong only to turns that were dropped."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mockcbs.core.garbage import free_slowly
from mockcbs.core.waiting import is_on_loop, leave_loop_for
from mockcbs.traffic.bots import Bot
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recording import Recording
from mockcbs.traffic.recordings import MAX_RECORDED, Recordings
from mockcbs.traffic.turns import ANONYMOUS, Turns, turns

Stated = tuple[Turns, list[str]]
"""The stated turns of a bot as columns, and the ids of the sessions they number."""


@dataclass(frozen=True)
class Numbers:
    """The numbers that columns hold."""

    register: Register
    cast: Cast
    keywords: list[list[str]] = field(default_factory=list)
    """The keywords of the first utterances of the register, as far as they were needed."""

    def __post_init__(self) -> None:
        free_slowly(self, self.keywords)


class Numbering:
    """Numbers of utterances and users, and the recorded turns that have them."""

    def __init__(self, dataset: Dataset, recordings: Recordings) -> None:
        self._dataset, self._recordings = dataset, recordings
        self.current, self.stated = self._of_dataset()
        """The current numbers, and the stated turns of each bot, whose numbers stay the same."""
        self.count = len(self.current.register)
        """The number of utterances that are stated."""
        self._renewing = threading.Lock()
        if not recordings.count:
            recordings.number_by(self.current.register, self.current.cast)

    @contextmanager
    def held(self, scope: str, bot_id: str) -> Iterator[tuple[Numbers, Recording | None]]:
        """A context with the lock of the recordings: current numbers, and a bot's turns that have them."""
        self.bound()
        while True:
            with self._recordings.lock:
                recording = self._recordings.of(scope, bot_id)
                if recording is None or recording.is_numbered_by(self.current.register):
                    yield self.current, recording
                    return
            self._renew_here()

    def number_recorded(self) -> None:
        """Give recorded turns the current numbers now, not when they are read."""
        if not self._are_recorded:
            self._renew_here()

    def _renew_here(self) -> None:
        leave_loop_for(self._recordings.count)
        self.renew()

    def bound(self) -> None:
        """Limit how many numbers there are; called before a read and after a turn was recorded."""
        if not self._are_many:
            return
        if not is_on_loop():
            self.renew()
        elif not self._renewing.locked():  # the old numbers can be used meanwhile
            threading.Thread(target=self.renew, name="mockcbs numbering", daemon=True).start()

    def renew(self) -> None:
        """Number recorded turns by the current numbers, and forget those of dropped turns if there are many.

        Other threads can use the log meanwhile.
        """
        with self._renewing:
            if self._are_many or not self._are_recorded:
                numbers, _ = self._of_dataset()
                self._recordings.number_by(numbers.register, numbers.cast)
                self.current = numbers

    @property
    def _are_recorded(self) -> bool:
        """Whether recorded turns have these numbers, not those of the log of another dataset."""
        return self._recordings.is_numbered_by(self.current.register)

    @property
    def _are_many(self) -> bool:
        """Whether many numbers belong only to turns that were dropped."""
        numbers = self.current
        return max(len(numbers.register), len(numbers.cast)) > self.count + 2 * MAX_RECORDED

    def _of_dataset(self) -> tuple[Numbers, dict[str, Stated]]:
        """The numbers of the dataset's utterances and users, and the stated turns of each bot with these
        numbers.
        """
        numbers = Numbers(Register(), Cast())
        return numbers, {bot.id: _stated(bot, numbers) for bot in self._dataset.bots.values()}


def _stated(bot: Bot, numbers: Numbers) -> Stated:
    sessions = sorted(bot.sessions, key=lambda session: session.id)
    rows = [(number, turn) for number, session in enumerate(sessions) for turn in session.turns]
    return turns(
        at=[turn.at for _, turn in rows],
        session=[number for number, _ in rows],
        user=[ANONYMOUS if not turn.user else numbers.cast.number(turn.user) for _, turn in rows],
        utterance=[numbers.register.number(turn.said) for _, turn in rows],
        latency=[turn.latency_ms for _, turn in rows],
    ), [session.id for session in sessions]
