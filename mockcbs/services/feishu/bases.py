"""Bases and their tables: stated ones, those that clients create and, unless strict, any other."""

from dataclasses import dataclass
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.made_ids import made_id
from mockcbs.core.spelling import not_one_of
from mockcbs.services.feishu import errors
from mockcbs.services.feishu.dialect import APP_TOKENS, DIALECT, TABLE_IDS
from mockcbs.services.feishu.kinds import KINDS
from mockcbs.tables.model import Column, Table, View
from mockcbs.tables.store import Tables
from mockcbs.web import context

_BASE = "feishu.base"
MAX_TABLES = 100


@dataclass(frozen=True)
class Base:
    """A Base, without its tables."""

    app_token: str
    name: str = "多维表格"
    is_advanced: bool = False
    revision: int = 1
    made: bool = False
    """Whether a client created it."""

    def shown(self) -> dict[str, Any]:
        """The Base as clients see it."""
        return {
            "app_token": self.app_token,
            "name": self.name,
            "revision": self.revision,
            "is_advanced": self.is_advanced,
            "time_zone": "Asia/Shanghai",
        }


def scope() -> str:
    """The scope of the Bases of the current request."""
    return context.scope() or ""


def store() -> Tables:
    """The tables in the scope of the caller."""
    return DIALECT.store(context.mock(), scope())


def base(app_token: str) -> Base:
    """The Base with that token; raises 1254003 and 1254040."""
    errors.failing(app_token)
    if not APP_TOKENS.pattern.fullmatch(app_token):
        raise errors.refused(1254003, f"app_token {app_token!r} is not {APP_TOKENS.name}")
    if found := context.mock().documents.get(_BASE, scope(), app_token):
        return Base(**found)
    if context.mock().settings.strict and not store().describes(app_token):
        raise errors.refused(1254040, f"Base {app_token} is neither stated nor created here (--strict)")
    return Base(app_token)


def table(app_token: str, table_id: str) -> Table:
    """The table with that id; raises the errors of `base`, 1254004 and 1254041."""
    found_base = base(app_token)
    errors.failing(table_id)
    if not TABLE_IDS.pattern.fullmatch(table_id):
        raise errors.refused(1254004, f"table_id {table_id!r} is not {TABLE_IDS.name}")
    tables = store()
    if found_base.made and table_id not in {one.id for one in tables.tables(app_token)}:
        raise errors.refused(1254041, f"Base {app_token}, which was created here, has no table {table_id}")
    found = tables.table(app_token, table_id)
    if found is None:
        raise errors.refused(1254041, f"Base {app_token} has no table {table_id}")
    return found


def tables_of(app_token: str) -> list[Table]:
    """The tables of a Base; a Base without a description has one table with the seed's fields."""
    found_base, tables = base(app_token), store()
    found = tables.tables(app_token)
    if found or found_base.made or tables.describes(app_token):
        return found
    table_id = made_id("tbl", 13, app_token)
    first = tables.table(app_token, table_id)
    return [first] if first else []


def create(name: str) -> tuple[Base, Table]:
    """Create a Base with its first table."""
    number = _issued()
    token = made_id("bascn", 22, context.mock().seed, scope(), number)
    made = Base(token, name or Base.name, made=True)
    context.mock().documents.put(_BASE, scope(), token, vars(made))
    first = create_table(made, DIALECT.table_name)
    return made, first


def change(found: Base, **details: Any) -> Base:
    """Change the *details* of a Base."""
    changed = Base(**{**vars(found), **details, "revision": found.revision + 1})
    context.mock().documents.put(_BASE, scope(), found.app_token, vars(changed))
    return changed


