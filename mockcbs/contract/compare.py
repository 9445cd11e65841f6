"""Sends the same reads to two targets, and lists how the shapes of their responses differ."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mockcbs.contract.cbs import Cbs
from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, NotApplicableError, NotReachedError
from mockcbs.contract.targets import Answer, CallsSpentError, NoAnswerError, Number

Shape = dict[str, frozenset[str]]

_ID = re.compile(r"(?<!\d)\d{16,}(?!\d)")
_MEASURED = re.compile(r"_rate$|\bavg_")
"""The members whose number of decimals varies because trailing zeros may be omitted."""
_SOMETIMES = "in some elements only"
_STATISTICS = ("requests/session-stats", "requests/reply-rates", "qa-pairs/hots", "requests/keywords")
_PLAIN = {"", "interval", "time_zone", "top"}
"""Parameters that restrict neither the range of time nor whose questions count."""
_ANALYTICS = "/analytics"
_RANGE = {"start_date", "end_date", "granularity"}
"""The parameters of analytics that filter nothing."""
EMPTY, FILLED = "no elements", "elements"
"""What a difference says about a list that only one server fills."""


@dataclass(frozen=True)
class Difference:
    """One difference between the shapes of two targets' responses to the same read."""

    request: str
    where: str
    one: str
    other: str
    excerpt: str = ""
    """The beginning of the target's response, with masked ids."""
    other_excerpt: str = ""
    kind: str = ""
    """The request without the values of its parameters, as they change from day to day."""
    body: str = field(default="", repr=False, compare=False)
    """The whole response that a dataset of the mock should reproduce."""

    @property
    def key(self) -> str:
        """Identifies this difference across runs."""
        return f"{self.kind or self.request} {self.where}"

    @property
    def is_of_figures(self) -> bool:
        """Whether the traffic of the servers differs, which a dataset can change, and not their members."""
        return {self.one, self.other} in ({EMPTY, FILLED}, {"null", "number"})


@dataclass(frozen=True)
class Comparison:
    """The result of a comparison of two targets."""

    differences: list[Difference]
    note: str = ""
    """Explains which reads were left out because the settings of the targets differ."""


def compare(kit: Kit, other: Kit) -> Comparison:
    """Repeat each kind of plain read from *kit* on *other*, and compare the responses.

    A difference that several kinds of one operation share is listed once, with the first of them.
    """
    differences: list[Difference] = []
    try:
        names = _names(kit, other)
        note = _strictness(kit, other)
    except (CallsSpentError, NoAnswerError) as error:
        return Comparison([Difference("every read", "comparison", "not made", kit.mask(str(error)))])
    is_idle = not any(_has_calls(answer) for _, _, answer in kit.heard)
    for request, (kind, service, answer) in _kinds(kit, [own for own, _ in names]).items():
        if note and service == "cbs" and f"/{kit.qabot_id}/" not in answer.call.path:
            continue
        path, text = (_renamed(part, names) for part in (answer.call.path, answer.call.query))
        try:
            found = other.call(service, "GET", path, text)
        except NoAnswerError as error:
            reason = other.mask(str(error))
            differences.append(Difference(request, "answer", f"HTTP {answer.status}", reason, kind=kind))
            continue
        except CallsSpentError:
            break
        if answer.status != found.status:  # bodies of different statuses are not comparable
            rows = [("status", str(answer.status), str(found.status))]
        else:
            one, two = (shape(each, exact=service != "coze") for each in (answer, found))
            rows = _differences(one, two) + _emptiness(answer, one, two) + _idleness(answer, found, is_idle)
        excerpts = kit.excerpt(answer), other.excerpt(found)
        for row in rows:
            is_own = other.local and (not kit.local or row[1:] == (FILLED, EMPTY))
            body = answer.text if is_own else found.text
            differences.append(Difference(request, *row, *excerpts, kind, body))
    return Comparison(list(_each_once(differences)), note)


def _each_once(differences: list[Difference]) -> Iterator[Difference]:
    seen = set()
    for one in differences:
        operation = one.request.partition("?")[0].rstrip("/")
        if (found := (operation, one.where, one.one, one.other)) not in seen:
            seen.add(found)
            yield one


def _strictness(kit: Kit, other: Kit) -> str:
    """A note if only one target accepts unknown tokens and bots; else empty."""
    if "cbs" not in kit.targets or Cbs.of(kit).trusting == Cbs.of(other).trusting:
        return ""
    names = kit.targets["cbs"].name, other.targets["cbs"].name
    trusting, strict = names if Cbs.of(kit).trusting else reversed(names)
    return (
        f"{trusting} takes any token and any bot, {strict} does not (serve --strict): "
        "reads of unknown bots are not compared"
    )


def _names(kit: Kit, other: Kit) -> list[tuple[str, str]]:
    """Pairs of ids: of an object on *kit* and of its counterpart on *other*."""
    names = [
        (kit.project_id, other.project_id),
        (kit.qabot_id, other.qabot_id),
        (kit.coze_bot_id, other.coze_bot_id),
        (kit.coze_workflow_id, other.coze_workflow_id),
    ]
    if "coze" in kit.targets:
        with suppress(NotApplicableError, NotReachedError):  # a target without workspaces has no id
            names.append((Coze.of(kit).workspace_id, Coze.of(other).workspace_id))
    return [(own, others or own) for own, others in names if own]


