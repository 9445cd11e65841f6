"""Proposals to resolve a drift, ready to apply: a pin, a changed decision, or a known deviation."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from mockcbs.contract import pins
from mockcbs.contract.book import book_of
from mockcbs.contract.compare import Difference
from mockcbs.contract.ledger import Entry
from mockcbs.core.errors import UserError
from mockcbs.core.files import write_whole

Kind = Literal["pin", "decision", "deviation", "run"]

FOLDER = "mends"
"""The name of the folder for proposals inside the folder of a report."""
_VALIDITY = timedelta(days=90)
"""How long a proposed deviation stays valid."""
_MAX_REASON = 200


@dataclass(frozen=True)
class Mend:
    """One proposal to resolve a drift."""

    kind: Kind
    text: str
    """An entry for a file, or a whole dataset."""

    @property
    def sentence(self) -> str:
        """The proposal as text for a report."""
        if self.kind == "pin":
            return (
                "Pin the response: mockcbs serve --dataset FOLDER/mends/pinned-1.yaml reproduces it "
                "(--report FOLDER writes such files)."
            )
        where = {
            "decision": "Change the decision:",
            "deviation": "Or accept it; add to the file of --deviations:",
            "run": "",
        }
        return f"{where[self.kind]}\n{self.text}".strip()


def of_clause(entry: Entry, target: str, today: date) -> list[Mend]:
    """Proposals for a broken clause: a changed decision if it is assumed, and a known deviation."""
    clause, first = entry.clause, entry.broken[0]
    deviation = _deviation("clause", clause.id, f"{target}: {first.found}", today)
    if clause.standing != "assumed":
        return [deviation]
    request = first.request.partition("\n")[0]
    decision = (
        f"docs/contract/{book_of(clause.id)}.md, {clause.source}, clause {clause.id}\n"
        f"- {clause.sentence} (assumed)\n"
        f"+ {first.found} (seen on {target}, {request}, {today})"
    )
    return [Mend("decision", decision), deviation]


def of_difference(one: Difference, target: str, today: date) -> list[Mend]:
    """Proposals for a difference: a dataset, if one resolves it, and a known deviation."""
    if one.where == "comparison":
        return [Mend("run", "Allow more calls for the comparison: --max-calls.")]
    deviation = _deviation("difference", one.key, f"{target}: {one.one} / {one.other}", today)
    dataset = pins.mending(one)
    return [Mend("pin", dataset), deviation] if dataset else [deviation]


def _deviation(name: str, value: str, reason: str, today: date) -> Mend:
    shown, why = (json.dumps(text, ensure_ascii=False) for text in (value, reason[:_MAX_REASON]))
    until = today + _VALIDITY
    return Mend("deviation", f"- {name}: {shown}\n  reason: {why}\n  since: {today}\n  until: {until}")


def write(folder: Path, mends: Iterable[Mend]) -> list[Path]:
    """Write the non-empty proposals to files below *folder*; raises `UserError` if that fails."""
    given = list(dict.fromkeys(mends))
    texts = {
        "deviations.yaml": "".join(f"{one.text}\n" for one in given if one.kind == "deviation"),
        "decisions.md": "\n".join(f"{one.text}\n" for one in given if one.kind == "decision"),
    }
    pins = (one.text for one in given if one.kind == "pin")
    texts |= {f"pinned-{number}.yaml": text for number, text in enumerate(pins, 1)}
    found = {name: text for name, text in texts.items() if text}
    try:
        for name, text in found.items():
            (folder / FOLDER).mkdir(parents=True, exist_ok=True)
            write_whole(folder / FOLDER / name, text)
    except OSError as error:
        raise UserError(f"{folder / FOLDER}: {error.strerror}") from error
    return [folder / FOLDER / name for name in found]
