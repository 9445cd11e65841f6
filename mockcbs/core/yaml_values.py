"""The one reader of YAML: safe and bounded. It makes values without making nodes of them first."""

from collections import deque
from collections.abc import Iterator
from typing import Any

import yaml

from mockcbs.core import progress

_MAX_QUOTED = 40  # characters of a wrong value
_MAX_VALUES = 2_000_000
_MAX_DEPTH = 1_000
_MAX_NUMBER = 50_000
"""The length up to which a text without quotes may be a number that cannot be read."""
_SHORT_NUMBER = 18
_TEXT_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value")
"""The tags of texts; the last two are those of `<<` and `=`."""
_COLLECTION_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_NO_KEY, _MERGE = object(), object()


class _Pieces:
    """A text that the parser reads piece by piece.

    Given as a whole, a comment or a text of 10 MB in it stops all threads for as long as it is scanned.
    """

    name = "<unicode string>"

    def __init__(self, text: str, *, silent: bool = False) -> None:
        """*silent* pieces report no progress."""
        self._text, self._place, self._silent = text, 0, silent

    def read(self, size: int) -> str:
        """The next characters, at most *size*."""
        begin, self._place = self._place, self._place + size
        if self._text and not self._silent:
            progress.report(progress.PARSED * min(begin / len(self._text), 1))
        return self._text[begin : self._place]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML. Times stay text, because `instant` parses them as everywhere in mockcbs."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def scalar(self, event: yaml.ScalarEvent) -> Any:
        """The value of a scalar; one that does not fit its tag is an error of the file."""
        text: str = event.value
        tag = event.tag
        if tag is None or tag == "!":
            if not event.implicit[0] or not self._may_be_special(text):
                return text
            if len(text) < _SHORT_NUMBER and text.isascii() and text.isdecimal() and text[0] != "0":
                return int(text)
            tag = self.resolve(yaml.ScalarNode, text, event.implicit)
        if tag in _TEXT_TAGS:
            return text
        node = yaml.ScalarNode(tag, text, event.start_mark)  # type: ignore[arg-type] # libyaml's marks
        try:
            return _printable(self.construct_object(node, deep=True))
        except (ValueError, KeyError, AttributeError, OverflowError):
            shown = text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}… ({len(text)} characters)"
            problem = f"{shown!r} cannot be read as {tag.rpartition(':')[2]}; quote it if it is a text"
            raise _problem(event, problem) from None
        finally:
            self.constructed_objects.clear()

    def _may_be_special(self, text: str) -> bool:
        """Whether a text without quotes may be something else. Long ones are not compared with numbers."""
        return text[:1] in self.yaml_implicit_resolvers and len(text) <= _MAX_NUMBER


def _printable(value: Any) -> Any:
    """*value*; raises `ValueError` for a number with more digits than Python prints, as messages quote it."""
    if isinstance(value, int):
        str(value)
    return value


class _List:
    """A list that is being read."""

    def __init__(self, start: yaml.CollectionStartEvent) -> None:
        self.start = start
        self.value: list[Any] = []
        self.size = 1
        """The number of values, those inside counted, too."""

    def add(self, value: Any, event: yaml.NodeEvent) -> None:
        """Take the next item."""
        del event
        self.value.append(value)

    def check_place(self, event: yaml.NodeEvent) -> None:
        """Accept a list or mapping as the next item."""

    def finished(self) -> Any:
        """The list."""
        return self.value


class _Mapping:
    """A mapping that is being read; *names* are the keys of the whole text, each kept once."""

    def __init__(self, start: yaml.CollectionStartEvent, names: dict[str, str]) -> None:
        self.start = start
        self.value: dict[Any, Any] = {}
        self.size = 1
        self._names = names
        self._key: Any = _NO_KEY
        self._more_keys: set[str] = set()
        """Keys that are no texts, as they are written."""
        self._merged: list[dict[Any, Any]] = []

    def add(self, value: Any, event: yaml.NodeEvent) -> None:
        """Take the next key or value."""
        if self._key is _NO_KEY:
            self._key = self._checked_key(value, event)
            return
        if self._key is _MERGE:
            self._merged = _mappings(value, event)
        else:
            self.value[self._key] = value
        self._key = _NO_KEY

    def _checked_key(self, value: Any, event: yaml.NodeEvent) -> Any:
        """The key; a repeated one is an error. `1` and `"1"` are the same."""
        if isinstance(value, list | dict):
            raise _no_key(event, value)
        written = event.value if isinstance(event, yaml.ScalarEvent) else str(value)
        if written in self.value or written in self._more_keys:
            raise _problem(event, f"{written!r} occurs twice")
        merges = written == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]
        if isinstance(value, str) and not merges:
            return self._names.setdefault(value, value)
        self._more_keys.add(written)
        return _MERGE if merges else value

    def check_place(self, event: yaml.NodeEvent) -> None:
        """Raise an error if a key, which cannot be a list or mapping, must come next."""
        if self._key is _NO_KEY:
            raise _no_key(event, [] if isinstance(event, yaml.SequenceStartEvent) else {})

    def finished(self) -> Any:
        """The mapping; a key of its own wins over a merged one, and an earlier merged one over a later."""
        if not self._merged:
            return self.value
        merged: dict[Any, Any] = {}
        for mapping in reversed(self._merged):
            merged.update(mapping)
        return {**merged, **self.value}


