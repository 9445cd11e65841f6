"""The numbers that stand for utterances and users in columns."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.core.garbage import free_slowly
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.turns import OUTCOMES, Ints
from mockcbs.traffic.wording import Wording

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


class _Columns:
    """The outcomes and domains of utterances, which grow with each of them."""

    def __init__(self) -> None:
        self.outcome, self.failed, self.unfinished = array("b"), array("b"), array("b")
        self.domain = array("i")
        self.domains: dict[str | None, int] = {}
        """The numbers of the question categories."""

    def copy(self) -> "_Columns":
        """A copy, to which more can be added."""
        made = _Columns()
        for name, column in vars(self).items():
            setattr(made, name, copy(column))
        return made

    def extend(self, said: Sequence[Utterance]) -> None:
        """Add some utterances."""
        self.domain.extend(self.domains.setdefault(one.domain, len(self.domains)) for one in said)
        self.failed.extend(one.failed for one in said)
        self.unfinished.extend(one.unfinished for one in said)
        self.outcome.extend(_OUTCOME_NUMBERS[one.outcome] for one in said)

    def __len__(self) -> int:
        return len(self.outcome)


class _Generated(NamedTuple):
    """What generated traffic says, with the numbers of several knowledge bases."""

    utterances: list[Utterance]
    numbers: dict[Utterance, int]
    columns: _Columns
    worded: list[tuple[Wording, Ints | None]]
    """Of each knowledge base, the wording, and the numbers of its utterances here if they differ."""
    ends: list[int]
    """Of each knowledge base, the number after its last utterance."""


_wording = lru_cache(maxsize=8)(Wording)


@lru_cache(maxsize=8)
def _generated(*bases: KnowledgeBase) -> _Generated:
    """The utterances of these knowledge bases; shared by all mocks of a process, as numbering takes 15 ms."""
    made = _Generated([], {}, _Columns(), [], [])
    for place, wording in enumerate(map(_wording, bases)):
        numbers = [made.numbers.setdefault(one, len(made.numbers)) for one in wording.utterances]
        made.worded.append((wording, np.array(numbers, np.int64) if place else None))
        made.ends.append(len(made.numbers))
    made.utterances.extend(made.numbers)
    made.columns.extend(made.utterances)
    return made


class Repertoire:
    """Numbers for utterances: first those of generated traffic, then others in order of appearance."""

    def __init__(self, knowledge: KnowledgeBase, *others: KnowledgeBase) -> None:
        made = _generated(knowledge, *others)
        self._utterances = made.utterances.copy()
        self._generated: Mapping[Utterance, int] = made.numbers
        self._numbers: dict[Utterance, int] = {}
        """The numbers of the others."""
        self._columns = made.columns.copy()
        self._endings: Endings | None = None
        self._worded = dict(zip(map(id, (knowledge, *others)), made.worded, strict=True))
        self._ends = made.ends
        self.wording, _ = made.worded[0]
        """The wording of generated traffic."""
        free_slowly(self, self._numbers, self._utterances)

    def worded(self, knowledge: KnowledgeBase | None) -> tuple[Wording, Ints | None]:
        """The wording of a knowledge base, and the numbers of its utterances; `None` if they are the same
        as in the wording.
        """
        return self._worded[id(knowledge)] if knowledge else (self.wording, None)

    def origin(self, number: int) -> int | None:
        """The place of the knowledge base whose users say the utterance with this number; `None` for an
        utterance that is not generated.
        """
        place = bisect_right(self._ends, number)
        return place if place < len(self._ends) else None

    def __len__(self) -> int:
        return len(self._utterances)

    def __getitem__(self, number: int) -> Utterance:
        return self._utterances[number]

    def __iter__(self) -> Iterator[Utterance]:
        return iter(self._utterances)

    def number(self, utterance: Utterance) -> int:
        """The number of *utterance*; an unknown one gets a new number."""
        if (number := self._generated.get(utterance)) is not None:
            return number
        number = self._numbers.setdefault(utterance, len(self._utterances))
        if number == len(self._utterances):
            self._utterances.append(utterance)
            self._columns.extend([utterance])
        return number

    def find(self, utterance: Utterance) -> int | None:
        """The number of *utterance*; `None` if it has none."""
        number = self._generated.get(utterance)
        return self._numbers.get(utterance) if number is None else number

    @property
    def endings(self) -> Endings:
        """The outcomes of all utterances, by number."""
        known = self._endings
        if known is None or len(known.outcome) < len(self._columns):
            count, columns = len(self._columns), self._columns
            known = self._endings = Endings(
                np.array(columns.outcome[:count], np.int8),
                np.array(columns.failed[:count], bool),
                np.array(columns.unfinished[:count], bool),
            )
        return known

    def outcomes(self, domain: str | None) -> Ints:
        """The outcome of each utterance as its number in `OUTCOMES`.

        If a question category *domain* is given, utterances of other categories get `len(OUTCOMES)`.
        """
        outcomes = self.endings.outcome.astype(np.int64)
        if domain is not None:
            wanted = self._columns.domains.get(domain, _NO_DOMAIN)
            others = np.array(self._columns.domain[: len(outcomes)], np.int32) != wanted
            outcomes[others] = len(OUTCOMES)
        return outcomes


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
