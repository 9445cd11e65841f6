"""Spans of time; the first instant is excluded and the last one is included."""

from collections.abc import Iterable, Iterator, Sequence

Span = Sequence[int]
"""Two instants, such as ms UTC."""


def missing(since: int, until: int, seen: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """The parts of a span that no span in *seen* covers, in order of time."""
    for first, last in sorted(map(tuple, seen)):
        if since < min(first, until):
            yield since, min(first, until)
        since = max(since, last)
    if since < until:
        yield since, until


def joined(seen: Iterable[Span], since: int, until: int) -> list[list[int]]:
    """*seen* and another span, merged and in order of time; an empty span adds nothing."""
    found: list[list[int]] = []
    for first, last in sorted([*map(list, seen), *([[since, until]] if since < until else [])]):
        if found and first <= found[-1][1]:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found
