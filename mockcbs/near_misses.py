"""Which route somebody probably meant."""

import difflib
import re
from collections.abc import Iterable

from werkzeug.routing import Rule

_HOLE = re.compile(r"<\w+>")


def nearest(rules: Iterable[Rule], method: str, path: str, most: int = 3) -> list[str]:
    """The routes that look most like *method* and *path*, best first, as ``GET /v1/<project_id>/…``."""
    segments = path.split("/")
    scored = []
    for rule in rules:
        candidate = _fill(rule.rule.split("/"), segments)
        for accepted in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            likeness = difflib.SequenceMatcher(None, path[:500], candidate).ratio() + 0.01 * (
                accepted == method
            )
            scored.append((likeness, f"{accepted} {rule.rule}"))
    return [text for likeness, text in sorted(scored, reverse=True)[:most] if likeness > 0.6]


def _fill(pattern: list[str], segments: list[str]) -> str:
    """A rule with its holes filled from the segments at the same places."""
    filled = [
        segments[place] if _HOLE.fullmatch(part) and place < len(segments) else part
        for place, part in enumerate(pattern)
    ]
    return "/".join(filled)
