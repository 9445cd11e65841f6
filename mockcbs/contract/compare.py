"""The same reads put to two targets: how the answers differ in shape."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, CallsSpentError, NoAnswerError, Number

Shape = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Difference:
    """One read that two targets answer in different shapes."""

    request: str
    where: str
    one: str
    other: str


def compare(kit: Kit, other: Kit) -> list[Difference]:
    """Put every kind of ordinary read that *kit* has heard to *other* as well."""
    differences = []
    for request, answer in _kinds(kit).items():
        path = answer.call.path.replace(kit.project_id, other.project_id).replace(
            kit.qabot_id, other.qabot_id
        )
        try:
            found = other.call("cbs", "GET", path, answer.call.query)
        except NoAnswerError as error:
            differences.append(Difference(request, "answer", f"HTTP {answer.status}", other.mask(str(error))))
            continue
        except CallsSpentError:
            break
        differences += [Difference(request, *row) for row in _differences(shape(answer), shape(found))]
    return differences


def _kinds(kit: Kit) -> dict[str, Answer]:
    """One answer of every kind: of an operation, a set of parameters, an interval and a status."""
    kinds: dict[tuple[Any, ...], Answer] = {}
    for service, plain, answer in kit.heard:
        if service == "cbs" and plain and plain.method == "GET" and not plain.body:
            names = tuple(sorted(part.partition("=")[0] for part in plain.query.split("&")))
            kinds.setdefault((plain.path, names, answer.status), answer)
    return {kit.mask(f"GET {answer.call.target}"): answer for answer in kinds.values()}


def shape(answer: Answer) -> Shape:
    """Status, content type, members and the kinds of their values."""
    found: dict[str, set[str]] = defaultdict(set)
    found["status"].add(str(answer.status))
    found["Content-Type"].add(answer.headers.get("Content-Type", "(none)").partition(";")[0])
    try:
        _walk(answer.json, "", found)
    except ValueError:
        found["body"].add("no JSON")
    return {where: frozenset(kinds) for where, kinds in found.items()}


def _walk(value: Any, where: str, found: dict[str, set[str]]) -> None:
    found[where or "body"].add(_kind(value))
    if isinstance(value, dict):
        for name, inner in value.items():
            _walk(inner, f"{where}.{name}".removeprefix("."), found)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, f"{where}[]", found)


def _kind(value: Any) -> str:
    if isinstance(value, Number):
        return f"number with {len(value.text.partition('.')[2])} decimals"
    names = {
        dict: "object",
        list: "array",
        str: "string",
        bool: "boolean",
        int: "integer",
        type(None): "null",
    }
    return names[type(value)]


def _differences(one: Shape, other: Shape) -> list[tuple[str, str, str]]:
    """Where two shapes differ; what stands inside an empty array is unknown, not different."""
    rows = []
    for where in sorted(one.keys() | other.keys()):
        if one.get(where) == other.get(where):
            continue
        array, inside, _ = where.rpartition("[]")
        unknown = inside and any(array in side and f"{array}[]" not in side for side in (one, other))
        if not unknown:
            rows.append((where, _words(one.get(where)), _words(other.get(where))))
    return rows


def _words(kinds: frozenset[str] | None) -> str:
    return " or ".join(sorted(kinds)) if kinds else "absent"
