"""The table in which a receiver stores events: SQLite, PostgreSQL, MySQL, MariaDB or ClickHouse."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from mockcbs.core import extras
from mockcbs.core.errors import UserError
from mockcbs.webhooks.incoming import MAX_LENGTHS, Event

CLICKHOUSE_DDL = """\
CREATE TABLE IF NOT EXISTS events (
    event_id String, event_type LowCardinality(String), bot_id String, workflow_id String, session_id String,
    execution String, message_id String, role LowCardinality(String), user_id String,
    connector_id LowCardinality(String), status LowCardinality(String), duration_ms Nullable(Int64),
    trigger_time Nullable(Int64), timestamp Nullable(Int64), error_code Nullable(Int64), error_message String,
    body String
) ENGINE = ReplacingMergeTree ORDER BY event_id"""
"""Two equal events that are inserted at the same time are merged later; ``FINAL`` reads them as one."""

_LONG = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "events",
    METADATA,
    *(
        sa.Column(name, sa.String(length), primary_key=name == "event_id", nullable=False)
        for name, length in MAX_LENGTHS.items()
    ),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("trigger_time", sa.BigInteger),
    sa.Column("timestamp", sa.BigInteger),
    sa.Column("error_code", sa.BigInteger),
    sa.Column("error_message", _LONG, nullable=False),
    sa.Column("body", _LONG, nullable=False),
    sa.Index("events_by_bot", "bot_id", "trigger_time"),
    mysql_charset="utf8mb4",
    mariadb_charset="utf8mb4",
)

_STORED = sa.select(EVENTS.c.event_id).where(EVENTS.c.event_id == sa.bindparam("event_id"))

_INSERTS = {
    "sqlite": sqlite.insert(EVENTS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(EVENTS).on_conflict_do_nothing(),
    "mysql": sa.insert(EVENTS),  # INSERT IGNORE would cut or replace invalid values without an error
    "mariadb": sa.insert(EVENTS),
    "clickhousedb": sa.insert(EVENTS),
}


class EventTable:
    """Stores each event once, in any order. An event is committed when `add` returns."""

    def __init__(self, url: str) -> None:
        """Open the database at *url* and create the table. Raises `UserError` if that fails."""
        try:
            self._engine = sa.create_engine(_supported(driver_url(url)), pool_pre_ping=True)
            self._prepare()
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            why = str(getattr(error, "orig", None) or error).splitlines()[0]
            if isinstance(error, sa.exc.NoSuchModuleError | ImportError):
                extra = "clickhouse" if url.startswith("clickhouse") else "receive"
                why = f"{why}; its driver comes with: {extras.command(extra)}"
            raise UserError(f"--database {hidden(url)!r} cannot be used: {why}") from error
        self._insert = _INSERTS[self.dialect].execution_options(preserve_rowcount=True)

    @property
    def dialect(self) -> str:
        """``sqlite``, ``postgresql``, ``mysql``, ``mariadb`` or ``clickhousedb``."""
        return self._engine.dialect.name

    def add(self, event: Event) -> bool:
        """Store *event* and return whether it is new. In ClickHouse, two equal events at the same time are
        both new.
        """
        if self.dialect == "clickhousedb" and self._has(event):  # ClickHouse has no unique keys
            return False
        try:
            with self._engine.begin() as connection:
                done = connection.execute(self._insert, asdict(event))
        except sa.exc.IntegrityError:
            return False
        return self.dialect == "clickhousedb" or done.rowcount != 0

    def _has(self, event: Event) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(_STORED, {"event_id": event.event_id}).first() is not None

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """The rows that a ``SELECT`` returns."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.text(statement)).mappings()]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        dialect = self._engine.dialect
        with self._engine.begin() as connection:
            if dialect.name == "clickhousedb":
                connection.execute(sa.text(CLICKHOUSE_DDL))
                return
            if dialect.name == "sqlite":
                connection.execute(sa.text("PRAGMA journal_mode = WAL"))
            table = EVENTS.to_metadata(sa.MetaData())
            table.kwargs[f"{dialect.name}_collate"] = _collation(dialect)
            table.metadata.create_all(connection)


def _collation(dialect: sa.Dialect) -> str:
    """A collation of MySQL or MariaDB in which texts are equal only if all characters are equal."""
    return "utf8mb4_nopad_bin" if getattr(dialect, "is_mariadb", False) else "utf8mb4_0900_bin"


_ACCEPTED = ("sqlite:///FILE", "postgresql://…", "mysql://…", "mariadb://…", "clickhousedb://…")

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
"""The drivers of URLs without a driver; ``postgresql://`` uses psycopg 3."""


def driver_url(url: str) -> sa.URL:
    """*url* with a driver. Raises `sqlalchemy.exc.ArgumentError` if it is not a URL."""
    made = sa.make_url(url)
    return made.set(drivername=_DRIVERS.get(made.drivername, made.drivername))


def _supported(url: sa.URL) -> sa.URL:
    if (backend := url.get_backend_name()) not in _INSERTS:
        raise UserError(f"--database: {backend} is not supported; accepted are {', '.join(_ACCEPTED)}")
    return url


def hidden(url: str) -> str:
    """*url* without its password, for messages."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return url.rpartition("@")[2]
