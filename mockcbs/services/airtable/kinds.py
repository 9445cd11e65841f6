"""The types of fields: accepted values, values in formulas, and sort order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.made_ids import made_id
from mockcbs.services.airtable import errors
from mockcbs.tables.model import Column

_RECORD_ID = re.compile("rec[0-9A-Za-z]{14}")
_MAX_TEXT = 100_000
_EXACT = 2**53
_TRUE = {
    "true": True,
    "1": True,
    "checked": True,
    "yes": True,
    "false": False,
    "0": False,
    "no": False,
    "": False,
}


@dataclass
class Writing:
    """One request that writes cells."""

    typecast: bool = False
    """Whether to convert values of other types and to create new options of selects."""
    options: dict[str, list[str]] = field(default_factory=dict)
    """The new options of selects, by column id."""


Reader = Callable[[Column, Any, Writing], Any]
"""Converts a value to a cell; `None` is an empty cell. Raises `ApiError`."""


@dataclass(frozen=True)
class Kind:
    """A type of field."""

    read: Reader | None = None
    """Converts written values; `None` for a computed type."""
    options: Mapping[str, Any] | None = None
    """The default options."""
    requires: tuple[str, ...] = ()
    """The required options."""
    sort: Callable[[Column, Any], Any] = lambda _, cell: cell
    """The value that a cell is sorted by."""


def refused(column: Column, value: Any, wanted: str) -> ApiError:
    """The error for a value of a wrong type."""
    shown = repr(value)[:80]
    return ApiError(
        errors.INVALID_VALUE,
        f"field {column.name!r} ({column.type}) takes {wanted}, not {shown}",
        message=f'Field "{column.name}" cannot accept the provided value',
    )


def _text(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, int | float | list):
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str | int | float) for part in parts):
            raise refused(column, value, "a list of texts, numbers and booleans")
        value = ", ".join(map(_plain, parts))
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise refused(column, value, f"a text of up to {_MAX_TEXT} characters")
    return value or None


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, str):
        value = _parsed(value) if value.strip() else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(column, value, "a number")
    try:
        return value if abs(value) <= _EXACT else float(value)
    except OverflowError:
        raise refused(column, value, "a number in the range of a double") from None


def _parsed(text: str) -> float | str:
    """The number that *text* contains, or else *text* itself."""
    digits = text.strip().replace(",", "")
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", digits, re.ASCII):
        return text
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        return text
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def _rating(column: Column, value: Any, writing: Writing) -> Any:
    highest = column.options.get("max", 5)
    number = _number(column, value, writing)
    if number is not None and not (isinstance(number, int) and 0 <= number <= highest):
        raise refused(column, value, f"a whole number from 0 to {highest}")
    return number or None


def _checkbox(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, str | int):
        value = _TRUE.get(str(value).strip().lower(), value)
    if not isinstance(value, bool):
        raise refused(column, value, "true or false")
    return value or None


def choices(column: Column) -> list[str]:
    """The names of the options of a select."""
    return [choice["name"] for choice in column.options.get("choices", ())]


def _select(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, int | float):
        value = _plain(value)
    if not isinstance(value, str):
        raise refused(column, value, "the name of an option")
    if value and value not in choices(column):
        if not writing.typecast:
            known = ", ".join(choices(column)) or "no option yet"
            raise ApiError(
                errors.INVALID_OPTION,
                f"field {column.name!r} has {known}, not {value[:80]!r}; typecast makes new options",
                message=f'Insufficient permissions to create new select option "{value}"',
            )
        made = writing.options.setdefault(column.id, [])
        made += [value] if value not in made else []
    return value or None


def _selects(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise refused(column, value, "a list of names of options")
    return list(dict.fromkeys(filter(None, (_select(column, one, writing) for one in value)))) or None


def _date(column: Column, value: Any, writing: Writing) -> Any:
    return _day(column, value, writing).date().isoformat()


def _date_time(column: Column, value: Any, writing: Writing) -> Any:
    at = _day(column, value, writing)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _day(column: Column, value: Any, writing: Writing) -> datetime:
    """Parse a date in ISO 8601, in UTC; with typecast, also month/day/year."""
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value.strip())
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            parts = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value.strip(), re.ASCII)
        if parts and writing.typecast:
            try:
                day = date(int(parts[3]), int(parts[1]), int(parts[2]))
            except ValueError:
                pass
            else:
                return datetime(day.year, day.month, day.day, tzinfo=UTC)
    raise refused(column, value, "a date such as 2025-12-22 or 2025-12-22T01:00:00.000Z")


def _barcode(column: Column, value: Any, writing: Writing) -> Any:
    del writing
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        raise refused(column, value, "an object with a text")
    return {name: str(value[name]) for name in ("type", "text") if value.get(name)}


def _collaborator(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, str):
        value = {"email" if "@" in value else "id": value}
    if not isinstance(value, Mapping) or not any(isinstance(value.get(key), str) for key in ("id", "email")):
        raise refused(column, value, "an object with an id or an email")
    email = str(value.get("email") or f"{value['id']}@example.com")
    return {
        "id": value.get("id") or made_id("usr", 14, email),
        "email": email,
        "name": email.partition("@")[0],
    }


def _collaborators(column: Column, value: Any, writing: Writing) -> Any:
    if not isinstance(value, list):
        raise refused(column, value, "a list of objects with an id or an email")
    return [_collaborator(column, one, writing) for one in value] or None


def _attachments(column: Column, value: Any, writing: Writing) -> Any:
    del writing
    if not isinstance(value, list):
        raise refused(column, value, "a list of objects with a url")
    return [_attachment(column, one) for one in value] or None


def _attachment(column: Column, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not any(isinstance(value.get(key), str) for key in ("id", "url")):
        reason = f"an attachment of {column.name!r} needs a url, or the id of an existing one"
        raise ApiError(errors.INVALID_ATTACHMENT, reason)
    url = str(value.get("url", ""))
    name = value.get("filename") or url.partition("?")[0].rpartition("/")[2] or "attachment"
    return {"id": value.get("id") or made_id("att", 14, url), "url": url, "filename": str(name)}


def _links(column: Column, value: Any, writing: Writing) -> Any:
    if writing.typecast and isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise refused(column, value, "a list of record ids")
    for one in value:
        if not isinstance(one, str) or not _RECORD_ID.fullmatch(one):
            reason = (
                f"field {column.name!r} links to records; {one!r:.80} is not an id such as rec0123456789ABCD"
            )
            raise ApiError(
                errors.INVALID_RECORD_ID, reason, message=f'Value "{one}" is not a valid record ID.'
            )
    return value or None


def _joined(column: Column, cell: Any) -> str:
    del column
    found = cell if isinstance(cell, list) else [cell]
    return ", ".join(label(one) for one in found)


def label(cell: Any) -> str:
    """The label of a cell, or of one item in it."""
    if isinstance(cell, Mapping):
        return str(cell.get("name") or cell.get("filename") or cell.get("text") or cell.get("id", ""))
    return str(cell)


def _place(column: Column, cell: Any) -> int:
    """The position of an option in the list; options sort by it."""
    return choices(column).index(cell)


_ISO_DATE = {"name": "iso", "format": "YYYY-MM-DD"}
_DATE_TIME = {"timeZone": "utc", "dateFormat": _ISO_DATE, "timeFormat": {"name": "24hour", "format": "HH:mm"}}
_RESULT = {"type": "dateTime", "options": _DATE_TIME}

KINDS: Mapping[str, Kind] = {
    "singleLineText": Kind(_text),
    "multilineText": Kind(_text),
    "richText": Kind(_text),
    "email": Kind(_text),
    "url": Kind(_text),
    "phoneNumber": Kind(_text),
    "number": Kind(_number, {"precision": 0}),
    "currency": Kind(_number, {"precision": 2, "symbol": "$"}),
    "percent": Kind(_number, {"precision": 0}),
    "duration": Kind(_number, {"durationFormat": "h:mm:ss"}),
    "rating": Kind(_rating, {"max": 5, "icon": "star", "color": "yellowBright"}),
    "checkbox": Kind(_checkbox, {"icon": "check", "color": "greenBright"}),
    "singleSelect": Kind(_select, {"choices": []}, sort=_place),
    "multipleSelects": Kind(_selects, {"choices": []}, sort=_joined),
    "date": Kind(_date, {"dateFormat": _ISO_DATE}),
    "dateTime": Kind(_date_time, _DATE_TIME),
    "barcode": Kind(_barcode, sort=_joined),
    "singleCollaborator": Kind(_collaborator, sort=_joined),
    "multipleCollaborators": Kind(_collaborators, sort=_joined),
    "multipleAttachments": Kind(_attachments, {"isReversed": False}, sort=_joined),
    "multipleRecordLinks": Kind(
        _links, {"isReversed": False, "prefersSingleRecordLink": False}, ("linkedTableId",), sort=_joined
    ),
    "createdTime": Kind(options={"result": _RESULT}),
    "lastModifiedTime": Kind(options={"isValid": True, "referencedFieldIds": [], "result": _RESULT}),
    "autoNumber": Kind(),
}
"""All emulated types."""


def options_of(kind: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options of a field of that type, from the *given* ones; raises `ValueError`."""
    known = KINDS[kind]
    if missing := [name for name in known.requires if name not in given]:
        raise ValueError(f"a field of type {kind} needs the option {missing[0]}")
    found = {**(known.options or {}), **given}
    if "choices" in found:
        found["choices"] = with_choices([], found["choices"])
    for name, accepted in (("precision", range(9)), ("max", range(1, 11))):
        if name in found and (isinstance(found[name], bool) or found[name] not in accepted):
            raise ValueError(f"{name} must be a whole number from {accepted.start} to {accepted.stop - 1}")
    return found


_COLORS = (
    "blueLight2 cyanLight2 tealLight2 greenLight2 yellowLight2 orangeLight2 redLight2 pinkLight2".split()
)


def with_choices(held: list[Mapping[str, Any]], new: Any) -> list[Mapping[str, Any]]:
    """The options of a select with *new* ones, names or objects, added at the end; raises `ValueError`."""
    found = {choice["name"]: choice for choice in held}
    if not isinstance(new, list):
        raise ValueError("choices must be a list of objects with a name")  # noqa: TRY004 - of a user's file
    for one in new:
        name = one.get("name") if isinstance(one, Mapping) else one
        if not isinstance(name, str) or not name:
            raise ValueError("each choice must have a name")
        given = one if isinstance(one, Mapping) else {}
        made = {"id": made_id("sel", 14, name), "name": name, "color": _COLORS[len(found) % len(_COLORS)]}
        found[name] = {**made, **{key: given[key] for key in ("id", "color") if key in given}}
    return list(found.values())
