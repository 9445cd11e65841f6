"""The loader of YAML."""

import pytest
import yaml

from mockcbs.core.yaml_text import compose, construct, plain, take_apart


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
