"""Single drifts: a member is gone, renamed, null, of another type …, or a status is another."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.contract import xml_content
from tests.contract.mutants import Mutant, Response, dumps, loads

Change = Callable[[dict[str, Any], str], Any]
Operation = tuple[str, str]
Member = tuple[str, ...]

_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{20,}[^/]*|\d{6,}|[0-9a-f]{32}|mockcbs-[0-9a-f]{12}"
    r"|(?<=/)(?:tbl|rec|fld|vew|app|oc_|om_)\w{6,}"
)


def _other_type(members: dict[str, Any], name: str) -> None:
    value = members[name]
    members[name] = {"other": 1} if isinstance(value, str | dict | list) else str(value)


def _renamed(members: dict[str, Any], name: str) -> None:
    """Another name in the same place."""
    old = dict(members)
    members.clear()
    members.update({f"{key}X" if key == name else key: value for key, value in old.items()})


def _moved(members: dict[str, Any], name: str) -> None:
    """The first member becomes the last."""
    members[name] = members.pop(name)


def _greater(members: dict[str, Any], name: str) -> None:
    if isinstance(members[name], int | Decimal):
        members[name] += 1


_EIGHT_HOURS = timedelta(hours=8)
_DIGITS = re.compile(r"\d{10}|\d{13}")
_FORMS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ")


def _eight_hours_later(members: dict[str, Any], name: str) -> None:
    """As if the local time of Shanghai were that of UTC."""
    value = members[name]
    if _DIGITS.fullmatch(str(value)):
        members[name] = type(value)(
            int(value) + 8 * 3600 * (1000 if len(str(value)) == len("1700000000000") else 1)
        )
        return
    form, at = next((form, at) for form in _FORMS if (at := _read(value, form)))
    later = at + (timedelta(1) if form == "%Y-%m-%d" else _EIGHT_HOURS)
    members[name] = later.strftime(form) if "%f" not in form else f"{later:%Y-%m-%dT%H:%M:%S}.000Z"


def _read(value: Any, form: str) -> datetime | None:
    with suppress(ValueError, TypeError):
        return datetime.strptime(value, form).replace(tzinfo=UTC)
    return None


def is_time(value: Any) -> bool:
    """Whether a value is a time or a day, as far as its look shows."""
    if isinstance(value, bool):
        return False
    return _DIGITS.fullmatch(str(value)) is not None or any(_read(value, form) for form in _FORMS)


def _without_id(headers: dict[str, str]) -> None:
    for name in ("X-Request-Id", "X-Tt-Logid", "x-oss-request-id"):
        headers.pop(name, None)


def _one_more_element(members: dict[str, Any], name: str) -> None:
    members[name] += members[name][-1:]


ANY: dict[str, Change] = {
    "gone": lambda members, name: members.pop(name),
    "null": lambda members, name: members.update({name: None}),
    "of another type": _other_type,
    "renamed": _renamed,
    "followed by a new one": lambda members, name: members.update({f"{name}_new": 1}),
}
ARRAYS: dict[str, Change] = {
    "with its last element twice": _one_more_element,
    "in reverse order": lambda members, name: members[name].reverse(),
    "in an object": lambda members, name: members.update({name: {"items": members[name]}}),
}
MOVED: dict[str, Change] = {"moved to the end": _moved}
LAST: dict[str, Change] = {"without its last element": lambda members, name: members[name].pop()}
WHOLE: dict[str, Change] = {"greater by one": _greater}
LOGICAL: dict[str, Change] = {"negated": lambda members, name: members.update({name: not members[name]})}
TEXTS: dict[str, Change] = {
    "with another text": lambda members, name: members.update({name: members[name] + "x"})
}
TIMES: dict[str, Change] = {"eight hours later": _eight_hours_later}
CHANGES = ANY | ARRAYS | MOVED | LAST | WHOLE | LOGICAL | TEXTS | TIMES
STATUSES = {"status 201": 201}
HEADERS: dict[str, Callable[[dict[str, str]], object]] = {
    "as plain text": lambda headers: headers.update({"Content-Type": "text/plain"}),
    "without an id of the response": _without_id,
}


@dataclass(frozen=True)
class Drift:
    """One deviation of one operation."""

    method: str
    path: str
    """With ids as ``{}``."""
    member: Member
    """Where it is; ``[]`` is every element of an array. Empty for the status."""
    kind: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {'.'.join(self.member)} {self.kind}"

    @property
    def operation(self) -> Operation:
        """Method and path."""
        return self.method, self.path

    def mutant(self) -> Mutant:
        """A server with this deviation."""

        def after(response: Response) -> None:
            if operation_of(response) != self.operation:
                return
            content = success(response)
            if content is None:
                return
            if self.kind in HEADERS:
                HEADERS[self.kind](response.headers)
                return
            if self.kind in STATUSES:
                response.status = STATUSES[self.kind]
                return
            self.change(content)
            if _is_oss(response):
                xml_content.write(response, content)
            else:
                response.body = dumps(content)

        return Mutant(str(self), "", after=after)

    def change(self, content: dict[str, Any]) -> None:
        """Make the content of a response deviate."""
        self._change(content, self.member)

    def _change(self, value: Any, member: Member) -> None:
        head, *rest = member
        if head == "[]":
            for inner in value if isinstance(value, list) else []:
                self._change(inner, tuple(rest))
        elif isinstance(value, dict) and head in value:
            if rest:
                self._change(value[head], tuple(rest))
            elif self._concerns(value[head]):
                CHANGES[self.kind](value, head)

    def _concerns(self, value: Any) -> bool:
        """Whether a value can have this deviation."""
        if self.kind in ANY | MOVED:
            return True
        if self.kind in LAST:
            return isinstance(value, list) and bool(value)
        return self.kind in kinds_of(value)


def plain(path: str) -> str:
    """*path* without the ids in it."""
    return _ID.sub("{}", path.rstrip("/"))


def operation_of(response: Response) -> Operation:
    """The method of a request, and its path without ids."""
    path = xml_content.operation_of(response) if _is_oss(response) else plain(response.path)
    return response.environ["REQUEST_METHOD"], path


def _is_oss(response: Response) -> bool:
    return "x-oss-request-id" in response.headers


def success(response: Response) -> dict[str, Any] | None:
    """The content of a good response in JSON, or in XML from OSS."""
    if _is_oss(response):
        return xml_content.read(response) if response.status < 300 else None
    if response.status not in {200, 201} or "json" not in response.headers.get("Content-Type", ""):
        return None
    content = loads(response.body) if response.body else None
    failed = isinstance(content, dict) and (content.get("code") or content.get("ret"))
    return content if isinstance(content, dict) and not failed else None


Seen = dict[Operation, dict[Member, Any]]
"""By operation, its members with a value of each."""


def watched(seen: Seen) -> Mutant:
    """A healthy server that notes in *seen* the members of every operation's good responses."""

    def after(response: Response) -> None:
        content = success(response)
        if content is not None:
            members = seen.setdefault(operation_of(response), {})
            members.update(members_of(content))

    return Mutant("healthy", "", after=after)


