"""Single drifts: one member of an operation is gone, null, of another type, or renamed."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.contract.mutants import Mutant, Response, dumps, loads

Change = Callable[[dict[str, Any], str], Any]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}[^/]*|\d{6,}|[0-9a-f]{32}|mockcbs-[0-9a-f]{12}")


def _other_type(members: dict[str, Any], name: str) -> None:
    value = members[name]
    members[name] = {"other": 1} if isinstance(value, str | dict | list) else str(value)


def _renamed(members: dict[str, Any], name: str) -> None:
    members[f"{name}X"] = members.pop(name)


CHANGES: dict[str, Change] = {
    "gone": lambda members, name: members.pop(name),
    "null": lambda members, name: members.update({name: None}),
    "of another type": _other_type,
    "renamed": _renamed,
}


@dataclass(frozen=True)
class Drift:
    """One deviation of one operation."""

    method: str
    path: str
    """With ids as ``{}``."""
    member: tuple[str, ...]
    """Where it is; ``[]`` is every element of an array."""
    kind: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {'.'.join(self.member)} {self.kind}"

    def mutant(self) -> Mutant:
        """A server with this deviation."""

        def after(response: Response) -> None:
            if (response.environ["REQUEST_METHOD"], plain(response.path)) == (self.method, self.path):
                content = success(response)
                if content is not None:
                    self._change(content, self.member)
                    response.body = dumps(content)

        return Mutant(str(self), "", after=after)

    def _change(self, value: Any, member: tuple[str, ...]) -> None:
        head, *rest = member
        if head == "[]":
            for inner in value if isinstance(value, list) else []:
                self._change(inner, tuple(rest))
        elif isinstance(value, dict) and head in value:
            if rest:
                self._change(value[head], tuple(rest))
            else:
                CHANGES[self.kind](value, head)


def plain(path: str) -> str:
    """*path* without the ids in it."""
    return _ID.sub("{}", path.rstrip("/"))


def success(response: Response) -> dict[str, Any] | None:
    """The content of a good response in JSON."""
    if response.status != 200 or "json" not in response.headers.get("Content-Type", ""):
        return None
    content = loads(response.body)
    return content if isinstance(content, dict) and not content.get("code") else None


def watched(seen: dict[tuple[str, str], dict[tuple[str, ...], None]]) -> Mutant:
    """A healthy server that notes in *seen* the members of every operation's good responses."""

    def after(response: Response) -> None:
        content = success(response)
        if content is not None:
            members = seen.setdefault((response.environ["REQUEST_METHOD"], plain(response.path)), {})
            members.update(dict.fromkeys(_members(content)))

    return Mutant("healthy", "", after=after)


def _members(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if at or name not in {"code", "msg", "detail", "data"}:
                yield (*at, name)
            if at or name != "detail":
                yield from _members(inner, (*at, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner, (*at, "[]"))


def ten(operation: tuple[str, str], members: list[tuple[str, ...]]) -> list[Drift]:
    """Up to ten drifts of an operation, the same in every run."""
    all_of_them = [Drift(*operation, member, kind) for member in members for kind in CHANGES]
    return random.Random(str(operation)).sample(all_of_them, min(10, len(all_of_them)))
