"""``/_mockcbs/tables``: the content of the tables of Feishu and the other table services."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from marshmallow import INCLUDE, ValidationError

from mockcbs.control.schemas import ScopeQuery, whole
from mockcbs.control.views import blp
from mockcbs.core.files import StrictSchema, dotted, flat, text
from mockcbs.core.numbers import compact
from mockcbs.core.spelling import not_one_of
from mockcbs.services import registry
from mockcbs.tables.dialect import Dialect
from mockcbs.tables.model import Table
from mockcbs.tables.stated import described, stated_schema
from mockcbs.tables.store import EVERYBODY, Tables, known
from mockcbs.web import context
from mockcbs.web.json import with_entries
from mockcbs.web.problems import Problem

_SHOWN_ONLY = ("scope", "count")
"""Members of a table in a response. A request may contain them, but they have no effect."""


class TableQuery(ScopeQuery):
    """The tables to show."""

    service = text(64, 1)
    base = text(128, 1)
    table = text(128, 1)
    limit = whole(
        0, 20_000, load_default=1000, metadata={"description": "The maximum number of rows of each table."}
    )


class TableSchema(StrictSchema):
    """A table to set; its service reads the other members."""

    class Meta:
        """Members that are not named here are passed to the service."""

        unknown = INCLUDE

    service = text(64, 1, required=True)


class OneTableQuery(ScopeQuery):
    """One table."""

    service = text(64, 1, required=True)
    base = text(128, 1, required=True)
    table = text(128, 1, required=True)


@blp.get("/tables")
@blp.arguments(TableQuery, location="query")
@blp.answers(200, "stores.TableList")
def list_tables(query: dict[str, Any]) -> Response:
    """Tables with their rows.

    Those of a token, or without a token the initial ones and those of all tokens. Runs that the clock
    has passed are reported first.
    """
    context.mock().catch_up()
    shown = []
    for dialect, scope, table in _found(query):
        if all(
            query.get(name, value) == value for name, value in (("base", table.base), ("table", table.id))
        ):
            shown.append(_json(dialect, scope, table, query["limit"]))
    return Response("".join(with_entries({}, "tables", shown)), mimetype="application/json")


@blp.put("/tables")
@blp.arguments(ScopeQuery, location="query")
@blp.arguments(TableSchema, location="json")
@blp.answers(200, "stores.TableContent")
def set_table(query: dict[str, Any], body: dict[str, Any]) -> Response:
    """Replace a table and its rows; without a token, in every scope."""
    dialect, scope = _dialect(body.pop("service")), query["scope"] or EVERYBODY
    content = {name: value for name, value in body.items() if name not in _SHOWN_ONLY}
    try:
        stated = stated_schema(dialect)().load(content)
    except ValidationError as error:
        problems = "; ".join(f"{dotted(keys)}{message}" for keys, message in flat(error.messages))
        raise Problem(400, "Bad Request", problems) from error
    _store(dialect, scope).set(stated)
    return Response(_json(dialect, scope, stated.table, 1000), mimetype="application/json")


@blp.delete("/tables")
@blp.arguments(OneTableQuery, location="query")
@blp.answers(204)
@blp.refuses(404, "No such table was described, filled or changed.")
def forget_table(query: dict[str, Any]) -> Response:
    """Restore a table to its initial content; without a token, in every scope."""
    store = _store(_dialect(query["service"]), query["scope"] or EVERYBODY)
    if not store.forget(query["base"], query["table"]):
        raise Problem(404, "Not Found", f"there is no table {query['table']!r} in {query['base']!r}")
    return Response(status=204)


def _found(query: dict[str, Any]) -> Iterator[tuple[Dialect, str, Table]]:
    wanted, documents = query.get("service"), context.mock().documents
    dialects = [_dialect(wanted)] if wanted else _dialects()
    for dialect in dialects:
        _store(dialect, query["scope"] or EVERYBODY).adopt_all()
        for _, scope, table in known(documents, dialect.service):
            if query["scope"] in {None, scope}:
                yield dialect, scope, table


def _json(dialect: Dialect, scope: str, table: Table, limit: int) -> str:
    store = _store(dialect, scope)
    facts = described(dialect, scope, table, store.count(table))
    rows = (compact(dialect.shown(table, row)) for row in store.rows(table, limit=limit))
    return "".join(with_entries(facts, "rows", rows))


def _store(dialect: Dialect, scope: str) -> Tables:
    return dialect.store(context.mock(), scope)


def _dialects() -> list[Dialect]:
    return [dialect for service in registry.services() if (dialect := service.dialect)]


def _dialect(name: str) -> Dialect:
    for dialect in _dialects():
        if dialect.service == name:
            return dialect
    names = [dialect.service for dialect in _dialects()]
    raise Problem(400, "Bad Request", f"service: {not_one_of(name, names)}")
