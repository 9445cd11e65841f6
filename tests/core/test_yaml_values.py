"""The reader of YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core import progress, yaml_values
from mockcbs.core.yaml_values import containers, load, outermost

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def test_times_stay_text():
    """A time is read as it is written; mockcbs has its own reader for times."""
    assert load("at: 2026-11-22T08:00:00Z") == {"at": "2026-11-22T08:00:00Z"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", "'a' occurs twice"),
        ("[1]: 2", "a key must be a text, not a list; quote it"),
        ("a: &a [*a]", "more than 2000000 values, aliases counted in full"),
        ("1: a\n'1': b", "'1' occurs twice"),
        ("<<: {a: 1}\n<<: {b: 1}", "'<<' occurs twice"),
        ("<<: 1", "the value of '<<' must be a mapping, or a list of mappings"),
        ("a: &x 1\nb: &x 2", "the anchor &x occurs twice"),
        ("a: !!set {b, c}", "could not determine a constructor for the tag 'tag:yaml.org,2002:set'"),
        ("a: !!seq text", "expected a sequence node, but found scalar"),
    ],
)
def test_what_is_refused(text, problem):
    """Repeated keys and anchors, keys that are no texts, and values that contain themselves."""
    with pytest.raises(yaml.MarkedYAMLError) as error:
        load(text)

    assert error.value.problem == problem


def test_a_value_that_does_not_fit_its_tag():
    """The error quotes the value and gives a remedy."""
    with pytest.raises(yaml.MarkedYAMLError) as error:
        load("a: !!int many")

    assert error.value.problem == "'many' cannot be read as int; quote it if it is a text"


@given(values)
def test_pieces_make_the_same_value(value):
    """A text means the same as if it were read as a whole, whatever stands where a piece ends."""
    text = yaml.safe_dump({"value": value}, allow_unicode=True)

    assert load("# " + "注" * 20_000 + "\n" + text) == yaml.safe_load(text)


@given(st.text(alphabet="ab01:-[]{},!&*?|>%@`#'\"~<= \n", max_size=40))
def test_what_is_read_is_what_yaml_means(text):
    """PyYAML's own loader makes the same of what is accepted, apart from times, and `<<` and `=` as texts."""
    try:
        value = load(text)
    except (yaml.YAMLError, RecursionError):
        return

    assert repr(value) == repr(yaml.load(text, _PyYAML))


class _PyYAML(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    yaml_implicit_resolvers = yaml_values._Loader.yaml_implicit_resolvers


for _tag in yaml_values._TEXT_TAGS:
    _PyYAML.add_constructor(_tag, _PyYAML.construct_scalar)


def test_outermost_keys_are_read_one_by_one():
    """What is behind a key is not read before the next key is asked for."""
    keys = outermost("a: {x: [1, y: 2]}\nb: 1\nc: [d]\n? e\n: f\ng: *h\ni: [")

    assert [next(keys) for _ in range(5)] == ["a", "b", "c", "e", "g"]
    with pytest.raises(yaml.YAMLError):
        list(keys)
    assert list(outermost("- a: 1\n- b")) == ["-"]
    assert list(outermost("")) == list(outermost("text")) == []


def test_merged_mappings():
    """A key of the mapping itself wins, then that of an earlier mapping; a quoted `<<` is a key."""
    text = "x-a: &a {k: 1, m: 1}\nx-b: &b {k: 2, n: 2}\nc: {<<: [*a, *b], m: 3}\nd: {'<<': 1}"

    value = load(text)

    assert value["c"] == {"k": 1, "n": 2, "m": 3}
    assert value["d"] == {"<<": 1}


def test_aliases_share_a_value():
    """An alias is the same value, and counts in full."""
    value = load("a: &a [1]\nb: *a")

    assert value["a"] is value["b"]


def test_the_parser_reads_piece_by_piece(monkeypatch):
    """No piece is so long that other threads wait for its scan."""
    sizes = []
    read = yaml_values._Pieces.read
    monkeypatch.setattr(
        yaml_values._Pieces, "read", lambda self, size: sizes.append(size) or read(self, size)
    )

    load("# " + "x" * 200_000)

    assert max(sizes) <= 65_536
    assert len(sizes) > 3


def test_a_very_long_text_is_no_number():
    """Comparing a text of megabytes with the forms of numbers would take long."""
    assert load("a: " + "1" * 60_000) == {"a": "1" * 60_000}
    assert load("a: 12") == {"a": 12}


def test_containers_are_named_from_the_outside_in():
    """A container comes before those in it, and one that occurs twice is named twice."""
    shared = {"x": [1]}
    content = {"a": [shared], "b": shared}

    assert list(containers(content)) == [content, content["a"], shared, shared, [1], [1]]
    assert list(containers("text")) == ["text"]


def test_progress_is_reported_while_a_text_is_read():
    """The share grows with the place in the text."""
    shares = []

    with progress.listening(shares.append):
        load("- text\n" * 100_000)

    assert shares == sorted(shares)
    assert len(shares) > 5
    assert shares[-1] <= progress.PARSED
