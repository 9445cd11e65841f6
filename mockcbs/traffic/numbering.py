"""The numbers that stand for utterances and users in columns."""

import threading
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.core.garbage import free_slowly, without_collection
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.turns import OUTCOMES, Ints
from mockcbs.traffic.words.utterances import Utterances
from mockcbs.traffic.words.wording import Wording

MAX_GENERATED = 1 << 30
"""The numbers of generated users are below this."""
_FIRST_NAME = 100_000
"""The digits in the name of the first generated user; later users have more digits."""
_MAX_DIGITS = 10
_NO_DOMAIN = -1
_OUTCOME_NUMBERS = {outcome: number for number, outcome in enumerate(OUTCOMES)}


class Endings(NamedTuple):
    """The outcomes of utterances, as columns."""

    outcome: npt.NDArray[np.int8]
    """Indexes into `OUTCOMES`."""
    failed: npt.NDArray[np.bool_]
    unfinished: npt.NDArray[np.bool_]


class Lines:
    """Some utterances with their outcomes, by number."""

    def __init__(self, said: Sequence[Utterance] | Utterances) -> None:
        self._said = said
        self._outcome, self._failed, self._unfinished = array("b"), array("b"), array("b")
        self._domain = array("i")
        self._domains: dict[str | None, int] = {}
        """The numbers of the question categories."""
        self._endings: Endings | None = None
        self._judge(said.different if isinstance(said, Utterances) else said)
        if isinstance(said, Utterances):
            for column in (self._domain, self._failed, self._unfinished, self._outcome):
                column[:] = array(column.typecode, np.repeat(np.array(column), said.times).tobytes())

    def _judge(self, said: Sequence[Utterance]) -> None:
        """Add the outcomes of some utterances."""
        domains = self._domains
        self._domain.extend(domains.setdefault(one.domain, len(domains)) for one in said)
        self._failed.extend(one.failed for one in said)
        self._unfinished.extend(one.unfinished for one in said)
        self._outcome.extend(_OUTCOME_NUMBERS[one.outcome] for one in said)

    def __len__(self) -> int:
        return len(self._said)

    def __getitem__(self, number: int) -> Utterance:
        return self._said[number]

    def __iter__(self) -> Iterator[Utterance]:
        return iter(self._said)

    @property
    def endings(self) -> Endings:
        """The outcomes of all utterances, by number."""
        known = self._endings
        if known is None or len(known.outcome) < len(self._outcome):
            count = len(self._outcome)
            known = self._endings = Endings(
                np.array(self._outcome[:count], np.int8),
                np.array(self._failed[:count], bool),
                np.array(self._unfinished[:count], bool),
            )
        return known

    def outcomes(self, domain: str | None) -> Ints:
        """The outcome of each utterance as its number in `OUTCOMES`.

        If a question category *domain* is given, utterances of other categories get `len(OUTCOMES)`.
        """
        outcomes = self.endings.outcome.astype(np.int64)
        if domain is not None:
            wanted = self._domains.get(domain, _NO_DOMAIN)
            others = np.array(self._domain[: len(outcomes)], np.int32) != wanted
            outcomes[others] = len(OUTCOMES)
        return outcomes


class Register(Lines):
    """Numbers for the utterances that a dataset states or clients record, in order of appearance."""

    def __init__(self) -> None:
        self._known: list[Utterance] = []
        super().__init__(self._known)
        self._numbers: dict[Utterance, int] = {}
        free_slowly(self, self._numbers, self._known)

    def number(self, utterance: Utterance) -> int:
        """The number of *utterance*; an unknown one gets a new number."""
        number = self._numbers.setdefault(utterance, len(self._known))
        if number == len(self._known):
            self._known.append(utterance)
            self._judge([utterance])
        return number


class Generated(Lines):
    """What the generated traffic of bots with one knowledge base says, with the numbers of its wording."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.wording = Wording(knowledge)
        super().__init__(self.wording.utterances)


_making = threading.Lock()


@lru_cache(maxsize=8)
def _generated(knowledge: KnowledgeBase) -> Generated:
    with without_collection():  # nothing of it is garbage
        return Generated(knowledge)


def generated(knowledge: KnowledgeBase) -> Generated:
    """What generated traffic says by a knowledge base; all mocks of a process share it, as it takes 40 ms."""
    with _making:
        return _generated(knowledge)


class Repertoire:
    """Numbers for the utterances of one bot: first those that are generated, then those of a register."""

    def __init__(self, own: Lines, register: Register) -> None:
        self._parts = self._own, self._register = own, register

    def __len__(self) -> int:
        return len(self._own) + len(self._register)

    def __getitem__(self, number: int) -> Utterance:
        first = len(self._own)
        return self._own[number] if number < first else self._register[number - first]

    @property
    def endings(self) -> Endings:
        """The outcomes of all utterances, by number."""
        own, others = (part.endings for part in self._parts)
        return Endings(*(np.concatenate(pair) for pair in zip(own, others, strict=True)))

    def outcomes(self, domain: str | None) -> Ints:
        """The outcomes as numbers; see `Lines.outcomes`."""
        return np.concatenate([part.outcomes(domain) for part in self._parts])


class Cast:
    """Numbers for users: first generated ones, then others in order of appearance."""

    _STATED = MAX_GENERATED

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        free_slowly(self, self._numbers, self._names)

    def __len__(self) -> int:
        return len(self._names)

    def number(self, name: str) -> int:
        """The number of the user called *name*; the name of a generated user gives that user's number."""
        if (number := self.find(name)) is not None:
            return number
        self._numbers[name] = len(self._names)
        self._names.append(name)
        return self._STATED + self._numbers[name]

    def find(self, name: str) -> int | None:
        """The number of the user called *name*; `None` if no turn has that user."""
        digits = name.removeprefix("user-")
        if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS:
            number = int(digits) - _FIRST_NAME
            if 0 <= number < self._STATED and name == self.name(number):
                return number
        place = self._numbers.get(name)
        return None if place is None else self._STATED + place

    def name(self, number: int) -> str:
        """The user id, empty for an anonymous user."""
        if number < 0:
            return ""
        return (
            self._names[number - self._STATED] if number >= self._STATED else f"user-{number + _FIRST_NAME}"
        )
