"""The tables of mockcbs in PostgreSQL. They are created and updated once, even if many replicas start."""

import secrets
from typing import Any

import psycopg

from mockcbs.backend.postgres.address import Address
from mockcbs.backend.postgres.texts import lock_number
from mockcbs.core.errors import UserError
from mockcbs.core.version import VERSION

_MIN_SERVER = 130_000
"""PostgreSQL 13 is the first with `xid8`."""

_FIRST = """
CREATE TABLE {schema}.meta (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL, token text NOT NULL, epoch timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE {schema}.documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner bytea NOT NULL, name bytea NOT NULL UNIQUE,
    kind text NOT NULL, scope text NOT NULL, key text NOT NULL, body text NOT NULL, members jsonb NOT NULL
);
CREATE INDEX ON {schema}.documents (owner, id);
CREATE INDEX ON {schema}.documents (hashtextextended(scope, 0));
CREATE INDEX ON {schema}.documents (hashtextextended(kind, 0));
CREATE TABLE {schema}.recorded (
    owner bytea PRIMARY KEY, scope text NOT NULL, bot text NOT NULL, born bigint NOT NULL,
    first bigint NOT NULL, turns bigint NOT NULL, changes bigint NOT NULL, sessions bigint NOT NULL,
    latest bigint NOT NULL
);
CREATE INDEX ON {schema}.recorded (hashtextextended(scope, 0));
CREATE TABLE {schema}.turns (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner bytea NOT NULL, session text NOT NULL,
    place bigint NOT NULL, person text NOT NULL, at bigint NOT NULL, said text NOT NULL,
    latency bigint NOT NULL, change bigint NOT NULL
);
CREATE INDEX ON {schema}.turns (owner, hashtextextended(session, 0));
CREATE INDEX ON {schema}.turns (owner, change);
CREATE INDEX ON {schema}.turns (owner, id);
CREATE TABLE {schema}.outbox (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue text NOT NULL, scope text NOT NULL,
    due bigint NOT NULL, body text NOT NULL, claimed_until timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX ON {schema}.outbox (hashtextextended(queue, 0), due, number);
CREATE TABLE {schema}.leases (name text PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL);
CREATE TABLE {schema}.files (
    name bytea PRIMARY KEY, scope text NOT NULL, size bigint NOT NULL, content uuid NOT NULL
);
CREATE INDEX ON {schema}.files (hashtextextended(scope, 0));
CREATE INDEX ON {schema}.files (content);
CREATE TABLE {schema}.deleted (content uuid NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE {schema}.pieces (
    content uuid NOT NULL, start bigint NOT NULL, data bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (content, start)
);
ALTER TABLE {schema}.pieces ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE UNLOGGED TABLE {schema}.changes (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(), at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cells text NOT NULL
);
CREATE INDEX ON {schema}.changes (xid);
CREATE TABLE {schema}.replicas (
    name text PRIMARY KEY, number integer NOT NULL, url text, version text NOT NULL, settings text NOT NULL,
    seen timestamptz NOT NULL, ended boolean NOT NULL DEFAULT false
);

CREATE FUNCTION {schema}.record_turn(
    whose bytea, new_scope text, new_bot text, new_session text, new_person text, new_at bigint,
    new_said text, new_latency bigint, max_turns bigint, surplus bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    head {schema}.recorded%ROWTYPE;
    new_place bigint;
    number bigint;
    oldest bigint;
BEGIN
    SELECT * INTO head FROM {schema}.recorded WHERE owner = whose FOR UPDATE;
    SELECT place INTO new_place FROM {schema}.turns WHERE owner = whose
        AND hashtextextended(session, 0) = hashtextextended(new_session, 0) AND session = new_session LIMIT 1;
    new_place := coalesce(new_place, head.sessions, 0);
    INSERT INTO {schema}.turns (owner, session, place, person, at, said, latency, change)
        VALUES (whose, new_session, new_place, new_person, new_at, new_said, new_latency,
                coalesce(head.changes, 0) + 1)
        RETURNING id INTO number;
    INSERT INTO {schema}.recorded AS r VALUES
        (whose, new_scope, new_bot, number, number, 1, 1, 1, number)
        ON CONFLICT (owner) DO UPDATE SET turns = r.turns + 1, changes = r.changes + 1,
            sessions = greatest(r.sessions, new_place + 1), latest = number;
    IF coalesce(head.turns, 0) + 1 <= max_turns THEN
        RETURN;
    END IF;
    SELECT id INTO oldest FROM {schema}.turns WHERE owner = whose ORDER BY id OFFSET surplus LIMIT 1;
    DELETE FROM {schema}.turns WHERE owner = whose AND id < oldest;
    UPDATE {schema}.recorded SET turns = turns - surplus, first = oldest WHERE owner = whose;
    RAISE WARNING 'over % turns recorded of bot %: the oldest % are dropped', max_turns, new_bot, surplus;
END $$;
"""
"""Of an owner (scope and bot), `recorded` holds the ids of its first turn ever (`born`) and of the oldest
kept, and how many turns, changes and sessions there are. The `place` of a turn is the number of its session
in order of appearance, its `change` the number of the change that made it as it is. Of a transaction that
has changed something, `changes` holds its id and the cells of `mockcbs.core.changes`."""

