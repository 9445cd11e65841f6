"""Numbers and JSON as the services write them."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.numbers import compact, quotient, rounded


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.integers(0, 4))
def test_quotients_are_rounded_half_up(numerator, denominator, places):
    """The result is the exact quotient, rounded half-up to so many decimals, all of which are written."""
    result = rounded(numerator, denominator, places)

    exact = Decimal(2 * numerator * 10**places + denominator) // Decimal(2 * denominator)
    assert result == exact.scaleb(-places)
    assert -result.as_tuple().exponent == places
    assert quotient(numerator, denominator, places) == float(result)


def test_ties_go_up():
    """A quotient in the middle goes up, where Python's `round` would go to the even digit."""
    assert (rounded(1, 8, 2), rounded(5, 2, 0), rounded(0, 0, 4)) == (
        Decimal("0.125").quantize(Decimal("0.01"), ROUND_HALF_UP),
        3,
        Decimal("0.0000"),
    )


def test_json_keeps_decimals_and_characters():
    """JSON keeps zeros at the end of decimals, Chinese characters and the order of members."""
    content = {"rate": Decimal("3.500"), "问": ["桌", None, True]}

    assert compact(content) == '{"rate":3.500,"问":["桌",null,true]}'
