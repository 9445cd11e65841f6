"""The lines of values in a YAML text."""

import tracemalloc

import pytest

from mockcbs.core.yaml_lines import lines

TEXT = """\
x-pair: &pair
  user: a
  turns: [1,
    2]
bots:
- id: b
  sessions:
  - *pair
  - <<: *pair
    user: c
  - <<: [*pair, {name: d}]
    id: e
    1: f
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ((), 1),
        (("nothing",), 1),
        (("bots",), 5),
        (("bots", 0), 6),
        (("bots", 0, "id"), 6),
        (("bots", 0, "id", "deeper"), 6),
        (("bots", 1), 5),
        (("bots", 0, "sessions", 0), 8),
        (("bots", 0, "sessions", 0, "user"), 2),
        (("bots", 0, "sessions", 0, "turns", 1), 4),
        (("bots", 0, "sessions", 1, "user"), 10),
        (("bots", 0, "sessions", 1, "turns"), 3),
        (("bots", 0, "sessions", 2, "turns", 1), 4),
        (("bots", 0, "sessions", 2, "name"), 11),
        (("bots", 0, "sessions", 2, 1), 13),
    ],
)
def test_the_line_of_a_value(keys, line):
    """That of its key or its place in a list, also behind an alias; without it, that of what is around it."""
    assert lines(TEXT, [keys]) == [line]
    assert lines(TEXT, [("bots",), keys, ("x-pair", "user")]) == [5, line, 2]


def test_lines_keep_no_values():
    """To find a line takes no memory for the values of the text."""
    text = "a: [" + "x, " * 100_000 + "x]\nb: 1"
    tracemalloc.start()
    try:
        assert lines(text, [("b",)]) == [2]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 2**20
