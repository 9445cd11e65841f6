"""The routes that a request probably meant, with the differences."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from werkzeug.routing import Rule

from mockcbs.core.spelling import MAX_NAME, likely

_HOLE = re.compile(r"<(?:\w+:)?\w+>")
_NUMBER = re.compile(r"<int:\w+>")
_MAX_PATH = 500
_MAX_WORD = 32
"""The maximum length of a word; longer segments are ids."""
_ALIKE = 0.75
_NEAR = 0.6
_SAME_METHOD = 0.01
"""What the right method adds to a score."""
_MAX_CORRECTED = 1024
"""The maximum number of corrected words that are remembered."""


class _Pattern(NamedTuple):
    """A route, as the search needs it."""

    segments: list[str]
    methods: list[str]
    words: frozenset[str]
    others: int
    """The number of path parameters, and of repetitions of words."""


_Scored = tuple[float, str, list[str]]
"""A score, a method, and the segments of a route."""


class SimilarRoutes:
    """A search for similar routes, prepared once, as every unknown path needs it."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """*rules* are the routes to search."""
        split = [(rule.rule.split("/"), rule.methods or set()) for rule in rules]
        # a route without a literal segment is similar to everything
        self._patterns = [
            _pattern(segments, methods)
            for segments, methods in split
            if any(part and not part.startswith("<") for part in segments)
        ]
        self._words = {part for pattern in self._patterns for part in pattern.segments}
        self._by_length: dict[int, list[str]] = {}
        for word in self._words:
            self._by_length.setdefault(len(word), []).append(word)
        self._corrected = lru_cache(_MAX_CORRECTED)(self._correct)

    def nearest(self, method: str, path: str, most: int = 3) -> list[str]:
        """The *most* routes that are most similar to *method* and *path*, best first: ``GET
        /v1/<project_id>/…: why``.
        """
        segments = path[:_MAX_PATH].split("/")
        meant = [self._respelt(segment) for segment in segments]
        alike = (pattern for pattern in self._patterns if _ends_alike(pattern.segments, meant))
        found = self._scored(self._patterns, meant, method, _NEAR) or self._scored(alike, meant, method)
        best = sorted(found, key=lambda one: (-one[0], one[2], one[1]))
        return [
            f"{accepted} {'/'.join(pattern)}: "
            + "; ".join(_differences(pattern, segments, meant, accepted, method))
            for _, accepted, pattern in best[:most]
        ]

    def _scored(
        self, patterns: Iterable[_Pattern], meant: list[str], method: str, above: float = -1
    ) -> list[_Scored]:
        """The routes of *patterns* with a score above *above*."""
        words, values = set(meant[1:]), sum(segment not in self._words for segment in meant[1:])
        scored = []
        for pattern in patterns:
            likeness = _likeness(pattern, words, values, len(meant) - 1)
            if likeness + _SAME_METHOD > above:
                scored += [
                    (likeness + _SAME_METHOD * (accepted == method), accepted, pattern.segments)
                    for accepted in pattern.methods
                ]
        return [one for one in scored if one[0] > above]

    def _respelt(self, segment: str) -> str:
        """*segment*, or the word of a route that it misspells."""
        known = not segment or segment in self._words or len(segment) > _MAX_WORD
        return segment if known else self._corrected(segment)

    def _correct(self, segment: str) -> str:
        length = len(segment.lower())
        # a word can only be similar enough if it is about as long
        words = [
            word
            for other, group in self._by_length.items()
            if 2 * min(length, other) / (length + other) >= _ALIKE
            for word in group
        ]
        return likely(segment, words, _ALIKE) or segment


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


def _pattern(segments: list[str], methods: set[str]) -> _Pattern:
    words = frozenset(part for part in segments[1:] if not _HOLE.fullmatch(part))
    return _Pattern(segments, [*methods - {"HEAD", "OPTIONS"}], words, len(segments) - 1 - len(words))


def _likeness(pattern: _Pattern, words: set[str], values: int, count: int) -> float:
    """The similarity from 0 to 1 of a route and a path of *count* segments: its *words*, and how many are
    not words of routes. A path parameter matches anything except words of routes.
    """
    common = len(pattern.words & words)
    filled = min(pattern.others, values)
    return 2 * (common + 0.9 * filled) / (len(pattern.segments) - 1 + count)


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
