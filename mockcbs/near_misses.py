"""Which route somebody probably meant, and what is wrong with the one they took."""

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from werkzeug.routing import Rule

_HOLE = re.compile(r"<(?:\w+:)?\w+>")
_LONGEST_PATH = 500


def nearest(rules: Iterable[Rule], method: str, path: str, most: int = 3) -> list[str]:
    """The routes that look most like *method* and *path*, best first: ``GET /v1/<project_id>/…: why``."""
    segments = path[:_LONGEST_PATH].split("/")
    scored = []
    for rule in rules:
        pattern = rule.rule.split("/")
        likeness = difflib.SequenceMatcher(None, path[:_LONGEST_PATH], _fill(pattern, segments)).ratio()
        for accepted in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            why = "; ".join(_differences(pattern, segments, accepted, method))
            scored.append((likeness + 0.01 * (accepted == method), f"{accepted} {rule.rule}: {why}"))
    return [text for likeness, text in sorted(scored, reverse=True)[:most] if likeness > 0.6]


def misspelt(name: str, known: Iterable[str]) -> str:
    """What to tell somebody who sent a parameter that nothing reads."""
    names = sorted(known)
    likely = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {likely[0]!r}?" if likely else f"known are {', '.join(names) or 'none'}"
    return f"parameter {name!r} is ignored; {hint}"


def _fill(pattern: list[str], segments: list[str]) -> str:
    """A rule with its holes filled from the segments they stand for."""
    filled = list(pattern)
    for ours, theirs in _aligned(pattern, segments):
        if ours is not None and theirs is not None and _HOLE.fullmatch(pattern[ours]):
            filled[ours] = segments[theirs]
    return "/".join(filled)


def _aligned(pattern: list[str], segments: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """Places of *pattern* beside the places of *segments* that correspond to them."""
    ours = [part if not _HOLE.fullmatch(part) else None for part in pattern]
    theirs: list[str | None] = list(segments)
    fixed = [part for part in ours if part]
    for place, segment in enumerate(segments):
        if close := difflib.get_close_matches(segment, fixed, n=1, cutoff=0.75):
            theirs[place] = close[0]  # misspelt, but this is what it stands for
        elif place < len(ours) and ours[place] is None:
            theirs[place] = None  # a hole takes whatever stands there
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, low, high, start, stop in matcher.get_opcodes():
        yield from zip_longest(range(low, high), range(start, stop))


def _differences(pattern: list[str], segments: list[str], accepted: str, method: str) -> Iterator[str]:
    """What is to be changed for the route to fit, a sentence each."""
    for ours, theirs in _aligned(pattern, segments):
        if ours is None and theirs is not None:
            last = theirs == len(segments) - 1 and not segments[theirs]
            segment = "the slash at the end" if last else f"path segment {segments[theirs]!r}"
            yield f"{segment} does not belong here"
        elif theirs is None and ours is not None:
            yield f"path segment {pattern[ours]!r} is missing"
        elif ours is not None and theirs is not None:
            wanted, found = pattern[ours], segments[theirs]
            if wanted != found and not _HOLE.fullmatch(wanted):
                yield f"path segment {found!r} should be {wanted!r}"
    if accepted != method:
        yield f"method {method} should be {accepted}"
