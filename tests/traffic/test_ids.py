"""Forms of ids."""

import re

import pytest

from mockcbs.traffic import ids

BOT = "303A0A00-c88a-43e3-aa2f-d5b8b9832b02"


def test_bot_ids():
    """A UUID in capitals or not, or digits; anything else is refused with what is accepted."""
    assert ids.bot_id(BOT) == BOT.lower()
    assert ids.bot_id("7342866812345678901") == "7342866812345678901"
    with pytest.raises(ValueError, match=re.escape("bot id 'x' is not a UUID or 16 to 20 digits")):
        ids.bot_id("x")


def test_another_form():
    """A form can be added, and removed again."""
    form = ids.IdForm("toy- and a number", re.compile("toy-[0-9]+"))

    ids.add(form)
    added = ids.bot_id("TOY-7"), ids.accepted()
    ids.remove(form)

    assert added == ("toy-7", "a UUID or 16 to 20 digits or toy- and a number")
    assert ids.form_of("toy-7") is None
