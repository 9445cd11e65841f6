"""The contents of uploads and objects in PostgreSQL, so that replicas need no shared folder."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.texts import digest, plain
from mockcbs.core.errors import BackendError

PIECE = 256 * 1024
"""The maximum size of one row, in bytes."""
UNFINISHED_SECONDS = 3600
"""The time for which pieces of an unfinished file are kept, in s; a killed replica may leave some."""
DELETED_SECONDS = 60
"""The time for which the pieces of a deleted file are kept for responses that are still being sent, in s."""


class PostgresFiles:
    """A `mockcbs.backend.base.Files` in a database.

    Pieces are written one by one without a transaction. The last step connects the name with the new content.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @contextmanager
    def create(self, scope: str, name: str) -> Iterator["PostgresWriter"]:
        """A context in which a file is written."""
        content = uuid.uuid4()
        writer = PostgresWriter(self._db, content)
        try:
            yield writer
            writer.flush()
            with self._db.transaction():
                self._delete_content(scope, name)
                self._db(
                    "INSERT INTO {schema}.files VALUES (%s, %s, %s, %s) ON CONFLICT (name)"
                    " DO UPDATE SET size = excluded.size, content = excluded.content",
                    *(digest(scope, name), plain(scope), writer.size, content),
                )
        except BaseException:
            with suppress(BackendError):
                self._db("DELETE FROM {schema}.pieces WHERE content = %s", content)
            raise

    def size(self, scope: str, name: str) -> int | None:
        """The size of a file in bytes; `None` if it does not exist."""
        rows = self._db("SELECT size FROM {schema}.files WHERE name = %s", digest(scope, name))
        return rows[0][0] if rows else None

    def read(self, scope: str, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes of a file from *start* to before *stop*, in pieces."""
        rows = self._db("SELECT content, size FROM {schema}.files WHERE name = %s", digest(scope, name))
        if not rows:
            raise FileNotFoundError(name)
        content, size = rows[0]
        return self._pieces(content, start, size if stop is None else min(stop, size))

    def delete(self, scope: str, name: str) -> bool:
        """Delete a file; whether there was one."""
        with self._db.transaction():
            return self._delete_content(scope, name)

    def clear(self, scope: str | None = None) -> None:
        """Delete the files of one scope or of all."""
        with self._db.transaction():
            if scope is None:
                self._db(
                    "WITH gone AS (DELETE FROM {schema}.files RETURNING content)"
                    " INSERT INTO {schema}.deleted (content) SELECT content FROM gone"
                )
            else:
                self._db(
                    "WITH gone AS (DELETE FROM {schema}.files WHERE hashtextextended(scope, 0) ="
                    " hashtextextended(%s, 0) AND scope = %s RETURNING content)"
                    " INSERT INTO {schema}.deleted (content) SELECT content FROM gone",
                    *(plain(scope), plain(scope)),
                )

    def delete_abandoned(self) -> None:
        """Delete the pieces of deleted files, and of unfinished files of killed replicas."""
        self._db(
            "WITH gone AS (DELETE FROM {schema}.deleted"
            " WHERE at < clock_timestamp() - make_interval(secs => %s) RETURNING content)"
            " DELETE FROM {schema}.pieces WHERE content IN (SELECT content FROM gone)",
            DELETED_SECONDS,
        )
        self._db(
            "DELETE FROM {schema}.pieces WHERE at < clock_timestamp() - make_interval(secs => %s)"
            " AND NOT EXISTS (SELECT 1 FROM {schema}.files f WHERE f.content = pieces.content)"
            " AND NOT EXISTS (SELECT 1 FROM {schema}.deleted d WHERE d.content = pieces.content)",
            UNFINISHED_SECONDS,
        )

    def _delete_content(self, scope: str, name: str) -> bool:
        gone = self._db(
            "WITH gone AS (DELETE FROM {schema}.files WHERE name = %s RETURNING content)"
            " INSERT INTO {schema}.deleted (content) SELECT content FROM gone RETURNING 1",
            digest(scope, name),
        )
        return bool(gone)

    def _pieces(self, content: uuid.UUID, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            place = start // PIECE * PIECE
            rows = self._db(
                "SELECT data FROM {schema}.pieces WHERE content = %s AND start = %s", content, place
            )
            if not rows:
                raise BackendError(f"a file was deleted over {DELETED_SECONDS} s ago, and still being read")
            piece = bytes(rows[0][0])[start - place : stop - place]
            yield piece
            start += len(piece)


class PostgresWriter:
    """Writes one file."""

    def __init__(self, database: Database, content: uuid.UUID) -> None:
        self._db, self._content = database, content
        self._held = bytearray()
        self.size = 0
        """The number of bytes written."""

    def write(self, data: bytes) -> int:
        """Append *data*."""
        self._held += data
        while len(self._held) >= PIECE:
            self._put(bytes(self._held[:PIECE]))
            del self._held[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Write the remaining bytes."""
        if self._held:
            self._put(bytes(self._held))
            self._held.clear()

    def _put(self, piece: bytes) -> None:
        self._db(
            "INSERT INTO {schema}.pieces (content, start, data) VALUES (%s, %s, %s)",
            *(self._content, self.size, piece),
        )
        self.size += len(piece)
