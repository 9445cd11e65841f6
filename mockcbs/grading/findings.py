"""The verdict on every requirement of an exam."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from mockcbs.core import masking

Verdict = Literal["kept", "broken", "not examined"]


@dataclass
class Finding:
    """The verdict on one requirement, with evidence."""

    name: str
    sentence: str
    """The requirement as a sentence."""
    verdict: Verdict = "not examined"
    reason: str = ""
    """Why it is broken, or why it was not examined."""
    evidence: str = ""
    """The evidence that it is broken, such as a request and its response."""


class Findings:
    """The verdict on every requirement. If several checks break one, the first decides.

    Reasons and evidence are stored without secrets: programs print them, and servers repeat them.
    """

    def __init__(self, requirements: Mapping[str, str], secrets: Collection[str] = ()) -> None:
        """*requirements* are sentences by name; *secrets* are hidden wherever they stand."""
        self._secrets = secrets
        self.rows = {name: Finding(name, sentence) for name, sentence in requirements.items()}

    def keep(self, *names: str) -> None:
        """Mark these requirements as kept, unless they are broken."""
        for name in names:
            row = self.rows[name]
            if row.verdict != "broken":
                row.verdict, row.reason = "kept", ""

    def breaks(self, name: str, reason: str, evidence: str = "") -> None:
        """Mark *name* as broken."""
        row = self.rows[name]
        if row.verdict != "broken":
            row.verdict, row.reason, row.evidence = "broken", self.shown(reason), self.shown(evidence)

    def skip(self, reason: str, *names: str) -> None:
        """Record why these requirements are not examined."""
        for name in names:
            if self.rows[name].verdict == "not examined":
                self.rows[name].reason = self.shown(reason)

    def shown(self, text: str) -> str:
        """*text* without secrets."""
        return masking.without(masking.text(text), self._secrets)

    def is_broken(self, name: str) -> bool:
        """Whether *name* is broken."""
        return self.rows[name].verdict == "broken"

    def count(self, verdict: Verdict) -> int:
        """The number of requirements with that verdict."""
        return sum(finding.verdict == verdict for finding in self.rows.values())