def create_table(found: Base, name: str, view_name: str = "", columns: tuple[Column, ...] = ()) -> Table:
    """Create a table; raises 1254013 and 1254100."""
    tables = store()
    known = tables.tables(found.app_token)
    check_name(known, name)
    if len(known) >= MAX_TABLES:
        raise errors.refused(1254100, f"a Base has at most {MAX_TABLES} tables")
    names = (context.mock().seed, scope(), found.app_token, _issued())
    table_id = made_id("tbl", 13, *names)
    columns = columns or (Column(DIALECT.column_id(f"{table_id}/1"), "文本", "1"),)
    view_name = view_name or DIALECT.view
    view = View(
        DIALECT.view_id(f"{table_id}/{view_name}"), view_name, "grid", DIALECT.view_options(_EMPTY, {})
    )
    return tables.put(Table(found.app_token, table_id, name, columns, (view,)))


_EMPTY = Table("", "", "", ())


def check_name(known: list[Table], name: str) -> None:
    """Refuse the name of another table (1254013)."""
    if name in {one.name for one in known}:
        raise errors.refused(1254013, f"the Base already has a table {name!r}")


def column(owner: str, content: dict[str, Any]) -> Column:
    """Make a field of the table *owner*; raises 1254001, 1254012 and 1254301."""
    name, type_ = content.get("field_name"), content.get("type")
    if not isinstance(name, str) or not name.strip():
        raise errors.refused(1254001, f"field_name {name!r} is not a text")
    if isinstance(type_, bool) or str(type_) not in KINDS:
        raise errors.refused(1254012, f"type {not_one_of(type_, KINDS)}")
    options = options_of(str(type_), content)
    column_id = DIALECT.column_id(f"{owner}/{_issued()}")
    return Column(column_id, name, str(type_), options, described(content))


def described(content: dict[str, Any]) -> str:
    """The description of a field; a call sends it as a text or as an object with a text."""
    found = content.get("description") or ""
    if isinstance(found, dict):
        found = found.get("text") or ""
    return found if isinstance(found, str) else ""


def options_of(type_: str, content: dict[str, Any]) -> dict[str, Any]:
    """The options of a field; raises 1254001 and 1254301."""
    given = {name: content[name] for name in ("ui_type", "property") if content.get(name) is not None}
    try:
        return dict(DIALECT.column_options(type_, given))
    except ValueError as error:
        code = 1254301 if str(error).startswith("ui_type") else 1254001
        raise errors.refused(code, str(error)) from error


def view(found: Table, view_id: str) -> View:
    """The view with that id; raises 1254005 and 1254042."""
    errors.failing(view_id)
    if not view_id.startswith("vew"):
        raise errors.refused(1254005, f"view_id {view_id!r} does not begin with vew")
    if known := found.view(view_id):
        return known
    raise errors.refused(1254042, f"table {found.id} has no view {view_id}")


def field(found: Table, field_id: str) -> Column:
    """The field with that id; raises 1254009 and 1254044."""
    errors.failing(field_id)
    if not field_id.startswith("fld"):
        raise errors.refused(1254009, f"field_id {field_id!r} does not begin with fld")
    if known := found.column_with_id(field_id):
        return known
    raise errors.refused(1254044, f"table {found.id} has no field {field_id}")


def new_view_id(found: Table) -> str:
    """The id for a new view."""
    return DIALECT.view_id(f"{found.base}/{found.id}/{scope()}/{_issued()}")


def view_options(found: Table, options: dict[str, Any]) -> dict[str, Any]:
    """The stored form of a view's properties; raises 1254001 and the errors of filters."""
    try:
        return dict(DIALECT.view_options(found, options))
    except ValueError as error:
        if isinstance(error.__cause__, ApiError):
            raise error.__cause__ from None
        raise errors.refused(1254001, str(error)) from error


def keep(changed: Table) -> Table:
    """Store a changed table."""
    return store().put(changed)


def _issued() -> int:
    """A new number in the scope; each call returns another."""
    documents = context.mock().documents
    held = documents.get("feishu.issued", scope(), "count")
    number: int = (held["count"] if held else 0) + 1
    documents.put("feishu.issued", scope(), "count", {"count": number})
    return number