class _Reading:
    """The reading of one document."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader
        self._open: list[_List | _Mapping] = []
        self._names: dict[str, str] = {}
        self._anchors: dict[str, tuple[Any, int]] = {}
        """What is marked for aliases, each with its size."""

    def document(self) -> Any:
        """The value of the only document; `None` if there is none."""
        loader = self._loader
        loader.get_event()
        if isinstance(loader.get_event(), yaml.StreamEndEvent):
            return None
        value = self._value()
        loader.get_event()
        if not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
            raise _problem(event, "but found another document")
        return value

    def _value(self) -> Any:
        """The next value, with all in it."""
        get_event, scalar, opened = self._loader.get_event, self._loader.scalar, self._open
        while True:
            event = get_event()
            if type(event) is yaml.ScalarEvent:
                value, size = scalar(event), 1
                if event.anchor is not None:
                    self._mark(event, value, size)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
                continue
            elif isinstance(event, yaml.CollectionEndEvent):
                done = opened.pop()
                value, size = done.finished(), done.size
                if done.start.anchor is not None:
                    self._anchors[done.start.anchor] = value, size
            else:
                value, size = self._marked(event)
            if not opened:
                return value
            opened[-1].add(value, event)
            opened[-1].size += size
            if opened[-1].size > _MAX_VALUES:
                raise _too_many(opened[-1].start)

    def _begin(self, start: yaml.CollectionStartEvent) -> None:
        """Begin to read a list or mapping."""
        if start.tag not in _COLLECTION_TAGS:
            raise _problem(start, f"could not determine a constructor for the tag {start.tag!r}")
        if self._open:
            self._open[-1].check_place(start)
        if len(self._open) >= _MAX_DEPTH:
            raise _problem(start, "nesting depth")
        if start.anchor is not None:
            self._mark(start, None, _MAX_VALUES)  # a value that contains itself is too large
        self._open.append(
            _Mapping(start, self._names) if isinstance(start, yaml.MappingStartEvent) else _List(start)
        )

    def _mark(self, event: yaml.NodeEvent, value: Any, size: int) -> None:
        """Keep a value for aliases."""
        if event.anchor in self._anchors:
            raise _problem(event, f"the anchor &{event.anchor} occurs twice")
        self._anchors[event.anchor] = value, size  # type: ignore[index] # only called with an anchor

    def _marked(self, alias: yaml.AliasEvent) -> tuple[Any, int]:
        """The value to which an alias refers, and its size."""
        if alias.anchor not in self._anchors:
            raise _problem(alias, "found undefined alias")
        return self._anchors[alias.anchor]


def _problem(event: yaml.Event, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]


def _too_many(event: yaml.Event) -> yaml.MarkedYAMLError:
    return _problem(event, f"more than {_MAX_VALUES} values, aliases counted in full")


def _no_key(event: yaml.Event, value: Any) -> yaml.MarkedYAMLError:
    kind = "list" if isinstance(value, list) else "mapping"
    return _problem(event, f"a key must be a text, not a {kind}; quote it")


def _mappings(value: Any, event: yaml.NodeEvent) -> list[dict[Any, Any]]:
    """The value of the key ``<<``: one mapping or a list of them."""
    mappings: list[Any] = value if isinstance(value, list) else [value]
    if not all(isinstance(mapping, dict) for mapping in mappings):
        raise _problem(event, "the value of '<<' must be a mapping, or a list of mappings")
    return mappings


def load(text: str) -> Any:
    """The value of a YAML *text*; raises `yaml.YAMLError`, also for repeated keys and too many values."""
    loader = _Loader(_Pieces(text))
    try:
        return _Reading(loader).document()
    finally:
        loader.dispose()


def events(text: str) -> Iterator[yaml.Event]:
    """The events of a YAML *text*, each when it is reached; raises `yaml.YAMLError` where it is wrong."""
    loader = _Loader(_Pieces(text, silent=True))
    try:
        while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
            yield event
    finally:
        loader.dispose()


def outermost(text: str) -> Iterator[str]:
    """The keys of the outermost mapping of a YAML *text*, each when it is reached; ``-`` if it is a list.

    Raises `yaml.YAMLError` when the text is wrong up to there.
    """
    depth, at_key = 0, True
    for event in events(text):
        if depth == 0 and isinstance(event, yaml.SequenceStartEvent):
            yield "-"
        if depth == 1 and at_key and isinstance(event, yaml.ScalarEvent):
            yield str(event.value)
        begins = isinstance(event, yaml.CollectionStartEvent)
        depth += begins - isinstance(event, yaml.CollectionEndEvent)
        at_key = not at_key if depth == 1 and not begins else at_key


def containers(content: Any) -> deque[Any]:
    """The mappings and lists in *content*, outer ones first, each as often as it occurs: whoever drops them
    one by one in this order does not free all at once, which would stop other threads.
    """
    found: deque[Any] = deque()
    left = deque([content])
    while left:
        found.append(one := left.popleft())
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        left.extend(value for value in inner if isinstance(value, dict | list))
    return found
