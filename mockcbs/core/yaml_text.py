"""The one loader of YAML: safe, bounded, with errors in plain words."""

from collections import deque
from typing import Any

import yaml

from mockcbs.core import progress

_MAX_QUOTED = 40  # characters of a wrong value
_MAX_VALUES = 2_000_000
_MAX_NUMBER = 50_000
"""The length up to which a text without quotes may be a number that cannot be read."""
_TEXT_TAG = "tag:yaml.org,2002:str"


class _Pieces:
    """A text that the parser reads piece by piece.

    Given as a whole, a comment or a text of 10 MB in it stops all threads for as long as it is scanned.
    """

    name = "<unicode string>"

    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0

    def read(self, size: int) -> str:
        """The next characters, at most *size*."""
        begin, self._place = self._place, self._place + size
        return self._text[begin : self._place]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML. Times stay text, because `instant` parses them as everywhere in mockcbs."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """The tag of a value without one. A very long text is not compared with the forms of numbers."""
        if kind is yaml.ScalarNode and len(value) > _MAX_NUMBER:
            return _TEXT_TAG
        return str(super().resolve(kind, value, implicit))

    def construct_document(self, node: yaml.Node) -> Any:
        """The value of the document; what the loader remembers is freed bit by bit, as are the nodes."""
        remembered = self.constructed_objects
        content = super().construct_document(node)
        while remembered:
            remembered.popitem()
        return content

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of *node*; a value that does not fit its tag is an error of the file."""
        try:
            return _printable(super().construct_object(node, deep))
        except (ValueError, KeyError, AttributeError, OverflowError):
            shown = str(node.value)
            shown = (
                shown if len(shown) <= _MAX_QUOTED else f"{shown[:_MAX_QUOTED]}… ({len(shown)} characters)"
            )
            kind = node.tag.rpartition(":")[2]
            problem = f"{shown!r} cannot be read as {kind}; quote it if it is a text"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from None


def _printable(value: Any) -> Any:
    """*value*; raises `ValueError` for a number with more digits than Python prints, as messages quote it."""
    if isinstance(value, int):
        str(value)
    return value


_YAML_WORDS = {
    "nesting depth": "nested too deeply",
    "could not determine a constructor for the tag": "an unknown tag ({}); leave it out",
    "found character that cannot start any token": "an unexpected character: indent with blanks, "
    "not tabs, and quote texts that begin with % @ or `",
    "found undefined alias": "an alias (*name) for which no value is marked (&name)",
    "but found another document": "a second document begins here; a file must have only one",
    "mapping values are not allowed": "an unexpected colon; quote a text with a colon",
    "did not find expected node content": "a value or a closing bracket is missing here",
    "did not find expected key": "a key of this mapping is missing here; check the indentation above",
    "did not find expected '-' indicator": "an item of this list is missing here; it begins with '-'",
    "found unexpected end of stream": "the file ends in the middle of a text; a quote is missing",
    "could not find expected ':'": "a key without a colon",
    "unacceptable character": "a control character; write it as an escape in double quotes",
    "control characters are not allowed": "a control character; write it as an escape in double quotes",
}
"""Our words for the parser's messages, by the beginning or a part of each."""


def plain(problem: str) -> str:
    """A message of the YAML parser in words for people who write YAML now and then."""
    for begin, words in _YAML_WORDS.items():
        if begin in problem:
            return words.format(problem.rpartition(" ")[2])
    return problem


def compose(text: str) -> yaml.Node | None:
    """The node of a YAML *text*, with the lines; raises `yaml.YAMLError`, also for repeated keys."""
    loader = _Loader(_Pieces(text))
    try:
        node: yaml.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    progress.report(progress.PARSED)
    if node is not None:
        _check_node(node, {})
    progress.report(progress.CHECKED)
    return node


def construct(node: yaml.Node) -> Any:
    """The value of a node; raises `yaml.MarkedYAMLError` for a value that does not fit its tag."""
    return _Loader(_Pieces("")).construct_document(node)


def _check_node(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Refuse repeated keys, and aliases that expand to too many values."""
    if id(node) in sizes:
        return sizes[id(node)]
    sizes[id(node)] = _MAX_VALUES + 1  # a value that contains itself counts as too large
    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                kind = "list" if isinstance(key, yaml.SequenceNode) else "mapping"
                problem = f"a key must be a text, not a {kind}; quote it"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            if key.value in keys:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} occurs twice", problem_mark=key.start_mark)
            keys.add(str(key.value))
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    sizes[id(node)] = size = 1 + sum(_check_node(child, sizes) for child in children)
    if size > _MAX_VALUES:
        raise yaml.MarkedYAMLError(
            problem=f"more than {_MAX_VALUES} values, aliases counted in full", problem_mark=node.start_mark
        )
    return size


def containers(content: Any) -> deque[Any]:
    """The mappings and lists in *content*, outer ones first: whoever drops them one by one in this order does
    not free all at once, which would stop other threads.
    """
    found: deque[Any] = deque()
    left, seen = deque([content]), {id(content)}
    while left:
        found.append(one := left.popleft())
        for inner in one.values() if isinstance(one, dict) else one if isinstance(one, list) else ():
            if isinstance(inner, dict | list) and id(inner) not in seen:
                seen.add(id(inner))
                left.append(inner)
    return found


def take_apart(node: yaml.Node | None) -> None:
    """Free the nodes one by one: to free all of a large file at once would stop other threads meanwhile."""
    left: list[Any] = [node]
    while left:
        one = left.pop()
        inner = one if isinstance(one, tuple) else getattr(one, "value", None)
        left += inner if isinstance(inner, tuple | list) else ()
        if isinstance(one, yaml.Node):
            one.value = None