_ENVELOPE = {"code", "msg", "detail", "data", "ret", xml_content.HEADERS}


def members_of(value: Any, at: Member = ()) -> Iterator[tuple[Member, Any]]:
    """The members of a content at any depth, with their values."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if at or name not in _ENVELOPE:
                yield (*at, name), inner
            if at or name != "detail":
                yield from members_of(inner, (*at, name))
    elif isinstance(value, list):
        for inner in value:
            yield from members_of(inner, (*at, "[]"))


def all_of(operation: Operation, members: dict[Member, Any]) -> Iterator[Drift]:
    """Every drift of an operation."""
    for kind in STATUSES:
        yield Drift(*operation, (), kind)
    for member, value in members.items():
        for kind in ANY | (ARRAYS if isinstance(value, list) else {}):
            yield Drift(*operation, member, kind)
    if len(members) > 1:
        yield Drift(*operation, next(iter(members)), *MOVED)


def kinds_of(value: Any) -> dict[str, Change]:
    """The deviations that leave the type of a value as it is."""
    if isinstance(value, list):
        return ARRAYS | (LAST if value else {})
    if isinstance(value, bool):
        return LOGICAL
    if is_time(value):
        return TIMES
    if isinstance(value, int | Decimal):
        return WHOLE
    return TEXTS if isinstance(value, str) else {}


def of_values(operation: Operation, members: dict[Member, Any]) -> Iterator[Drift]:
    """Every drift of an operation that changes a value or a header, but neither a member nor its type."""
    for kind in HEADERS:
        yield Drift(*operation, (), kind)
    for member, value in members.items():
        for kind in kinds_of(value).keys() - ARRAYS.keys():
            yield Drift(*operation, member, kind)


def ten(operation: Operation, members: dict[Member, Any]) -> list[Drift]:
    """Ten drifts of an operation, of as many kinds as it has, the same in every run."""
    choice = random.Random(str(operation))
    every = list(all_of(operation, members))
    choice.shuffle(every)
    kinds = {one.kind: one for one in reversed(every)}
    rest = [one for one in every if one not in kinds.values()]
    return [*kinds.values(), *rest][: max(10, len(STATUSES))]
