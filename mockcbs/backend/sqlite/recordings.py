"""Recorded turns that several processes read and add to."""

from collections.abc import Iterator, Sequence

from mockcbs.backend.mirrors import Head, Mirrors
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.seals import seal
from mockcbs.backend.utterances import decoded, encoded
from mockcbs.core.changes import Token
from mockcbs.core.waiting import Lock, leave_loop
from mockcbs.traffic import recording, recordings
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recording import Recording, warn_of_oldest
from mockcbs.traffic.recordings import Owner, warn_of_dropped

SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, bot TEXT NOT NULL, session TEXT NOT NULL,
    place INTEGER NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL, said INTEGER NOT NULL,
    latency INTEGER NOT NULL, change INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_of_session ON turns (scope, bot, session);
CREATE INDEX IF NOT EXISTS turns_by_change ON turns (scope, bot, change);
CREATE TABLE IF NOT EXISTS said (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL UNIQUE, seal INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS recorded (
    scope TEXT NOT NULL, bot TEXT NOT NULL, born INTEGER NOT NULL, first INTEGER NOT NULL,
    turns INTEGER NOT NULL, changes INTEGER NOT NULL, sessions INTEGER NOT NULL, latest INTEGER NOT NULL,
    PRIMARY KEY (scope, bot)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS total (turns INTEGER NOT NULL);
INSERT INTO total SELECT 0 WHERE NOT EXISTS (SELECT * FROM total);
CREATE TRIGGER IF NOT EXISTS turn_added AFTER INSERT ON turns BEGIN
    UPDATE total SET turns = turns + 1;
END;
CREATE TRIGGER IF NOT EXISTS turn_gone AFTER DELETE ON turns BEGIN
    UPDATE total SET turns = turns - 1;
END;
"""
"""The tables of recorded turns, and triggers that count the turns.

`place` is the number of the turn's session in order of appearance. `change` is the number of the last change
to the turn, counted per owner. For an owner, `recorded` has the ids of its first turn ever (`born`) and of
the oldest stored one, and its numbers of turns, changes and sessions.
"""

_OWNED = "WHERE scope = ? AND bot = ?"
_MAX_SEEN = 10_000
"""The maximum number of owners for which a process stores whether they have changed."""


class SqliteRecordings:
    """Recorded turns in a database; a process reads only changes, and only of the bots that it serves."""

    def __init__(self, database: Database) -> None:
        self.changes = database.changes
        self._db = database
        self.lock = Lock()
        # not held while a thread waits for the database: taking two locks in different orders would deadlock
        self._seen: dict[Owner, Token] = {}
        self._utterances: dict[int, Utterance] = {}
        self._mirrors = Mirrors(self._forget_seen, self.lock)

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
        """Read the changes of one bot in one scope."""
        owner = scope, bot_id
        seen = self._seen.get(owner)
        if seen is not None and not self.changes.changed(seen):
            return
        if self._db.is_busy:
            leave_loop()
        with self._db.transaction():
            self._db.begin()
            token = self.changes.watch(owner)
            self._catch_up(owner)
            if len(self._seen) >= _MAX_SEEN:
                self._seen.clear()
            self._seen[owner] = token

    def of(self, scope: str, bot_id: str) -> Recording | None:
        """The recorded turns of one bot in one scope, as of the last `load`."""
        return self._mirrors.of((scope, bot_id))

    def bots(self, scope: str) -> list[str]:
        """The bots with recorded turns in *scope*."""
        return [bot_id for (bot_id,) in self._db("SELECT bot FROM recorded WHERE scope = ?", scope)]

    def elsewhere(self, scope: str, bot_id: str) -> int:
        """The number of recorded turns of a bot in other scopes."""
        others = "SELECT coalesce(sum(turns), 0) FROM recorded WHERE bot = ? AND scope != ?"
        ((count,),) = self._db(others, bot_id, scope)
        return int(count)

    def latest(self) -> int | None:
        """The time of the last recorded turn, ms UTC; `None` without turns."""
        found: int | None = self._db("SELECT max(at) FROM turns")[0][0]
        return found

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn."""
        owner = scope, turn.bot_id
        with self._db.transaction():
            turns, changes, sessions = self._recorded(owner) or (0, 0, 0)
            known = self._db(
                f"SELECT place FROM turns {_OWNED} AND session = ? LIMIT 1", *owner, turn.session_id
            )
            place = known[0][0] if known else sessions
            values = *owner, turn.session_id, place, *self._values(turn), changes + 1
            number = self._db(
                "INSERT INTO turns (scope, bot, session, place, user, at, said, latency, change)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                *values,
            )[0][0]
            self._db(
                "INSERT INTO recorded VALUES (?1, ?2, ?3, ?3, 1, 1, 1, ?3) ON CONFLICT DO UPDATE SET"
                " turns = turns + 1, changes = changes + 1, sessions = ?4, latest = ?3",
                *owner,
                number,
                max(sessions, place + 1),
            )
            if turns + 1 > recording.MAX_TURNS:
                self._drop_oldest(owner, recording.MAX_TURNS // 10)
            self._bound()
            self.changes.bump(*owner)

    def amend(self, turn: Turn, now: Turn, scope: str) -> None:
        """Replace a recorded *turn* by *now*."""
        owner = scope, turn.bot_id
        with self._db.transaction():
            found = self._db(
                f"SELECT id FROM turns {_OWNED} AND session = ? AND user = ? AND at = ? AND said = ?"
                " AND latency = ? ORDER BY id DESC LIMIT 1",
                *owner,
                turn.session_id,
                *self._values(turn),
            )
            if not found:
                return
            self._db(f"UPDATE recorded SET changes = changes + 1 {_OWNED}", *owner)
            self._db(
                "UPDATE turns SET user = ?, at = ?, said = ?, latency = ?, change ="
                f" (SELECT changes FROM recorded {_OWNED}) WHERE id = ?",
                *self._values(now),
                *owner,
                found[0][0],
            )
            self.changes.bump(*owner)

    def forget(self, scope: str | None = None) -> None:
        """Delete the recorded turns of one scope or of all."""
        with self._db.transaction():
            for owner in self._db("SELECT scope, bot FROM recorded WHERE ?1 IS NULL OR scope = ?1", scope):
                self._drop(owner)
            self._let_go()

    def _forget_seen(self, owner: Owner) -> None:
        self._seen.pop(owner, None)

    def _recorded(self, owner: Owner) -> tuple[int, int, int] | None:
        rows = self._db(f"SELECT turns, changes, sessions FROM recorded {_OWNED}", *owner)
        return rows[0] if rows else None

    def _values(self, turn: Turn) -> tuple[str, int, int, int]:
        """The stored values of a turn, without its owner and its session."""
        body = encoded(turn.said)
        rows = self._db("SELECT id FROM said WHERE body = ?", body) or self._db(
            "INSERT INTO said (body, seal) VALUES (?, ?) RETURNING id", body, seal(body)
        )
        return turn.user_id, turn.at_ms, rows[0][0], turn.latency_ms

    def _bound(self) -> None:
        while self._db("SELECT turns FROM total")[0][0] > recordings.MAX_RECORDED:
            quietest, *others = self._db("SELECT scope, bot, turns FROM recorded ORDER BY latest LIMIT 2")
            if not others:
                return
            *owner, count = quietest
            self._drop(owner)
            self._let_go()
            warn_of_dropped(count, (owner[0], owner[1]))

    def _drop(self, owner: Sequence[str]) -> None:
        for table in ("turns", "recorded"):
            self._db(f"DELETE FROM {table} {_OWNED}", *owner)
        self.changes.bump(*owner)

    def _drop_oldest(self, owner: Owner, count: int) -> None:
        kept = f"SELECT id FROM turns {_OWNED} ORDER BY id LIMIT 1 OFFSET ?"
        self._db(
            f"UPDATE recorded SET turns = turns - ?, first = ({kept}) {_OWNED}", count, *owner, count, *owner
        )
        self._db(f"DELETE FROM turns {_OWNED} AND id < (SELECT first FROM recorded {_OWNED})", *owner, *owner)
        self._let_go()
        warn_of_oldest(owner[1], count)

    def _let_go(self) -> None:
        """Delete utterances of dropped turns, once there are many."""
        ((many,),) = self._db("SELECT (SELECT count(*) FROM said) > 1000 + 2 * turns FROM total")
        if many:
            self._db("DELETE FROM said WHERE id NOT IN (SELECT said FROM turns)")

    def _catch_up(self, owner: Owner) -> None:
        """Read the changes since the last time."""
        rows = self._db(f"SELECT born, first, changes FROM recorded {_OWNED}", *owner)
        head = Head(*rows[0]) if rows else None
        born, changes = self._mirrors.read(owner)  # only a thread in a transaction changes these lists
        changed = list(self._changed(owner, changes if head and head.born == born else 0))
        with self.lock:
            self._mirrors.complete(owner, head, changed)

    def _changed(self, owner: Owner, since: int) -> Iterator[tuple[int, int, Turn]]:
        """The turns after that change, oldest first, with their ids and session numbers."""
        rows = self._db(
            "SELECT turns.id, session, place, user, at, said, latency, body FROM turns JOIN said"
            f" ON said.id = turns.said {_OWNED} AND change > ? ORDER BY turns.id",
            *owner,
            since,
        )
        if len(self._utterances) > 2 * recordings.MAX_RECORDED:
            self._utterances.clear()
        for number, session, place, user, at, said, latency, body in rows:
            if said not in self._utterances:
                self._utterances[said] = decoded(body)
            yield number, place, Turn(owner[1], session, user, at, self._utterances[said], latency)
