"""What differs between two datasets, in words."""

import pytest

from mockcbs.datasets.differences import differences
from mockcbs.datasets.load import Source, load_source

ONE = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
OTHER = "403a0a00-c88a-43e3-aa2f-d5b8b9832b02"
BOT = f"bots: [{{id: {ONE}, traffic: {{}}}}]"


def read(text):
    return load_source(Source("own", text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (BOT, []),
        (f"bots: [{{id: {OTHER}, traffic: {{}}}}]", [f"bot {OTHER} is new", f"bot {ONE} is gone"]),
        (f"bots: [{{id: {ONE}, traffic: {{users: 3}}}}]", [f"bot {ONE}: its generated traffic changed"]),
        (
            f"bots: [{{id: {ONE}, traffic: {{}}, name: x, sessions: [{{turns: [{{at: 2026-02-01}}]}}]}}]",
            [f"bot {ONE}: 0 → 1 stated sessions, its properties changed"],
        ),
        (f"{BOT}\nnow: 2026-02-01", ["now changed"]),
        (f"{BOT}\nknowledge: shop\ndescription: x", ["description changed", "the knowledge base changed"]),
    ],
)
def test_what_changed(text, found):
    """Bots, their traffic and properties, and everything else by its key."""
    assert differences(read(BOT), read(text)) == found


def test_many_bots():
    """The first ones are named, the others are counted."""
    bots = ", ".join(f"{{id: '73428668123456789{number:02}'}}" for number in range(9))

    found = differences(read(BOT), read(f"bots: [{bots}]"))

    assert len(found) == 5
    assert found[-1] == "6 more bots"
