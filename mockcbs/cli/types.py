"""Types of options; their errors name the wrong value and the accepted ones."""

import math
from typing import Any

import click

from mockcbs.core.spelling import not_one_of


class WholeNumber(click.IntRange):
    """A whole number from *min* to *max*, or without limits."""

    def _describe_range(self) -> str:
        """The limits for help; empty without limits."""
        return "" if self.min is None and self.max is None else super()._describe_range()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; an error names the limits."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a whole number{_bounds(self)}", param, ctx)


class Number(click.FloatRange):
    """A finite number from *min* to *max*, or without limits."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; an error names the limits."""
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number{_bounds(self)}", param, ctx)
        return number


class Word(click.Choice):  # type: ignore[type-arg]  # click 8.1 has no arguments
    """One of the given words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word; an error names the accepted words and the probable one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            words = [str(word) for word in self.choices]
            self.fail(not_one_of(value, words), param, ctx)


def _bounds(range_: click.IntRange | click.FloatRange) -> str:
    low, high = range_.min, range_.max
    if low is None and high is None:
        return ""
    if high is None:
        return f" of at least {low:g}"
    return f" from {low:g} to {high:g}" if low is not None else f" of at most {high:g}"
