"""Conditions and ranges of requests for an object."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from werkzeug.datastructures import Headers

from mockcbs.services.oss.errors import error
from mockcbs.services.oss.objects import Object

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_COPY = "x-oss-copy-source-"


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes from *start* to before *stop*."""

    start: int
    stop: int


def is_unchanged(one: Object, headers: Headers) -> bool:
    """Whether the response is 304. Raises PreconditionFailed."""
    _check(one, headers)
    given = headers.get("If-None-Match")
    if given is not None:
        return _names(given, one)
    since = _seconds(headers.get("If-Modified-Since"))
    return since is not None and one.modified // 1000 <= since


def check_copy(one: Object, headers: Headers) -> bool:
    """Whether the response to a copy of *one* is 304. Raises PreconditionFailed."""
    named = [(name.lower(), value) for name, value in headers]
    short = [(name.removeprefix(_COPY), value) for name, value in named if name.startswith(_COPY)]
    return is_unchanged(one, Headers(short))


def range_of(header: str | None, size: int, *, standard: bool) -> Range | None:
    """The range in a header; `None` for the whole object.

    A range beyond the end is ignored, unless the client requests *standard* behaviour: then the end is cut,
    and a start beyond the end raises InvalidRange.
    """
    found = _RANGE.fullmatch((header or "").replace(" ", ""))
    if not found or found[1] == found[2] == "":
        return None
    start, stop = _bounds(found[1], found[2], size)
    cut = Range(max(start, 0), min(stop, size))
    if 0 <= start < stop <= size:
        return Range(start, stop)
    if not standard:
        return None
    if cut.start >= cut.stop:
        raise error(
            "InvalidRange",
            f"{header} is beyond the object of {size} bytes",
            ActualObjectSize=size,
            RangeRequested=str(header),
        )
    return cut


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return size - int(last), size if int(last) else 0
    return int(first), int(last) + 1 if last else max(size, int(first))


def _check(one: Object, headers: Headers) -> None:
    given = headers.get("If-Match")
    if given is not None and not _names(given, one):
        raise _failed("If-Match", f"the entity tag is {one.etag}")
    before = _seconds(headers.get("If-Unmodified-Since"))
    if before is not None and one.modified // 1000 > before:
        raise _failed("If-Unmodified-Since", "the object was modified later")


def _failed(name: str, reason: str) -> Exception:
    return error("PreconditionFailed", f"{name} does not hold: {reason}", Condition=name)


def _names(given: str, one: Object) -> bool:
    """Whether a list of entity tags contains that of *one*."""
    tags = {tag.strip().strip('"').upper() for tag in given.split(",")}
    return "*" in tags or one.etag.strip('"') in tags


def _seconds(text: str | None) -> int | None:
    """The time in a date header, in seconds; `None` if it is not a date."""
    try:
        return int(parsedate_to_datetime(text or "").timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