_COUNTS = """
CREATE TABLE {schema}.counts (owner bytea PRIMARY KEY, count bigint NOT NULL);
"""
"""How many requests each scope has made."""

MIGRATIONS = (_FIRST, _COUNTS)
"""Each brings the tables from the version before to its own; the first makes them."""


def prepare(connection: psycopg.Connection[Any], address: Address) -> None:
    """Make the tables or bring them up to date.

    *connection* must not be in a transaction. Raises `UserError` for a database that this version cannot use.
    """
    if connection.info.server_version < _MIN_SERVER:
        raise UserError(f"--state {address}: PostgreSQL 13 or later is needed")
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(address.schema, "migrations")])
        version = _version(connection, address)
        if version > len(MIGRATIONS):
            raise UserError(
                f"--state {address}: its tables were made by a later version of mockcbs (tables {version},"
                f" mockcbs {VERSION} knows {len(MIGRATIONS)}); use that version, or another ?schema="
            )
        if version == len(MIGRATIONS):
            return
        if version:
            _check_alone(connection, address)
        for migration in MIGRATIONS[version:]:
            connection.execute(migration.format(schema=f'"{address.schema}"').encode())
        _note(connection, address)


def _version(connection: psycopg.Connection[Any], address: Address) -> int:
    """The version of the tables; 0 if there are none. Creates the schema."""
    found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [address.schema]).fetchone()
    if found is None:
        connection.execute(f'CREATE SCHEMA "{address.schema}"'.encode())
        return 0
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [address.schema])
    names = {name for (name,) in tables.fetchall()}
    if not names:
        return 0
    if "meta" not in names:
        raise UserError(
            f"--state {address}: schema {address.schema!r} has tables, but not mockcbs's;"
            " choose another ?schema="
        )
    row = connection.execute(f'SELECT version FROM "{address.schema}".meta'.encode()).fetchone()
    return int(row[0]) if row else 0


def _check_alone(connection: psycopg.Connection[Any], address: Address) -> None:
    row = connection.execute(
        f'SELECT count(*) FROM "{address.schema}".replicas'
        " WHERE NOT ended AND seen > clock_timestamp() - interval '10 s'".encode()
    ).fetchone()
    if row and row[0]:
        raise UserError(
            f"--state {address}: replicas of an earlier version of mockcbs use it; stop them first"
        )


def _note(connection: psycopg.Connection[Any], address: Address) -> None:
    connection.execute(
        f'INSERT INTO "{address.schema}".meta (version, token) VALUES (%s, %s)'
        " ON CONFLICT (one) DO UPDATE SET version = excluded.version".encode(),
        [len(MIGRATIONS), secrets.token_urlsafe(32)],
    )
