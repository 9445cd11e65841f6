"""Damage to the body of a correct response: bytes in, bytes out."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import simplejson

from mockcbs.core.numbers import compact
from mockcbs.faults.scenario import Damage

_TWICE = "\x00"
"""Marks a key that is written like the one before it."""


class Body(NamedTuple):
    """The body of a response, and its content type."""

    content: bytes
    content_type: str


class _Member(NamedTuple):
    """A member of a JSON object, and its place in the document."""

    path: str
    owner: dict[str, Any]
    key: str

    @property
    def value(self) -> Any:
        return self.owner[self.key]


def damaged(body: Body, damage: Damage, chance: float) -> tuple[Body, str]:
    """*body* after *damage*, and a description of the damage; *chance* (0 up to 1) chooses the member."""
    if whole := _TO_THE_WHOLE.get(damage.kind):
        return whole(body), damage.kind
    document = _parse(body.content)
    members = [member for member in _members(document) if _suits(member, damage)]
    if not members:
        return body, f"{damage.kind}: no such member in this response"
    member = members[int(chance * len(members))]
    touched = members if damage.kind == "float-counts" else [member]
    for one in touched:
        _TO_A_MEMBER[damage.kind](one)
    # A dict has no duplicate keys, so the second key carries a mark, which is removed from the text.
    text = compact(document)
    text = text.replace('\\u0000"', '"')
    where = "every count" if damage.kind == "float-counts" else f"member {member.path}"
    return Body(text.encode(), body.content_type), f"{damage.kind}: {where}"


def _parse(content: bytes) -> Any:
    try:
        return simplejson.loads(content.decode(), use_decimal=True)
    except ValueError:
        return None


def _members(node: Any, path: str = "") -> Iterator[_Member]:
    """Every member of every object in *node*, in order."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        here = f"{path}.{key}".removeprefix(".")
        if isinstance(node, dict):
            yield _Member(here, node, str(key))
        yield from _members(value, here)


def _suits(member: _Member, damage: Damage) -> bool:
    if damage.member is not None and member.path != damage.member:
        return False
    if damage.kind == "float-counts":
        return isinstance(member.value, int) and not isinstance(member.value, bool)
    if damage.kind == "number-as-string":
        return isinstance(member.value, int | float | Decimal) and not isinstance(member.value, bool)
    return True


def _reorder(member: _Member, change: Callable[[str, Any], Iterator[tuple[str, Any]]]) -> None:
    """Replace the member by the items that *change* returns, and keep the order of members."""
    items = list(member.owner.items())
    member.owner.clear()
    for key, value in items:
        member.owner.update(change(key, value) if key == member.key else [(key, value)])


def _remove(member: _Member) -> None:
    del member.owner[member.key]


def _null(member: _Member) -> None:
    member.owner[member.key] = None


def _other_type(member: _Member) -> None:
    value = member.value
    others: dict[type, Any] = {str: 0, dict: "object", list: {}, bool: str(value).lower(), type(None): 0}
    member.owner[member.key] = others.get(type(value), [value])


def _extra(member: _Member) -> None:
    member.owner["mockcbs_extra"] = "unexpected"


def _rename(member: _Member) -> None:
    first, *others = member.key.split("_")
    camel = first + "".join(word.capitalize() for word in others)
    name = camel if others else member.key.capitalize()
    _reorder(member, lambda _, value: iter([(name, value)]))


def _duplicate(member: _Member) -> None:
    _reorder(member, lambda key, value: iter([(key, value), (key + _TWICE, None)]))


def _as_string(member: _Member) -> None:
    member.owner[member.key] = str(member.value)


def _as_float(member: _Member) -> None:
    member.owner[member.key] = Decimal(member.value).quantize(Decimal("0.1"))


_TO_A_MEMBER: dict[str, Callable[[_Member], None]] = {
    "missing-member": _remove,
    "null-member": _null,
    "wrong-type": _other_type,
    "extra-member": _extra,
    "renamed-member": _rename,
    "duplicate-key": _duplicate,
    "number-as-string": _as_string,
    "float-counts": _as_float,
}

_TO_THE_WHOLE: dict[str, Callable[[Body], Body]] = {
    "wrong-content-type": lambda body: Body(body.content, "text/html"),
    "wrong-charset": lambda body: Body(body.content, "application/json; charset=iso-8859-1"),
    "truncated-json": lambda body: Body(body.content[: len(body.content) // 2], body.content_type),
    "invalid-utf8": lambda body: Body(_spoil(body.content), body.content_type),
    "empty-body": lambda body: Body(b"", body.content_type),
}


def _spoil(content: bytes) -> bytes:
    """*content* with a byte that is never valid in UTF-8, in its first string if there is one."""
    return content.replace(b'":"', b'":"\xff', 1) if b'":"' in content else content + b"\xff"
