"""How many examples of Hypothesis a test tries."""

from hypothesis import settings

FEW = 3
"""A quick run tries at least so many, or all where a test states fewer."""


def examples(thorough: int) -> int:
    """The number for the profile in use, of a test that tries *thorough* with the profile ``thorough``.

    That profile tries 100 where a test states no number, and another as many of any number as of 100.
    """
    return max(thorough * settings.default.max_examples // 100, min(thorough, FEW))