def _renamed(text: str, names: list[tuple[str, str]]) -> str:
    for own, others in names:
        text = text.replace(own, others)
    return text


def _kinds(kit: Kit, known: list[str]) -> dict[str, tuple[str, str, Answer]]:
    """One response for each kind of read: operation, set of parameters, granularity and status.

    The keys are masked requests; the values are the kind as text, the service and the response.

    Leaves out reads of objects that this run created, as the other target does not have them, and reads
    refused because of their credentials, which differ between targets.
    """
    kinds: dict[tuple[Any, ...], tuple[str, Answer]] = {}
    for service, plain, answer in kit.heard:
        if service != "iam" and plain and plain.method == "GET" and not plain.body:
            made = set(_ID.findall(plain.target)) - set(known)
            words = (
                part if "granularity" in part else part.partition("=")[0] for part in plain.query.split("&")
            )
            if not made and answer.status not in {401, 403}:
                kinds.setdefault((plain.path, tuple(sorted(words)), answer.status), (service, answer))
    return {
        kit.mask(f"GET {answer.call.target}"): (
            kit.mask(f"GET {path}?{'&'.join(words)}".removesuffix("?")),
            service,
            answer,
        )
        for (path, words, _), (service, answer) in kinds.items()
    }


def shape(answer: Answer, *, exact: bool = True) -> Shape:
    """The status, content type and members, with the types of their values; if *exact*, also decimals."""
    found: dict[str, set[str]] = defaultdict(set)
    found["status"].add(str(answer.status))
    found["Content-Type"].add(answer.headers.get("Content-Type", "(none)").partition(";")[0])
    try:
        _walk(answer.parsed(), "", found, exact=exact)
    except ValueError:
        found["body"].add("not JSON")
    return {where: frozenset(kinds) for where, kinds in found.items()}


def _walk(value: Any, where: str, found: dict[str, set[str]], *, exact: bool) -> None:
    found[where or "body"].add(_kind(value, measured=not exact and _MEASURED.search(where) is not None))
    if isinstance(value, dict):
        for name, inner in value.items():
            _walk(inner, f"{where}.{name}".removeprefix("."), found, exact=exact)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, f"{where}[]", found, exact=exact)
        members = {name for inner in value if isinstance(inner, dict) for name in inner}
        for name in members:
            if not all(isinstance(inner, dict) and name in inner for inner in value):
                found[f"{where}[].{name}"].add(_SOMETIMES)


def _kind(value: Any, *, measured: bool) -> str:
    if measured and (isinstance(value, Number) or type(value) is int):
        return "number"
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
    """The differences between two shapes as rows: path, types in *one*, types in *other*.

    A member inside an empty array, or in only some elements, may exist and so does not count as different.
    """
    rows = []
    for where in sorted(one.keys() | other.keys()):
        mine, others = one.get(where), other.get(where)
        sometimes = _SOMETIMES in ((mine or frozenset()) | (others or frozenset()))
        mine, others = (kinds and kinds - {_SOMETIMES} for kinds in (mine, others))
        array, inside, _ = where.rpartition("[]")
        unknown = inside and any(array in side and f"{array}[]" not in side for side in (one, other))
        if mine != others and not unknown and not (sometimes and None in (mine, others)):
            rows.append((where, _words(mine), _words(others)))
    return rows


def _emptiness(answer: Answer, one: Shape, other: Shape) -> list[tuple[str, str, str]]:
    """The lists of CBS statistics over all time that only one target fills, as rows like `_differences`."""
    names = {part.partition("=")[0] for part in answer.call.query.split("&")}
    if not answer.call.path.endswith(_STATISTICS) or not names <= _PLAIN:
        return []
    rows = []
    for where in ("intervals", "questions", "keywords"):
        if where in one and where in other:
            mine, others = (FILLED if f"{where}[]" in side else EMPTY for side in (one, other))
            rows += [(f"{where}[]", mine, others)] if mine != others else []
    return rows


def _idleness(answer: Answer, other: Answer, is_idle: bool) -> list[tuple[str, str, str]]:
    """The analytics of Coze without calls on one side only, as a row like `_differences`.

    Coze requires a range, and a bot may be idle for some days, so the first side must be idle in every range.
    """
    names = {part.partition("=")[0] for part in answer.call.query.split("&")}
    if not answer.call.path.endswith(_ANALYTICS) or not names <= _RANGE:
        return []
    mine, others = _has_calls(answer), _has_calls(other)
    if mine == others or not (mine or is_idle):
        return []
    return [("data.metrics[]", FILLED if mine else EMPTY, FILLED if others else EMPTY)]


def _has_calls(answer: Answer) -> bool:
    """Whether a response is one of Coze analytics in which something was counted."""
    if not answer.call.path.endswith(_ANALYTICS):
        return False
    try:
        summary = answer.parsed()["data"]["summary"]
        return any(summary[name] for name in ("total_calls", "total_messages"))
    except (ValueError, LookupError, TypeError):
        return False


def _words(kinds: frozenset[str] | None) -> str:
    return " or ".join(sorted(kinds)) if kinds else "absent"
