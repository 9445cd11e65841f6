"""Files of users: every error names the line and the problem, and none is a traceback."""

import contextlib
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from mockcbs.core import files
from mockcbs.core.bounds import Entries, Items
from mockcbs.core.errors import UserError
from mockcbs.core.files import FileError, StrictSchema
from mockcbs.datasets.load import load
from tests.thoroughness import examples

BY_CONTENT = {
    "[a, b]: 1": ":1: a key must be a text, not a list; quote it",
    "? {a: b}\n: 1": ":1: a key must be a text, not a mapping; quote it",
    f"seed: {'9' * 5000}": "… (5000 characters)' cannot be read as int",
    f"seed: 0x{'f' * 5000}": "cannot be read as int",
    "a: 1\nseed: !!int abc": ":2: 'abc' cannot be read as int; quote it if it is a text",
    "x: !!float abc": ":1: 'abc' cannot be read as float",
    "x: !!bool abc": ":1: 'abc' cannot be read as bool",
    "x: !!timestamp abc": ":1: 'abc' cannot be read as timestamp",
    "x: !wrong tag": ":1: an unknown tag ('!wrong'); leave it out",
    "a:\n\t- b": ":2: an unexpected character: indent with blanks, not tabs",
    "a: *b": ":1: an alias (*name) for which no value is marked (&name)",
    "a: 1\n---\nb: 2": ":2: a second document begins here; a file must have only one",
    "a: b: c": ":1: an unexpected colon",
    "a: 1\na: 2": ":2: 'a' occurs twice",
    'a: "\0"': "a control character",
    "a: " + "[" * 5000 + "]" * 5000: "nested too deeply",
}


@pytest.mark.parametrize("content", BY_CONTENT, ids=lambda text: text[:20])
def test_what_is_wrong_is_told_in_words(content, tmp_path):
    """The error names the line, the value and the accepted ones."""
    path = tmp_path / "mine.yaml"
    path.write_text(content)

    with pytest.raises(FileError) as caught:
        files.read(path, StrictSchema(), FileError)

    assert str(caught.value).startswith(str(path))
    assert BY_CONTENT[content] in str(caught.value)


@settings(max_examples=examples(200))
@given(st.text(alphabet="ab1:-[]{},!&*?|>%@`#'\"~<= \n\t", max_size=40))
def test_any_text_is_a_file_or_a_mistake(tmp_path_factory, text):
    """Any text is read or causes the documented error, and no other."""
    path = tmp_path_factory.mktemp("any") / "x.yaml"
    path.write_text(text, "utf-8")

    with contextlib.suppress(FileError):
        files.read(path, StrictSchema(), FileError)


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + ".yaml", "a\0b", "/" * 5000 + "x.yaml"])
def test_names_no_file_can_have(name):
    """A name that is too long or contains a NUL causes an ordinary error."""
    with pytest.raises(FileError):
        load(name)


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    """On a full disk the file before stays, and nothing else; a link still leads to the file."""
    link = tmp_path / "link"
    link.symlink_to(path := tmp_path / "report.json")

    files.write_whole(link, "first")
    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="full"):
        files.write_whole(link, "second")

    assert path.read_text("utf-8") == "first"
    assert sorted(tmp_path.iterdir()) == [link, path]
    assert link.is_symlink()


def half(path, text, encoding):
    path.write_bytes(text[:2].encode(encoding))
    raise OSError("the disk is full")


def test_a_file_is_read_up_to_its_bound(tmp_path):
    """A file over the limit is refused; a byte order mark is ignored."""
    large = tmp_path / "large.yaml"
    large.write_bytes(b"x" * (2**20 + 1))
    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbfa: 1")

    assert files.read_text(marked) == "a: 1"
    with pytest.raises(UserError, match=r"large\.yaml: larger than 1 MiB"):
        files.read_text(large, largest=2**20)


class ItemSchema(StrictSchema):
    """An item of a file."""

    name = fields.String(required=True)


class ListSchema(StrictSchema):
    """A file with a list, a mapping with any names, and a name."""

    name = fields.String()
    items = Items(fields.Nested(ItemSchema))
    numbers = Entries(keys=fields.String(), values=fields.Integer())


LONG = {
    "unknown keys": "".join(f"k{number}: 1\n" for number in range(20_000)),
    "wrong items": "items: [" + "1, " * 50_000 + "1]",
    "incomplete items": "items: [" + "{}, " * 50_000 + "{}]",
    "wrong entries": "numbers: {" + ", ".join(f"k{number}: x" for number in range(20_000)) + "}",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_many_mistakes_are_not_collected(text):
    """Of a file full of mistakes only the first are looked at; more would take long, and much memory."""
    content, schema = files.parse_text(text, "mine.yaml"), ListSchema()
    schema.load({})
    tracemalloc.start()
    try:
        with pytest.raises(ValidationError) as error:
            schema.load(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len([*files.flat(error.value.messages)]) <= 20
    assert peak < 2 * 2**20
    with pytest.raises(FileError, match=r"mine\.yaml:1: .*\(and more\)$"):
        files.checked(text, "mine.yaml", schema, FileError)


def test_few_mistakes_are_counted():
    """Items and entries beside wrong ones are looked at, each problem has its place and its line."""
    text = "nmae: a\nitems:\n" + "- name: a\n" * 14 + "- nam: b\n" + "numbers:\n  a: 1\n  b: x\n"

    with pytest.raises(FileError) as error:
        files.checked(text, "mine.yaml", ListSchema(), FileError)

    assert str(error.value) == (
        "mine.yaml:1: nmae: unknown key; accepted here: name, items, numbers; did you mean 'name'?; "
        "also line 17: items[14].nam: unknown key; accepted here: name; did you mean 'name'?; "
        "also line 17: items[14].name: is missing (and 1 more)"
    )


def test_unknown_keys_are_named_in_their_order():
    """The error is the same in every process."""
    with pytest.raises(ValidationError) as error:
        ListSchema().load({"items": 1, **{f"k{number}": 1 for number in range(100)}})

    assert [*error.value.messages] == ["items", *(f"k{number}" for number in range(10))]


@pytest.mark.parametrize("file", sorted((Path(__file__).parents[2] / "fixtures").rglob("*.yaml")))
def test_shipped_files_need_no_libyaml(file):
    """PyYAML's own parser, which is used where libyaml is missing, reads the same from them."""
    text = file.read_text("utf-8")

    assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
