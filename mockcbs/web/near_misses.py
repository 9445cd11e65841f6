"""The routes that a request probably meant, with the differences."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from werkzeug.routing import Rule

from mockcbs.core.spelling import MAX_NAME, likely

_HOLE = re.compile(r"<(?:\w+:)?\w+>")
_NUMBER = re.compile(r"<int:\w+>")
_MAX_PATH = 500
_MAX_WORD = 32
"""The maximum length of a word; longer segments are ids."""
_ALIKE = 0.75
_NEAR = 0.6


def nearest(rules: Iterable[Rule], method: str, path: str, most: int = 3) -> list[str]:
    """The *most* routes that are most similar to *method* and *path*, best first: ``GET
    /v1/<project_id>/…: why``.
    """
    segments = path[:_MAX_PATH].split("/")
    split = ((rule, rule.rule.split("/")) for rule in rules)
    # a route without a literal segment is similar to everything
    patterns = [one for one in split if any(part and not part.startswith("<") for part in one[1])]
    words = {part for _, pattern in patterns for part in pattern}
    meant = _respelt(segments, words)
    scored = [
        (_likeness(pattern[1:], meant[1:], words) + 0.01 * (accepted == method), accepted, pattern)
        for rule, pattern in patterns
        for accepted in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    near = [one for one in scored if one[0] > _NEAR] or [one for one in scored if _ends_alike(one[2], meant)]
    best = sorted(near, key=lambda one: (-one[0], one[2], one[1]))
    return [
        f"{accepted} {'/'.join(pattern)}: "
        + "; ".join(_differences(pattern, segments, meant, accepted, method))
        for _, accepted, pattern in best[:most]
    ]


def misspelt(name: str, known: Iterable[str], path: str = "", places: Mapping[str, str] | None = None) -> str:
    """A sentence about an unknown parameter; *path* is its position in a body.

    *places* has the names that are read elsewhere, with their places.
    """
    names = sorted(known)
    if place := (places or {}).get(name):
        return f"parameter {path + name!r} is ignored; it belongs {place}"
    near = likely(name, names)
    hint = f"did you mean {path + near!r}?" if near else f"known are {', '.join(names) or 'none'}"
    return f"parameter {path + name[:MAX_NAME]!r} is ignored; {hint}"


def _respelt(segments: list[str], words: set[str]) -> list[str]:
    """*segments* with misspelt words of routes corrected."""
    meant = list(segments)
    for place, segment in enumerate(segments):
        if segment and segment not in words and len(segment) <= _MAX_WORD:
            meant[place] = likely(segment, words, _ALIKE) or segment
    return meant


def _likeness(pattern: list[str], meant: list[str], words: set[str]) -> float:
    """The similarity from 0 to 1. A path parameter matches anything except words of routes."""
    fixed = {part for part in pattern if not _HOLE.fullmatch(part)}
    common = len(fixed.intersection(meant))
    filled = min(len(pattern) - len(fixed), sum(segment not in words for segment in meant))
    return 2 * (common + 0.9 * filled) / (len(pattern) + len(meant))


def _ends_alike(pattern: list[str], meant: list[str]) -> bool:
    """Whether both end with the same word, as when a client sent only the end of a path."""
    return pattern[-1] == meant[-1] != "" and not _HOLE.fullmatch(pattern[-1])


def _aligned(pattern: list[str], meant: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of corresponding segments in *pattern* and *meant*."""
    ours = [part if not _HOLE.fullmatch(part) else None for part in pattern]
    theirs = [
        None if place < len(ours) and ours[place] is None and word not in ours else word
        for place, word in enumerate(meant)
    ]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, low, high, start, stop in matcher.get_opcodes():
        yield from zip_longest(range(low, high), range(start, stop))


def _differences(
    pattern: list[str], segments: list[str], meant: list[str], accepted: str, method: str
) -> Iterator[str]:
    """The changes that make the route match, one sentence each."""
    for ours, theirs in _aligned(pattern, meant):
        if ours is None and theirs is not None:
            last = theirs == len(segments) - 1 and not segments[theirs]
            segment = "the slash at the end" if last else f"path segment {segments[theirs]!r}"
            yield f"{segment} does not belong here"
        elif theirs is None and ours is not None:
            yield f"path segment {pattern[ours]!r} is missing"
        elif ours is not None and theirs is not None:
            wanted, found = pattern[ours], segments[theirs]
            if _NUMBER.fullmatch(wanted):
                if not (found.isascii() and found.isdecimal()):
                    yield f"path segment {found!r} should be a whole number"
            elif wanted != found and not _HOLE.fullmatch(wanted):
                yield f"path segment {found!r} should be {wanted!r}"
    if accepted != method:
        yield f"method {method} should be {accepted}"
