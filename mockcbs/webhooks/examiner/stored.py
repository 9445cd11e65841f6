"""The figures that a receiver has stored, compared with the right ones."""

import time
from collections.abc import Sequence

from mockcbs.core.errors import UserError
from mockcbs.webhooks.examiner.figures import Figures, Source
from mockcbs.webhooks.examiner.requirements import Findings
from mockcbs.webhooks.examiner.traffic import ADDITIVE, FIGURES, ExamTraffic

_SETTLE = 5.0
"""The time for a receiver that stores events after its response, in s."""


class StoredFigures:
    """The figures of one receiver. Without a source, requirements about figures are not examined."""

    def __init__(self, source: Source | None, traffic: ExamTraffic, findings: Findings) -> None:
        self._source, self._traffic, self._findings = source, traffic, findings
        self._offset: dict[str, float] = {}
        """The difference between stored and correct figures after earlier parts, so that a later part is not
        blamed for it.
        """

    @property
    def are_known(self) -> bool:
        """Whether there is a source."""
        return self._source is not None

    def refuse_used_database(self) -> None:
        """Raise `UserError` if the receiver has stored events already."""
        if self._source is not None and any(self._source(None).get(name) for name in ADDITIVE):
            raise UserError("the receiver has stored events already; begin with an empty database")

    def compare_first(self) -> None:
        """Compare after the first correct deliveries, which shows how events are stored at all."""
        names = ("stores", "commits-first", "rates", "milliseconds")
        if self._source is None:
            self._findings.skip("neither --check nor --sql says what was stored", *names, "days", "restart")
            return
        right, stored = self._traffic.figures(), self._source(None)
        if _differs(stored, right, ADDITIVE):
            stored = self._settled(right, names=FIGURES)
            if not _differs(stored, right, ADDITIVE):
                self._findings.breaks("commits-first", "it answered 200 before the figures held the events")
        if off := _differs(stored, right, ADDITIVE):
            self._findings.breaks("stores", off)
            self._note_offset(stored, right)
        elif off := _differs(stored, right, ("success_rate", "error_rate")):
            self._findings.breaks("rates", off)
        elif off := _differs(stored, right, ("avg_response_time_ms",)):
            self._findings.breaks("milliseconds", off)
        self._findings.keep_shown(stored.keys(), *names)

    def compare_days(self, days: Sequence[int]) -> None:
        """Report requirement ``days`` as broken if one of the *days* (since 1970) has wrong figures."""
        for day in days:
            right = self._traffic.figures(day)
            if off := _differs(self._stored(right, day), right, ADDITIVE):
                self._findings.breaks("days", f"{self._traffic.today - day} days before today: {off}")
        self._findings.keep("days")

    def excuse(self) -> None:
        """Leave out wrong events that are stored now, so that later parts are not blamed for them."""
        if self._source is not None:
            self._note_offset(self._source(None), self._traffic.figures())

    def _stored(self, right: Figures, day: int | None = None) -> Figures:
        """The stored figures. For a receiver that stores after its response, the figures once they are
        correct.
        """
        if self._findings.is_broken("commits-first"):
            return self._settled(right, day)
        return self._ask(day)

    def _settled(self, right: Figures, day: int | None = None, names: Sequence[str] = ADDITIVE) -> Figures:
        """The stored figures as soon as *names* among them are correct, or after a while."""
        deadline = time.monotonic() + _SETTLE
        while _differs(stored := self._ask(day), right, names) and time.monotonic() < deadline:
            time.sleep(0.2)
        return stored

    def _ask(self, day: int | None = None) -> Figures:
        return self._source(day) if self._source else {}

    def compare(self, name: str, *, unless: str = "stores") -> None:
        """Report requirement *name* as broken if the figures differ by more than before this part."""
        if self._source is None:
            self._findings.skip("neither --check nor --sql says what was stored", name)
            return
        if self._findings.is_skipped(name, "stores"):
            return
        right = {key: value + self._offset.get(key, 0) for key, value in self._traffic.figures().items()}
        stored = self._stored(right)
        off = _differs(stored, right, ADDITIVE)
        if off:
            self._note_offset(stored, self._traffic.figures())
        if self._findings.is_skipped(name, unless):
            return
        if off:
            self._findings.breaks(name, off)
        self._findings.keep_shown(stored.keys(), name)

    def _note_offset(self, stored: Figures, right: Figures) -> None:
        self._offset = {key: stored[key] - right[key] for key in ADDITIVE if key in stored}


def _differs(stored: Figures, right: Figures, names: Sequence[str]) -> str:
    """The figures among *names* that are stored and wrong, in words; empty if there are none."""
    return ", ".join(
        f"{name} is {stored[name]:g}, should be {right[name]:g}"
        for name in names
        if name in stored and abs(stored[name] - right[name]) > 1e-9
    )
