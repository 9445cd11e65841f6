"""Turns, each a question and its answer, as columns of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

Outcome = Literal["direct", "recommend", "notmatch", "chat", "invalid", "dialog"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""The outcomes; each question has exactly one (contract section 7)."""

Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger]
"""Indexes of the smallest type that holds them, as each bot keeps 65,000 and more."""

_MAX_ROWS = 1 << 30
"""A number above the number of turns that are ordered together."""
ANONYMOUS = -1
"""The number of the user of an anonymous turn."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns of one bot, ordered by time, then session. All columns have the same length."""

    at: Ints
    """The time of the question, ms UTC."""
    session: Places
    """The number of the session; see `mockcbs.traffic.sessions` for its meaning."""
    user: npt.NDArray[np.int32]
    """The number of the user in the bot's `Cast`, or `ANONYMOUS`."""
    utterance: Places
    """The number of the question and its outcome in the bot's `Repertoire`."""
    latency: Places
    """The latency of the answer, ms."""

    def __len__(self) -> int:
        """The number of turns."""
        return len(self.at)

    def take(self, rows: "npt.NDArray[np.intp] | slice") -> "Turns":
        """The turns of *rows*, in the order of *rows*."""
        if isinstance(rows, slice):
            return Turns(
                self.at[rows], self.session[rows], self.user[rows], self.utterance[rows], self.latency[rows]
            )
        return Turns(  # twice as fast as with brackets
            self.at.take(rows),
            self.session.take(rows),
            self.user.take(rows),
            self.utterance.take(rows),
            self.latency.take(rows),
        )

    def numbered_from(self, first: int) -> "Turns":
        """The same turns with the utterances numbered from *first* instead of 0."""
        return replace(self, utterance=self.utterance + np.int32(first))

    @property
    def nbytes(self) -> int:
        """The memory of the columns, in bytes."""
        columns = (self.at, self.session, self.user, self.utterance, self.latency)
        return sum(column.nbytes for column in columns)


def turns(
    at: npt.ArrayLike = (),
    session: npt.ArrayLike = (),
    user: npt.ArrayLike = (),
    utterance: npt.ArrayLike = (),
    latency: npt.ArrayLike = (),
) -> Turns:
    """Turns made of array-likes, sorted by time, then session."""
    columns = Turns(
        np.asarray(at, np.int64),
        np.asarray(session, np.int64),
        np.asarray(user, np.int32),
        np.asarray(utterance, np.int32),
        np.asarray(latency, np.int32),
    )
    return columns.take(np.lexsort((columns.session, columns.at)))


def merge(pieces: Sequence[Turns]) -> Turns:
    """Join *pieces*, each sorted and with higher session numbers than the one before it."""
    pieces = [piece for piece in pieces if len(piece)] or list(pieces[:1])
    joined = pieces[0] if len(pieces) == 1 else _joined(pieces)
    session, utterance, latency = map(smallest, (joined.session, joined.utterance, joined.latency))
    return replace(joined, session=session, utterance=utterance, latency=latency)


def _joined(pieces: Sequence[Turns]) -> Turns:
    joined = Turns(
        np.concatenate([piece.at for piece in pieces]),
        np.concatenate([piece.session for piece in pieces]),
        np.concatenate([piece.user for piece in pieces]),
        np.concatenate([piece.utterance for piece in pieces]),
        np.concatenate([piece.latency for piece in pieces]),
    )
    order = np.argsort(joined.at, kind="stable")
    moved = np.flatnonzero(
        order != np.arange(len(order))
    )  # few rows, because pieces overlap only at midnight
    for column in (joined.at, joined.session, joined.user, joined.utterance, joined.latency):
        column[moved] = column[order[moved]]
    return joined


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The distinct *values*, ascending; `numpy.unique` would block other threads meanwhile."""
    ordered = np.sort(values)
    found: npt.NDArray[Any] = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return found


def small(values: Ints) -> Ints:
    """The same *values* in half the memory, if none is large; numpy computes alike with both."""
    return values.astype(np.int32) if values.max(initial=0) <= np.iinfo(np.int32).max else values


def smallest(values: Places) -> Places:
    """The same *values* in a quarter of the memory, if all are small; sums of them may not fit."""
    top = values.max(initial=0)
    kinds = (kind for kind in (np.int16, np.int32) if top <= np.iinfo(kind).max)
    return values.astype(next(kinds, np.int64))


def order(at: Ints) -> Ints:
    """The order of turns by time; turns of the same instant keep their order."""
    # Sorting numbers that hold time and place is several times as fast as a stable argsort.
    keys = (at - (at.min() if len(at) else 0)) << 30 | np.arange(len(at))
    keys.sort()
    return keys & (_MAX_ROWS - 1)
