"""JSON as the services print it, and the clock behind it."""

import json
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.clock import Clock, instant, iso, real_now
from mockcbs.core.numbers import compact, rounded
from mockcbs.web.json import WireJSON, in_pieces, with_entries


@given(st.integers(0, 10**15), st.integers(1, 10**9), st.integers(0, 6))
def test_rounding_is_half_up_once(numerator, denominator, places):
    """A ratio is rounded half-up at its last digit, and keeps its zeros."""
    expected = (Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    exact = rounded(numerator, denominator, places)

    assert abs(exact - expected) <= Decimal(1).scaleb(-places)
    assert 2 * abs(exact * denominator - numerator) * 10**places <= denominator
    assert str(exact).partition(".")[2] == str(expected).partition(".")[2] or abs(exact - expected) > 0


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ((7, 2), "3.500"),
        ((4, 149), "0.027"),
        ((1, 2000), "0.001"),
        ((0, 0), "0.000"),
        ((315_000, 2), "157500.000"),
    ],
)
def test_three_decimals(ratio, text):
    """3.500, not 3.5; 4/149 is 0.027; ties go up; nothing of nothing is 0.000."""
    assert WireJSON(Flask("x")).dumps(rounded(*ratio, 3)) == text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_json_is_compact_and_raw(value):
    """No blanks between members, no escapes of letters, and the same value when read back."""
    text = WireJSON(Flask("x")).dumps({"k": value})

    assert json.loads(text) == {"k": value}
    assert text.startswith('{"k":')


def test_a_clock_stands_still_or_ticks():
    """A frozen clock does not move, a ticking one continues, and a real one is the machine's."""
    frozen, ticking, real = Clock(5), Clock(5, tick=True), Clock()

    assert frozen.now() == frozen.now() == 5
    assert 5 <= ticking.now() < 5_000
    assert abs(real.now() - real_now()) < 5_000
    assert (frozen.frozen, ticking.frozen, real.frozen) == (True, False, False)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1613720965417", 1613720965417),
        (1613720965417, 1613720965417),
        ("2021-02-19T15:49:25.417+08:00", 1613720965417),
        ("2021-02-19T07:49:25.417Z", 1613720965417),
        ("2021-02-19 07:49:25.417", 1613720965417),
        ("2021-02-19", 1613692800000),
        ("-1", -1),
    ],
)
def test_instants(text, at):
    """Epoch milliseconds or ISO 8601; without an offset it is UTC."""
    assert instant(text) == at


@pytest.mark.parametrize("text", ["", "soon", "12:00", "1.5", True, "2021-02-28T25:00", "٣"])
def test_no_instants(text):
    """Anything else is refused with an example of both forms."""
    with pytest.raises(ValueError, match="neither epoch milliseconds"):
        instant(text)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-02-30T12:00:00+08:00", "2026-02-30 12:00"])
def test_a_day_that_does_not_exist(text):
    """The error states that the day does not exist, although its form is right."""
    with pytest.raises(ValueError, match=rf"{re.escape(repr(text))}: there is no day 2026-02-30\Z"):
        instant(text)


@given(st.integers(0, 4_000_000_000_000))
def test_instants_are_printed_and_read_back(at):
    """ISO 8601 keeps every millisecond."""
    assert instant(iso(at)) == at
    assert datetime.fromisoformat(iso(at)) == datetime.fromtimestamp(at // 1000, UTC).replace(
        microsecond=at % 1000 * 1000
    )


@given(
    st.dictionaries(st.text(), st.integers(), max_size=3).filter(lambda facts: "entries" not in facts),
    st.lists(st.dictionaries(st.text(), st.text(), max_size=2), max_size=5),
)
def test_long_lists_are_written_entry_by_entry(facts, entries):
    """The pieces are the same JSON as the whole."""
    pieces = list(with_entries(facts, "entries", map(compact, entries)))

    assert "".join(pieces) == compact({**facts, "entries": entries})
    assert len(pieces) == len(entries) + 2


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON, st.integers(0, 3))
def test_large_documents_are_written_member_by_member(content, levels):
    """The pieces are the same JSON as the whole."""
    assert "".join(in_pieces(content, levels)) == compact(content)


def test_no_piece_of_a_document_is_large():
    """Each schema and each path is a piece of its own."""
    document = {"paths": {f"/{number}": {"get": {"a": [number] * 9}} for number in range(500)}}

    assert max(map(len, in_pieces(document, 3))) < 60
