"""One setting: its default, what it means, and which values it takes."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

import pytest

from mockcbs.core.errors import UserError
from mockcbs.core.setting import check, setting, settings_of


def even(value: int) -> int:
    if value % 2:
        raise UserError(f"{value} is odd")
    return value


@dataclass(frozen=True)
class Example:
    """A settings class."""

    count: int = setting(4, "How many.", bounds=(0, 10), parse=even)
    share: float = setting(0.5, "How much.")
    name: str | None = setting(None, "Who.", unset="nobody")
    file: str = setting("a", "Which file.", path=True)
    flag: bool = setting(False, "Whether.")
    level: Literal["low", "high"] | None = setting(None, "How loud.")
    many: tuple[str, ...] = setting((), "Which ones.")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"count": 12}, "count 12 is not between 0 and 10"),
        ({"count": 3}, "count 3 is odd"),
        ({"count": True}, "count True is not a whole number"),
        ({"count": "4"}, "count '4' is not a whole number"),
        ({"share": "x"}, "share 'x' is not a number"),
        ({"name": ""}, "name '' is not a text of at least one character"),
        ({"file": 5}, "file 5 is not a text of at least one character or a path"),
        ({"flag": 1}, "flag 1 is not True or False"),
        ({"level": "mid"}, "level 'mid' is not one of None, low, high"),
        ({"many": "one"}, "many 'one' is not a list of texts"),
        ({"many": ("", "a")}, "is not a list of texts"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_accepted(values, reason):
    """The error names the setting, the wrong value and the accepted ones."""
    with pytest.raises(UserError, match=reason):
        check(Example(**values))


def test_values_are_made_alike():
    """A path becomes a text, a list a tuple; a whole number is a number."""
    made = Example(file=Path("/tmp/a"), many=["a", "b"], share=1, level="low")

    check(made)

    assert (made.file, made.many) == ("/tmp/a", ("a", "b"))


def test_each_setting_is_described():
    """A setting has a name, a default, a help text and a kind."""
    found = {name: (default, about.help, kind) for name, default, about, kind in settings_of(Example)}

    assert found["count"][:2] == (4, "How many.")
    assert found["level"][2].choices == ("low", "high")
    assert found["level"][2].optional
    assert found["many"][2].many
    assert PathLike in found["file"][2].types
