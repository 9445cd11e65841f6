"""Queries in which parameters stand more than once."""

from fnmatch import fnmatchcase
from urllib.parse import parse_qsl

from hypothesis import example, given
from hypothesis import strategies as st

from mockcbs.core import masking, queries

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
@example("a=x1", {"a": "[x]*"})
@given(st.text("ab=&%+*?[]x1;", max_size=20), st.dictionaries(st.text("ab", min_size=1), st.text("1x*?[]")))
def test_a_quick_look_misses_nothing(raw, wanted):
    """A query that the quick check rejects does not fit, for any query and pattern."""
    sent = queries.used(queries.pairs(raw), "last")
    fits = all(name in sent and fnmatchcase(sent[name], value) for name, value in wanted.items())

    assert queries.may_hold(wanted)(raw) or not fits


SECRETS = st.lists(
    st.tuples(
        st.sampled_from(["a", "token", "x"]),
        st.sampled_from(["", "s3cret", '"', "x*", '{"token":"x1&y","b":"z"}', '["token"]', "1x"]),
    ),
    max_size=4,
)
PATTERNS = st.text('1x*?[]"bz{}', max_size=6) | st.sampled_from(
    ['{"token":*z*', '*"b":"z"}', "*}", "s3cret", "***"]
)


@example([("a", '{"token":12}')], {"a": '{"token":"*'}, "last")
@given(
    SECRETS,
    st.dictionaries(st.sampled_from(["a", "token", "x"]), PATTERNS),
    st.sampled_from(["first", "last"]),
)
def test_a_quick_look_misses_no_masked_query(sent, wanted, rule):
    """Neither if the pattern is compared with a query whose secrets are masked."""
    raw = "&".join(f"{name}={value}" for name, value in sent)
    shown = queries.used(queries.pairs(masking.text(raw)), rule)
    fits = all(name in shown and fnmatchcase(shown[name], value) for name, value in wanted.items())

    assert queries.may_hold(wanted)(raw) or not fits


@given(st.text("ab=&%+;1é", max_size=20))
def test_pairs(raw):
    """A query is parsed as Python parses it."""
    assert queries.pairs(raw) == parse_qsl(raw, keep_blank_values=True)
