"""Python source for values and requests."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.samples import python
from mockcbs.samples.request import Request

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_a_literal_means_its_value(value):
    """The literal evaluates to the value, for any value and width."""
    assert ast.literal_eval(python.literal(value)) == value


def test_a_wide_call_gets_a_line_for_each_argument():
    """A wide call has a line for each argument, so that no line must be scrolled."""
    made = python.call("run", "a" * 50, names={"b": "c" * 50})

    assert made.splitlines()[:2] == ["run(", f'    "{"a" * 50}",']


def test_parameters_of_equal_names_stay_apart():
    """Requests takes pairs."""
    made = python.with_requests(Request("GET", "http://h/?a=1&a=2"))

    assert 'params=[("a", "1"), ("a", "2")]' in made


def test_a_query_without_values_stays_as_it_is():
    """``?acl`` and ``?acl=`` are not one thing to every server."""
    made = python.with_requests(Request("GET", "http://h/b?acl"))

    assert '"http://h/b?acl"' in made
