"""Sessions by number, as columns hold them, and by id, as clients use them."""

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.recording import FIRST_SESSION, Recording
from mockcbs.traffic.session_ids import begun
from mockcbs.traffic.turns import Ints


@dataclass(frozen=True)
class Sessions:
    """The sessions of one bot. Numbers of stated ones come first, then generated, then recorded ones."""

    stated: list[str]
    days: range
    """The days (since 1970) with generated sessions."""
    first: list[int]
    """The number of the first session of each of these days."""
    generator: Generator | None
    recording: Recording | None
    _ids: dict[int, list[str]] = field(default_factory=dict, init=False, compare=False)

    def are_generated(self, numbers: Ints) -> npt.NDArray[np.bool_]:
        """For each of these session *numbers*, whether the session is generated."""
        found: npt.NDArray[np.bool_] = (numbers >= len(self.stated)) & (numbers < FIRST_SESSION)
        return found

    def id(self, number: int) -> str:
        """The id of the session with this *number*."""
        if number < len(self.stated):
            return self.stated[number]
        if self.recording and number >= FIRST_SESSION:
            return self.recording.session_ids[number]
        place = bisect_right(self.first, number) - 1
        return self._ids_on(self.days[place])[number - self.first[place]]

    def number(self, session_id: str) -> int | None:
        """The number of the session with this id; `None` if no session has it."""
        if session_id in self.stated:
            return self.stated.index(session_id)
        if self.recording and (number := self.recording.session_number(session_id)) is not None:
            return number
        at = begun(session_id)
        if at is None or at // DAY not in self.days:
            return None
        ids = self._ids_on(at // DAY)
        return self.first[self.days.index(at // DAY)] + ids.index(session_id) if session_id in ids else None

    def _ids_on(self, day: int) -> list[str]:
        if day not in self._ids:
            self._ids[day] = self.generator.sessions_on(day)[1] if self.generator else []
        return self._ids[day]
