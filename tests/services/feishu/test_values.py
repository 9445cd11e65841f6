"""How values compare, by search, formula and view alike."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.services.feishu import values
from tests.services.feishu.conftest import NOW
from tests.services.feishu.model import DAY, SIGNS, chosen, quick, rows


def local(ms):
    return (datetime.fromtimestamp(ms // 1000, UTC) + timedelta(hours=8)).date()


TODAY = local(NOW)
SPANS = {
    "Today": (0, 0),
    "Tomorrow": (1, 1),
    "Yesterday": (-1, -1),
    "CurrentWeek": (0, 6),
    "LastWeek": (-7, -1),
    "CurrentMonth": (-21, 9),
    "LastMonth": (-51, -22),
    "TheLastWeek": (-7, -1),
    "TheNextWeek": (1, 7),
    "TheLastMonth": (-30, -1),
    "TheNextMonth": (1, 30),
}
"""The days from today, Monday the 22nd of December."""


@quick
@given(
    rows, st.sampled_from(list(SPANS)), st.sampled_from(["is", "isGreater", "isLess"]), st.integers(-40, 40)
)
def test_dates_compare_by_day(new_table, content, span, name, days):
    """Dates are compared by day in Shanghai; spans of days need ``is``; a formula selects the same."""
    table = new_table()
    ids = table.create(*content)
    first, last = SPANS[span]
    exact = NOW + days * DAY

    def test(row, first, last):
        if "exec_time" not in row:
            return False
        away = (local(row["exec_time"]) - TODAY).days
        return {"is": first <= away <= last, "isGreater": away > last, "isLess": away < first}[name]

    expected = chosen(ids, content, partial(test, first=first, last=last))
    one_day = first == last
    assert table.search(("exec_time", name, [span])) == (expected if one_day or name == "is" else 1254018)
    expected = chosen(ids, content, partial(test, first=days, last=days))
    assert table.search(("exec_time", name, ["ExactDate", str(exact)])) == expected
    assert table.list(f"CurrentValue.[exec_time]{SIGNS[name][0]}TODAY()+{days}") == expected


def test_lists_and_checkboxes(table):
    """A multi select contains an option; it is a whole list; an empty checkbox is not checked."""
    table.field("tags", 4)
    table.field("done", 7)
    both, one, none = table.create({"tags": ["a", "b"], "done": True}, {"tags": ["a"], "done": False}, {})

    assert (
        table.search(("tags", "contains", ["b", "c"]))
        == [both]
        == table.list('CurrentValue.[tags].contains("b")')
    )
    assert table.search(("tags", "doesNotContain", ["b"])) == [one, none]
    assert table.search(("tags", "is", ["b", "a"])) == [both]
    assert table.search(("tags", "isNot", ["a"])) == [both, none]
    assert table.list('CurrentValue.[tags]="a"') == [one]
    assert table.search(("done", "is", ["false"])) == [one, none] == table.list("CurrentValue.[done]=FALSE")
    assert table.search(("done", "isNot", ["true"])) == 1254018
    assert table.search(("done", "is", ["yes"])) == 1254018


@pytest.mark.parametrize(
    ("left", "operator", "right", "holds"),
    [
        (None, "=", "", True),
        (None, "!=", 0, True),
        (None, "<", 1, False),
        (1, "<", "2", False),
        ("a", "=", "A", False),
        (["a", "b"], "=", ["b", "a"], True),
        (["a"], "<", ["b"], False),
        (values.Moment(0), "=", values.Day(0), True),
        (values.Moment(0), "=", "1970/1/1", True),
        (values.Moment(0), "<", "1970-02-30", False),
        (values.Day(1), ">", values.Moment(0), True),
        (True, "=", 1, True),
    ],
)
def test_values_compare_by_kind(left, operator, right, holds):
    """An empty value equals only an empty one; a date and a day are compared by day, in Shanghai."""
    assert values.compare(left, operator, right) is holds


def test_a_day_begins_in_shanghai():
    """Sixteen hours into the day before, by UTC."""
    day = values.day_of(2025, 12, 22)

    assert day.ms == 1_766_332_800_000
    assert values.today(day.ms) == day
    assert values.today(day.ms - 1).number == day.number - 1
    assert values.local(day.ms).hour == 0


def test_texts_and_lists_contain():
    """A number contains nothing."""
    assert values.contains("日报", "日")
    assert values.contains(["a"], "a")
    assert not values.contains(["ab"], "a")
    assert not values.contains(12, "1")


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(-3, 3),
    st.sampled_from(["", "a", "B", "2026-01-01"]),
)
VALUES = st.one_of(
    PLAIN,
    st.lists(st.sampled_from(["a", "b"])),
    st.builds(values.Moment, st.integers(0, 10**9)),
)


@given(PLAIN, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), VALUES)
def test_a_prepared_comparison_is_the_comparison(left, operator, right):
    """A comparison prepared for many values finds what `compare` finds."""
    assert values.comparing(operator, right)(left) is values.compare(left, operator, right)
