"""The loader of YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core import yaml_text
from mockcbs.core.yaml_text import compose, construct, containers, plain, take_apart

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def test_times_stay_text():
    """A time is read as it is written; mockcbs has its own reader for times."""
    assert construct(compose("at: 2026-11-22T08:00:00Z")) == {"at": "2026-11-22T08:00:00Z"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", "'a' occurs twice"),
        ("[1]: 2", "a key must be a text, not a list; quote it"),
        ("a: &a [*a]", "more than 2000000 values, aliases counted in full"),
    ],
)
def test_what_is_refused(text, problem):
    """Repeated keys, keys that are no texts, and values that contain themselves."""
    with pytest.raises(yaml.MarkedYAMLError) as error:
        compose(text)

    assert error.value.problem == problem


def test_a_value_that_does_not_fit_its_tag():
    """The error quotes the value and gives a remedy."""
    with pytest.raises(yaml.MarkedYAMLError) as error:
        construct(compose("a: !!int many"))

    assert error.value.problem == "'many' cannot be read as int; quote it if it is a text"


def test_messages_of_the_parser():
    """A known message is said in plain words; another one stays."""
    assert plain("something else") == "something else"
    assert plain("found undefined alias") != "found undefined alias"


def test_nodes_are_freed_one_by_one():
    """Afterwards, no node holds another."""
    node = compose("a: [1, {b: 2}]")

    take_apart(node)
    take_apart(None)

    assert node.value is None


@given(values)
def test_pieces_make_the_same_value(value):
    """A text means the same as if it were read as a whole, whatever stands where a piece ends."""
    text = yaml.safe_dump({"value": value}, allow_unicode=True)

    node = compose("# " + "注" * 20_000 + "\n" + text)

    assert construct(node) == yaml.safe_load(text)


def test_the_parser_reads_piece_by_piece(monkeypatch):
    """No piece is so long that other threads wait for its scan."""
    sizes = []
    read = yaml_text._Pieces.read
    monkeypatch.setattr(yaml_text._Pieces, "read", lambda self, size: sizes.append(size) or read(self, size))

    compose("# " + "x" * 200_000)

    assert max(sizes) <= 65_536
    assert len(sizes) > 3


def test_a_very_long_text_is_no_number():
    """Comparing a text of megabytes with the forms of numbers would take long."""
    assert construct(compose("a: " + "1" * 60_000)) == {"a": "1" * 60_000}
    assert construct(compose("a: 12")) == {"a": 12}


def test_containers_are_named_from_the_outside_in():
    """A container comes before those in it, and one that occurs twice is named once."""
    shared = {"x": [1]}
    content = {"a": [shared], "b": shared}

    assert list(containers(content)) == [content, content["a"], shared, [1]]
    assert list(containers("text")) == ["text"]
