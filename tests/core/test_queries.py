"""Queries in which parameters stand more than once."""

from fnmatch import fnmatchcase
from urllib.parse import parse_qsl

from hypothesis import example, given
from hypothesis import strategies as st

from mockcbs.core import queries

PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2", "3"])))


@given(PAIRS)
def test_last(sent):
    """The rule "last" uses the last value, even if it is empty."""
    assert queries.used(sent, "last") == dict(sent)


@given(PAIRS)
def test_first(sent):
    """The rule "first" uses the first value that is not empty, or an empty one if all are."""
    used = queries.used(sent, "first")

    for name in {name for name, _ in sent}:
        values = [value for other, value in sent if other == name]
        assert used[name] == next(filter(None, values), "")


@given(PAIRS)
def test_all_values(sent):
    """Nothing that was sent is left out of what is shown, and names keep their order."""
    shown = queries.all_values(sent)

    assert list(shown) == list(dict.fromkeys(name for name, _ in sent))
    for name, value in shown.items():
        values = [value for other, value in sent if other == name]
        assert value == (values if len(values) > 1 else values[0])


@example("a", {"a": ""})
@given(st.text("ab=&%+*?[]x1;", max_size=20), st.dictionaries(st.text("ab", min_size=1), st.text("1x*?[]")))
def test_a_quick_look_misses_nothing(raw, wanted):
    """A query that the quick check rejects does not fit, for any query and pattern."""
    sent = queries.used(queries.pairs(raw), "last")
    fits = all(name in sent and fnmatchcase(sent[name], value) for name, value in wanted.items())

    assert queries.may_hold(raw, wanted) or not fits


@given(st.text("ab=&%+;1é", max_size=20))
def test_pairs(raw):
    """A query is parsed as Python parses it."""
    assert queries.pairs(raw) == parse_qsl(raw, keep_blank_values=True)
