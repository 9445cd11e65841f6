"""The lines of values in a YAML text, found without keeping the values."""

from collections.abc import Iterable, Iterator

import yaml

from mockcbs.core.yaml_values import events

Keys = tuple[str | int, ...]
"""The place of a value: the keys and the places in lists that lead to it."""


class _Place:
    """A value whose line is wanted, or that contains such values."""

    def __init__(self) -> None:
        self.line: int | None = None
        self.inner: dict[str, _Place] = {}
        """By keys, and places in lists as texts."""


_Places = list[_Place]


def lines(text: str, wanted: Iterable[Keys]) -> list[int]:
    """For each of *wanted*, the line of the value, counted from 1; if there is none, of the innermost around
    it. `mockcbs.core.yaml_values.load` accepts the *text*.
    """
    root, found = _Place(), [*wanted]
    root.line = 1
    ways = [[*_way(root, keys)] for keys in found]
    left: dict[str | None, _Places] = {None: [root]}
    while left:  # an alias leads to an earlier value
        left = _read(text, left)
    return [next(place.line for place in reversed(way) if place.line) for way in ways]


def _way(root: _Place, keys: Keys) -> Iterator[_Place]:
    """The places from *root* to the value at *keys*."""
    place = root
    yield place
    for key in keys:
        place = place.inner.setdefault(str(key), _Place())
        yield place


def _read(text: str, wanted: dict[str | None, _Places]) -> dict[str | None, _Places]:
    """Set the lines in the places that are *wanted* of the values with these anchors; `None` is the whole.

    Returns what is wanted of others.
    """
    opened: list[_Open] = []
    left: dict[str | None, _Places] = {}
    for event in events(text):
        if isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        places = opened[-1].next(event) if opened else wanted.get(None, [])
        if isinstance(event, yaml.AliasEvent):
            if places:
                left.setdefault(event.anchor, []).extend(places)
            continue
        if event.anchor is not None:
            places = [*places, *wanted.get(event.anchor, ())]
        if isinstance(event, yaml.CollectionStartEvent):
            is_list = isinstance(event, yaml.SequenceStartEvent)
            opened.append(_Open(places, is_list=is_list, is_merged=bool(opened) and opened[-1].merges))
    return left


class _Open:
    """A list or mapping that is being read."""

    def __init__(self, places: _Places, *, is_list: bool, is_merged: bool) -> None:
        """What is wanted of it stands in the *places*. It *is_merged* as the value of ``<<``."""
        self._places, self._is_list, self._is_merged = places, is_list, is_merged
        self._key: str | None = None
        self._line = self._index = 0
        self.merges = False
        """Whether the last key was ``<<``."""

    def next(self, event: yaml.NodeEvent) -> _Places:
        """What is wanted of the value that begins with *event*; nothing of a key. Sets the line."""
        line = event.start_mark.line + 1  # type: ignore[union-attr] # libyaml's marks
        if self._is_list and self._is_merged:
            return self._places
        if self._is_list:
            key, self._index = str(self._index), self._index + 1
        elif self._key is None:
            self._key, self._line = str(getattr(event, "value", "")), line
            return []
        else:
            key, line, self._key = self._key, self._line, None
        self.merges = key == "<<" and not self._is_list
        if self.merges:
            return self._places
        found = [place.inner[key] for place in self._places if key in place.inner]
        for place in found:
            place.line = place.line or line
        return found
