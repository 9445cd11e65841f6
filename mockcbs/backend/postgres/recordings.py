"""Recorded turns in PostgreSQL."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mockcbs.backend.mirrors import Head, Mirrors, Row
from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.texts import digest, original, plain
from mockcbs.backend.utterances import decoded, encoded
from mockcbs.core.changes import Changes, Token
from mockcbs.core.errors import BackendError
from mockcbs.core.waiting import Lock, must_not_wait
from mockcbs.traffic import recording, recordings
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recording import Recording
from mockcbs.traffic.recordings import Owner, warn_of_dropped

log = logging.getLogger("mockcbs")

_MAX_SEEN = 10_000
"""The maximum number of owners of which a process remembers whether they have changed."""


class PostgresRecordings:
    """Recorded turns in a database. A process reads only the owners that it needs, and only their changes.

    While the database is unavailable, owners without recorded turns are served from generated traffic. Owners
    that have some, or may have some, get an error, since this process may not know all acknowledged turns.
    """

    def __init__(self, database: Database) -> None:
        self.changes: Changes = database.changes
        self._db = database
        self.lock = Lock()
        self._seen: dict[Owner, Token] = {}
        self._mirrors = Mirrors(self._forget_seen, self.lock)
        self._utterances: dict[str, Utterance] = {}
        self.owners: frozenset[Owner] = frozenset()
        """The owners that have recorded turns, or may have some, as far as is known."""

    @property
    def count(self) -> int:
        """The number of turns that this process has read."""
        return self._mirrors.count

    def is_numbered_by(self, register: Register) -> bool:
        """Whether the numbers of recorded utterances are those of *register*."""
        return self._mirrors.is_numbered_by(register)

    def number_by(self, register: Register, cast: Cast) -> None:
        """Renumber utterances and users, including those of turns that were read already."""
        self._mirrors.number_by(register, cast)

    def load(self, scope: str, bot_id: str) -> None:
        """Read the changed turns of one bot in one scope."""
        owner = scope, bot_id
        seen = self._seen.get(owner)
        if seen is not None and not self.changes.changed(seen) and not self._db.has_written(_name(owner)):
            return
        if (away := self._db.connections.away) and not must_not_wait():
            self._refuse_unless_empty(owner, away)
            return
        while not self._catch_up(owner):
            pass

    def of(self, scope: str, bot_id: str) -> Recording | None:
        """The recorded turns of one bot in one scope, as they were last loaded."""
        return self._mirrors.of((scope, bot_id))

    def bots(self, scope: str) -> list[str]:
        """The bots with recorded turns in *scope*."""
        rows = self._db(
            "SELECT bot FROM {schema}.recorded WHERE hashtextextended(scope, 0) = hashtextextended(%s, 0)"
            " AND scope = %s ORDER BY born",
            *(plain(scope), plain(scope)),
        )
        return [original(bot) for (bot,) in rows]

    def elsewhere(self, scope: str, bot_id: str) -> int:
        """The number of recorded turns of a bot in other scopes."""
        ((count,),) = self._db(
            "SELECT coalesce(sum(turns), 0) FROM {schema}.recorded WHERE bot = %s AND scope <> %s",
            *(plain(bot_id), plain(scope)),
        )
        return int(count)

    def latest(self) -> int | None:
        """The time of the last recorded question, ms UTC; `None` without recorded turns."""
        found: int | None = self._db("SELECT max(at) FROM {schema}.turns")[0][0]
        return found

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn."""
        owner = scope, turn.bot_id
        with self._changing(owner):
            self._db.later(
                "SELECT {schema}.record_turn(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                *(digest(*owner), plain(scope), plain(turn.bot_id), plain(turn.session_id)),
                *(plain(turn.user_id), turn.at_ms, encoded(turn.said), turn.latency_ms),
                *(recording.MAX_TURNS, recording.MAX_TURNS // 10),
            )

    def amend(self, turn: Turn, now: Turn, scope: str) -> None:
        """Replace a recorded *turn* by *now*."""
        owner = scope, turn.bot_id
        with self._changing(owner):
            self._db.later(
                "WITH head AS (UPDATE {schema}.recorded SET changes = changes + 1 WHERE owner = %s"
                " RETURNING changes) UPDATE {schema}.turns SET person = %s, at = %s, said = %s, latency = %s,"
                " change = (SELECT changes FROM head) WHERE id = (SELECT id FROM {schema}.turns"
                " WHERE owner = %s AND hashtextextended(session, 0) = hashtextextended(%s, 0)"
                " AND session = %s AND person = %s AND at = %s AND said = %s AND latency = %s"
                " ORDER BY id DESC LIMIT 1)",
                *(digest(*owner), *_values(now)),
                *(digest(*owner), plain(turn.session_id), plain(turn.session_id), *_values(turn)),
            )

    def forget(self, scope: str | None = None) -> None:
        """Delete recorded turns, in one scope or in all."""
        with self._db.transaction():
            if scope is None:
                self._db.lock_all()
                owners = self._db("DELETE FROM {schema}.recorded RETURNING owner, scope, bot")
            else:
                self._db.lock("scope", scope)
                owners = self._db(
                    "DELETE FROM {schema}.recorded WHERE hashtextextended(scope, 0) ="
                    " hashtextextended(%s, 0) AND scope = %s RETURNING owner, scope, bot",
                    *(plain(scope), plain(scope)),
                )
            self._forget(owners)

    def bound(self) -> None:
        """Delete the turns of the owners with the oldest activity while there are too many, and update
        `owners`.
        """
        rows = self._db("SELECT scope, bot, turns, owner FROM {schema}.recorded ORDER BY latest")
        count = sum(turns for _, _, turns, _ in rows)
        self.owners = frozenset((original(scope), original(bot)) for scope, bot, _, _ in rows)
        for scope, bot, turns, owner in rows[:-1]:
            if count <= recordings.MAX_RECORDED:
                return
            count -= turns
            with self._db.transaction():
                self._db.lock("scope", original(scope))
                gone = self._db(
                    "DELETE FROM {schema}.recorded WHERE owner = %s RETURNING owner, scope, bot", owner
                )
                self._forget(gone)
            warn_of_dropped(turns, (original(scope), original(bot)))

    def _forget(self, owners: Sequence[Sequence[Any]]) -> None:
        if owners:
            self._db("DELETE FROM {schema}.turns WHERE owner = ANY(%s)", [owner for owner, _, _ in owners])
        for _, scope, bot in owners:
            owner = original(scope), original(bot)
            self._db.writes(_name(owner))
            self.changes.bump(*owner)

    def _forget_seen(self, owner: Owner) -> None:
        self._seen.pop(owner, None)

    @contextmanager
    def _changing(self, owner: Owner) -> Iterator[None]:
        """A transaction, or a part of one, that changes the turns of one owner."""
        with self._db.transaction():
            self._db.lock("scope", owner[0])
            self._db.writes(_name(owner))
            self._db.undo(lambda: self._drop_mirror(owner))
            yield
            self.changes.bump(*owner)

    def _drop_mirror(self, owner: Owner) -> None:
        """Drop the turns of an owner from memory; the database may still have them."""
        with self.lock:
            self.owners |= {owner}
            self._mirrors.drop(owner)
            self._seen.pop(owner, None)

    def _refuse_unless_empty(self, owner: Owner, why: str) -> None:
        """Raise `BackendError` for an owner that is known to have recorded turns."""
        with self.lock:
            known = owner in self.owners or self._mirrors.of(owner) is not None
        if known:
            raise BackendError(f"{why}, and turns were recorded of bot {owner[1]}, which are kept there")

    def _catch_up(self, owner: Owner) -> bool:
        """Read the changes since the last read. Return `False` if another thread did so in the meantime."""
        with self.lock:
            before = self._mirrors.read(owner)
        token = self.changes.watch(owner)
        rows = self._db(
            "SELECT r.born, r.first, r.changes, t.id, t.session, t.place, t.person, t.at, t.said, t.latency"
            " FROM {schema}.recorded r LEFT JOIN {schema}.turns t ON t.owner = r.owner"
            " AND t.change > CASE WHEN r.born = %s THEN %s ELSE 0 END WHERE r.owner = %s ORDER BY t.id",
            *(*before, digest(*owner)),
        )
        head = Head(*rows[0][:3]) if rows else None
        changed = [self._row(owner, row[3:]) for row in rows if row[3] is not None]
        with self.lock:
            if self._mirrors.read(owner) != before:
                return False
            self._mirrors.complete(owner, head, changed)
            if len(self._seen) >= _MAX_SEEN:
                self._seen.clear()
            self._seen[owner] = token
        return True

    def _row(self, owner: Owner, row: Sequence[Any]) -> Row:
        number, session, place, person, at, said, latency = row
        if said not in self._utterances:
            if len(self._utterances) > recordings.MAX_RECORDED:
                self._utterances.clear()
            self._utterances[said] = decoded(said)
        turn = Turn(owner[1], original(session), original(person), at, self._utterances[said], latency)
        return number, place, turn


def _name(owner: Owner) -> str:
    return f"turns of {owner}"


def _values(turn: Turn) -> tuple[str, int, str, int]:
    """The columns of a turn except its owner and session."""
    return plain(turn.user_id), turn.at_ms, encoded(turn.said), turn.latency_ms
