"""Remembers the cells of records that a run wrote; later responses must contain the same cells."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer

Cells = dict[str, Any]
Record = tuple[Any, Any]
"""The id and the cells of a record, as a response contains them."""


class Written:
    """The cells that this run wrote, by the id of their record."""

    def __init__(self, kit: Kit, clause: str, fixed: Collection[str] = ()) -> None:
        """*fixed* contains the names of cells that no write changes."""
        self._kit, self._clause, self._fixed = kit, clause, fixed
        self._known: dict[str, Cells] = {}

    def note(self, record_id: str, cells: Cells) -> None:
        """Remember written cells that the response to the write does not contain."""
        self._known[record_id] = cells

    def wrote(
        self, answer: Answer, records: Sequence[Record], given: Sequence[Cells], *, is_whole: bool = False
    ) -> None:
        """Remember the *given* cells of a write, and check the *records* of its response in the same order.

        *is_whole* says whether the write cleared all other cells.
        """
        if len(records) != len(given):
            self._kit.expect(self._clause, answer, len(records), len(given), "number of records")
            return
        for (record_id, cells), new in zip(records, given, strict=True):
            if isinstance(record_id, str):
                before = self._known.get(record_id, {})
                kept = {name: value for name, value in before.items() if not is_whole or name in self._fixed}
                now = {name: value for name, value in {**kept, **new}.items() if value is not None}
                self._known[record_id] = now
                self._compare(answer, record_id, cells, new.keys() & now.keys())

    def read(self, answer: Answer, records: Sequence[Record], *, is_whole: bool) -> None:
        """Check the *records* of a response; *is_whole* says whether it must contain all of their cells."""
        for record_id, cells in records:
            if isinstance(record_id, str) and record_id in self._known:
                self._compare(answer, record_id, cells, self._known[record_id].keys() if is_whole else set())

    def _compare(self, answer: Answer, record_id: str, cells: Any, needed: Any) -> None:
        if not isinstance(cells, dict):
            return
        known = self._known[record_id]
        expected = {name: value for name, value in known.items() if name in cells or name in needed}
        found = {name: _plain(cells[name], value) for name, value in expected.items() if name in cells}
        self._kit.expect(self._clause, answer, found, expected, f"cells of {record_id}")


def _plain(value: Any, written: Any) -> Any:
    """Convert *value* to the form in which it was *written*.

    A response may contain text as segments, and objects with additional members.
    """
    if isinstance(written, dict) and isinstance(value, dict):
        return {name: _plain(value.get(name), inner) for name, inner in written.items()}
    if not isinstance(value, list):
        return value
    if isinstance(written, str) and all(_is_segment(one) for one in value):
        return "".join(one["text"] for one in value)
    if isinstance(written, list) and len(written) == len(value):
        return [_plain(*pair) for pair in zip(value, written, strict=True)]
    return value


def _is_segment(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("text"), str) and value.get("type") == "text"


def body_of(answer: Answer) -> dict[str, Any]:
    """The JSON object in the body of a request; empty if there is none."""
    found = json.loads(answer.call.body) if answer.call.body else {}
    return found if isinstance(found, dict) else {}
