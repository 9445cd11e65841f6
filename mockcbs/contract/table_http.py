"""What the clients of all table services share: first calls, successes and errors."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema

from mockcbs.contract import diagnosis
from mockcbs.contract.client import Client
from mockcbs.contract.kit import Kit, NotApplicableError
from mockcbs.contract.lacking import Lacking, mended
from mockcbs.contract.shapes import problems, repeated
from mockcbs.contract.targets import Answer, Call, CannotRunError
from mockcbs.contract.written import Written

COLUMNS = (("workflow_id", "text"), ("exec_time", "text"), ("input_len", "number"), ("duration_ms", "number"))
"""The columns of the report table, with their types."""


class TableService(Client):
    """A client of one table service, with schemas for its responses."""

    name: str
    schemas: Mapping[str, Schema]
    fixed_cells: tuple[str, ...] = ()
    """Cells that no write changes."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.written = Written(kit, f"{self.name}.shape.written", self.fixed_cells)

    def call(self, method: str, path: str, content: Any = None, query: str = "", **options: Any) -> Answer:
        """Send a request with a JSON body, or without a body."""
        body = b"" if content is None else json.dumps(content, ensure_ascii=False, default=str).encode()
        return self.kit.call(self.name, method, path, query, body=body, **options)

    def fits(self, shape: str, answer: Answer, found: Any) -> Any:
        """Check *found* against its schema; wrong members are repaired or marked as missing."""
        wrong, _ = problems(self.schemas[shape], found)
        clause = f"{self.name}.shape.{shape}"
        self.kit.expect(clause, answer, wrong[:5], [], "problems")
        self.kit.expect(f"{self.name}.shape.once", answer, list(repeated(found))[:3], [], "listed twice")
        return mended(self.schemas[shape], found, shape, clause) if wrong else found

    def succeeded(self, answer: Answer, good: Callable[[Any], bool]) -> Any:
        """The content of a response that should be a success; marked as missing if *good* says it is not.

        A success with a status other than 200, or without a code, is still read.
        """
        try:
            content = answer.json
            held = good(content)
        except (ValueError, LookupError, TypeError, AttributeError):
            content, held = None, False
        found, clause = f"HTTP {answer.status} {answer.text[:200]}", f"{self.name}.shape.success"
        is_success = self.kit.judge(clause, answer, "a success", found, held=held and answer.status == 200)
        if is_success or held or (isinstance(content, dict) and content.get("data")):
            return content
        reason = f"{answer.call.method} {self.kit.mask(answer.call.path)} failed ({clause})"
        return Lacking(reason, clause, is_part=True)


def is_json_object(kit: Kit, service: str, answer: Answer) -> Any:
    """The content of a response, which should be a JSON object; `None` if it is not."""
    kit.judge(f"{service}.http.answered", answer, "a response", f"HTTP {answer.status}", held=True)
    kind = answer.headers.get("Content-Type", "(none)")
    try:
        content = answer.json
        held, found = isinstance(content, dict) and kind.startswith("application/json"), kind
    except ValueError as error:
        content, held, found = None, False, f"{kind}: {error}"
    kit.judge(f"{service}.http.json", answer, "a JSON object, as application/json", found, held=held)
    return content if held else None


def set_up(kit: Kit, service: str, table: Mapping[str, Any]) -> None:
    """Create a table in a mock on this machine, because a strict mock knows only existing tables.

    *table* may name another ``service`` of the mock that stores the table.
    """
    if kit.local:
        content = json.dumps({"service": service, **table}).encode()
        headers = {"Content-Type": "application/json"}
        diagnosis.first(kit, service, Call("PUT", "/_mockcbs/tables", "", headers, content))


def first(kit: Kit, service: str, call: Call) -> Answer:
    """The response to the first call; raises `CannotRunError` if another server sent it."""
    answer = diagnosis.first(kit, service, call)
    diagnosis.recognize(kit, kit.targets[service].name, answer)
    return answer


def nothing_there(kit: Kit, service: str, kind: str, answer: Answer) -> CannotRunError:
    """The error for a target that is another service, or does not have the object to use."""
    diagnosis.check_vendor(kit, service, answer)
    return CannotRunError(f"{kit.targets[service].name} has no such {kind}: {diagnosis.said(kit, answer)}")


def bad_credentials(kit: Kit, service: str, answer: Answer) -> CannotRunError:
    """The error for a target that is another service, or refuses the credentials."""
    if diagnosis.vendor_of(answer) != diagnosis.TITLES[service]:
        diagnosis.check_vendor(kit, service, answer)
    return diagnosis.refused(kit, service, answer)


def must_not_trust(answer: Answer, *, refused: bool) -> None:
    """End a check of unknown ids on a target that accepts any id, as a mock in open mode does."""
    if not refused:
        raise NotApplicableError(
            f"the target accepts any id and token, as a mock without --strict does ({answer.status})"
        )
