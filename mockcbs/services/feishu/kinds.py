"""The types of fields: accepted values and their stored form (contract 4.3.4)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import errors

Family = Literal["text", "number", "select", "list", "date", "checkbox", "attachment", "computed"]
"""Fields of one family accept the same filters."""

MAX_CELL = 100_000
"""The maximum length of a text in characters."""
MAX_DATE = 253_402_300_799_999
"""The last ms of the year 9999, UTC."""
_MIN_DATE = -62_135_596_800_000
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{0,30}")
_PLACE = re.compile(r"-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?")
_RECORD = re.compile(r"rec[A-Za-z0-9]+")

Write = Callable[[Any], Any]
"""Converts a client's value to its stored form; raises `ValueError` for a wrong value."""


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise _misfit(value, "a string")
    return value or None


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _misfit(value, "a number")
    return value


def _options(value: Any) -> list[str] | None:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _misfit(value, "a list of strings")
    return list(dict.fromkeys(value)) or None


def _date(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _MIN_DATE <= value <= MAX_DATE:
        raise _misfit(value, "an integer, ms since 1970")
    return value


def _checkbox(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _misfit(value, "true or false")
    return value


def _phone(value: Any) -> str | None:
    if value == "":
        return None
    if not isinstance(value, str) or not _PHONE.fullmatch(value):
        raise _misfit(value, "a phone number, a string")
    return value


def _link(value: Any) -> dict[str, str]:
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("link"), str)
        or not value["link"]
        or not isinstance(value.get("text", ""), str)
    ):
        raise _misfit(value, "an object with link and text, both strings")
    return {"link": value["link"], "text": value.get("text") or value["link"]}


def _place(value: Any) -> str:
    if not isinstance(value, str) or not _PLACE.fullmatch(value):
        raise _misfit(value, "a string longitude,latitude")
    return value


def _records(value: Any) -> list[str] | None:
    if not isinstance(value, list) or not all(
        isinstance(one, str) and _RECORD.fullmatch(one) for one in value
    ):
        raise _misfit(value, "a list of record ids")
    return list(dict.fromkeys(value)) or None


def _members(key: str, beginning: str = "") -> Write:
    """Make a reader of lists of objects with an id in *key* that starts with *beginning*."""

    def read(value: Any) -> list[str] | None:
        found = value if isinstance(value, list) else [None]
        ids = [one[key] for one in found if isinstance(one, dict) and isinstance(one.get(key), str)]
        if len(ids) < len(found) or not all(one and one.startswith(beginning) for one in ids):
            raise _misfit(value, f'a list of objects like {{"{key}": "{beginning}…"}}')
        return list(dict.fromkeys(ids)) or None

    return read


def _misfit(value: Any, accepted: str) -> ValueError:
    shown = repr(value)
    return ValueError(f"{shown if len(shown) <= 60 else shown[:60] + '…'} is not {accepted}")


@dataclass(frozen=True)
class Kind:
    """A type of field."""

    type: int
    word: str
    """The name in datasets."""
    ui_types: tuple[str, ...]
    """The accepted values of ``ui_type``; the first is the default."""
    family: Family
    misfit: int = 1254015
    """The error code for a wrong value."""
    write: Write | None = None
    """Converts written values; `None` if clients cannot write it."""
    default: Mapping[str, Any] = field(default_factory=dict)
    """The default property."""


KINDS = {
    str(kind.type): kind
    for kind in (
        Kind(1, "text", ("Text", "Barcode", "Email"), "text", 1254060, _text),
        Kind(
            2,
            "number",
            ("Number", "Progress", "Currency", "Rating"),
            "number",
            1254061,
            _number,
            {"formatter": "0"},
        ),
        Kind(3, "single_select", ("SingleSelect",), "select", 1254062, _text, {"options": []}),
        Kind(4, "multi_select", ("MultiSelect",), "list", 1254063, _options, {"options": []}),
        Kind(
            5,
            "date",
            ("DateTime",),
            "date",
            1254064,
            _date,
            {"date_formatter": "yyyy/MM/dd", "auto_fill": False},
        ),
        Kind(7, "checkbox", ("Checkbox",), "checkbox", 1254065, _checkbox),
        Kind(11, "person", ("User",), "list", 1254066, _members("id"), {"multiple": True}),
        Kind(13, "phone", ("Phone",), "text", 1254072, _phone),
        Kind(15, "link", ("Url",), "text", 1254068, _link),
        Kind(17, "attachment", ("Attachment",), "attachment", 1254069, _members("file_token")),
        Kind(18, "one_way_link", ("SingleLink",), "list", 1254067, _records, {"multiple": True}),
        Kind(20, "formula", ("Formula",), "computed"),
        Kind(21, "two_way_link", ("DuplexLink",), "list", 1254067, _records, {"multiple": True}),
        Kind(22, "location", ("Location",), "text", 1254015, _place),
        Kind(23, "group", ("GroupChat",), "list", 1254066, _members("id", "oc_"), {"multiple": True}),
        Kind(1001, "created_time", ("CreatedTime",), "date", default={"date_formatter": "yyyy/MM/dd"}),
        Kind(1002, "modified_time", ("ModifiedTime",), "date", default={"date_formatter": "yyyy/MM/dd"}),
        Kind(1003, "created_by", ("CreatedUser",), "list"),
        Kind(1004, "modified_by", ("ModifiedUser",), "list"),
        Kind(
            1005,
            "auto_number",
            ("AutoNumber",),
            "text",
            default={"auto_serial": {"type": "auto_increment_number"}},
        ),
    )
}
"""The types, by the stored number."""

WORDS = {kind.word: key for key, kind in KINDS.items()} | {key: key for key in KINDS}
"""The accepted names of types in datasets."""


def kept(type_: str, name: str, value: Any) -> Any:
    """The stored form of *value* in the field *name*; raises the service's error."""
    kind = KINDS[type_]
    if kind.write is None:
        raise ApiError(errors.row(kind.misfit), f"field {name!r} ({kind.word}) is computed: leave it out")
    if value is None:
        return None
    try:
        found = kind.write(value)
    except ValueError as error:
        raise ApiError(errors.row(kind.misfit), f"field {name!r} ({kind.word}): {error}") from None
    if isinstance(found, str) and len(found) > MAX_CELL:
        raise errors.refused(1254130, f"field {name!r}: {len(found)} characters, at most {MAX_CELL}")
    return found
