"""The table that a receiver keeps events in: SQLite, PostgreSQL, MySQL, MariaDB or ClickHouse."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from mockcbs.core.errors import UserError
from mockcbs.webhooks.incoming import Event

CLICKHOUSE_DDL = """\
CREATE TABLE IF NOT EXISTS events (
    event_id String, event_type LowCardinality(String), bot_id String, workflow_id String, session_id String,
    execution String, message_id String, role LowCardinality(String), user_id String,
    connector_id LowCardinality(String), status LowCardinality(String), duration_ms Nullable(Int64),
    trigger_time Nullable(Int64), timestamp Nullable(Int64), error_code Nullable(Int64), error_message String,
    body String
) ENGINE = ReplacingMergeTree ORDER BY event_id"""
"""A redelivered event replaces the one that is there; read with ``FINAL`` to see each once."""

_ID = sa.String(255)
_LONG = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("event_id", _ID, primary_key=True),
    sa.Column("event_type", sa.String(64), nullable=False),
    sa.Column("bot_id", sa.String(64), nullable=False),
    sa.Column("workflow_id", sa.String(64), nullable=False),
    sa.Column("session_id", _ID, nullable=False),
    sa.Column("execution", _ID, nullable=False),
    sa.Column("message_id", _ID, nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(512), nullable=False),
    sa.Column("connector_id", sa.String(64), nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
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

_INSERTS = {
    "sqlite": sqlite.insert(EVENTS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(EVENTS).on_conflict_do_nothing(),
    "mysql": mysql.insert(EVENTS).prefix_with("IGNORE"),
    "mariadb": mysql.insert(EVENTS).prefix_with("IGNORE"),
}


class EventTable:
    """Keeps each event once, whatever the order and however often it comes; committed when `add` returns."""

    def __init__(self, url: str) -> None:
        """Open the database at *url* and make the table; raises `UserError` if that cannot be done."""
        try:
            self._engine = sa.create_engine(driver_url(url), pool_pre_ping=True)
            self._prepare()
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            why = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise UserError(f"--database {hidden(url)!r} cannot be used: {why}") from error
        dialect = self._engine.dialect.name
        insert = EVENTS.insert() if dialect.startswith("clickhouse") else _INSERTS.get(dialect)
        if insert is None:
            raise UserError(f"--database: {dialect} is not supported; accepted are {', '.join(_ACCEPTED)}")
        self._insert = insert.execution_options(preserve_rowcount=True)

    @property
    def dialect(self) -> str:
        """``sqlite``, ``postgresql``, ``mysql``, ``mariadb`` or ``clickhousedb``."""
        return self._engine.dialect.name

    def add(self, event: Event) -> bool:
        """Keep *event*; whether it is new, as far as the database tells."""
        with self._engine.begin() as connection:
            done = connection.execute(self._insert, asdict(event))
            return done.rowcount != 0

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """What a ``SELECT`` finds."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.text(statement)).mappings()]

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        if self._engine.dialect.name.startswith("clickhouse"):
            with self._engine.begin() as connection:
                connection.execute(sa.text(CLICKHOUSE_DDL))
        else:
            METADATA.create_all(self._engine)
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA journal_mode = WAL"))


_ACCEPTED = ("sqlite:///FILE", "postgresql://…", "mysql://…", "mariadb://…", "clickhousedb://…")

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
"""What a URL without a driver means; ``postgresql://`` is psycopg 3."""


def driver_url(url: str) -> sa.URL:
    """*url* with the driver it means; raises `sqlalchemy.exc.ArgumentError` if it is no URL."""
    made = sa.make_url(url)
    return made.set(drivername=_DRIVERS.get(made.drivername, made.drivername))


def hidden(url: str) -> str:
    """*url* without its password, to be shown."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return url.rpartition("@")[2]
