"""The figures that reports and the console show."""

from mockcbs.services.shown import Totals


def test_totals_add_up():
    """Calls, failures and times are summed; a user of both counts once."""
    monday = Totals(4, 4, 1, 2000, 1, frozenset({"u1", "u2"}))
    tuesday = Totals(2, 1, 0, 500, 0, frozenset({"u2"}))

    both = monday.plus(tuesday)

    assert both == Totals(6, 5, 1, 2500, 1, frozenset({"u1", "u2"}))
    assert (both.mean_ms, both.error_rate) == (500.0, 0.2)


def test_totals_without_calls():
    """Nothing is divided by zero."""
    assert (Totals().mean_ms, Totals().error_rate) == (0.0, 0.0)
