"""Turns as columns: one question and its answer, times many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Outcome = Literal["direct", "recommend", "notmatch", "chat", "invalid", "dialog"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""How a question can end; exactly one each (contract section 7)."""

Ints = npt.NDArray[np.int64]

ANONYMOUS = -1
"""The user of a turn that names none."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns of one bot, ordered by time, then session. All columns have the same length."""

    at: Ints
    """When the question was asked, ms UTC."""
    session: Ints
    """Which session, as a number; what it counts is up to whoever made the columns."""
    user: npt.NDArray[np.int32]
    """Who asked, as a number of the bot's `Cast`, or `ANONYMOUS`."""
    utterance: npt.NDArray[np.int32]
    """What was asked and how it ended, as a number of the bot's `Repertoire`."""
    latency: npt.NDArray[np.int32]
    """How long the answer took, ms."""

    def __len__(self) -> int:
        """How many turns there are."""
        return len(self.at)

    def take(self, rows: "npt.NDArray[np.intp] | slice") -> "Turns":
        """The given rows, in the order given."""
        return Turns(
            self.at[rows], self.session[rows], self.user[rows], self.utterance[rows], self.latency[rows]
        )

    @property
    def nbytes(self) -> int:
        """Memory held by the columns."""
        columns = (self.at, self.session, self.user, self.utterance, self.latency)
        return sum(column.nbytes for column in columns)


def turns(
    at: npt.ArrayLike = (),
    session: npt.ArrayLike = (),
    user: npt.ArrayLike = (),
    utterance: npt.ArrayLike = (),
    latency: npt.ArrayLike = (),
) -> Turns:
    """Turns from anything numpy can read, put in order."""
    columns = Turns(
        np.asarray(at, np.int64),
        np.asarray(session, np.int64),
        np.asarray(user, np.int32),
        np.asarray(utterance, np.int32),
        np.asarray(latency, np.int32),
    )
    return columns.take(np.lexsort((columns.session, columns.at)))


def merge(pieces: Sequence[Turns]) -> Turns:
    """All turns of *pieces*, each in order and with session numbers above those before it."""
    joined = Turns(
        np.concatenate([piece.at for piece in pieces]),
        np.concatenate([piece.session for piece in pieces]),
        np.concatenate([piece.user for piece in pieces]),
        np.concatenate([piece.utterance for piece in pieces]),
        np.concatenate([piece.latency for piece in pieces]),
    )
    return joined.take(np.argsort(joined.at, kind="stable"))
