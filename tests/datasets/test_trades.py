"""When the knowledge bases of trades are read."""

from functools import cache

from mockcbs.core import yaml_values
from mockcbs.datasets import schema
from mockcbs.datasets.load import load
from mockcbs.traffic.bots import ANY


def test_a_trade_is_read_when_a_bot_has_it(monkeypatch):
    """To read a file takes 4 ms and its words stay in memory, so a start reads only that of listed bots."""
    monkeypatch.setattr(schema, "_shipped", cache(schema._shipped.__wrapped__))
    read = []
    monkeypatch.setattr(
        yaml_values, "load", lambda text, load=yaml_values.load: read.append(text) or load(text)
    )

    everyday = load("everyday", (("x", schema.ClientToolSchema),))  # sections of its own, so it is not cached
    listed = next(name for name in everyday.bots if name != ANY)
    assert everyday.knowledge_of(listed, 0) is everyday.knowledge
    assert len(read) == 2

    others = {id(everyday.knowledge_of(f"{number:032x}", 0)) for number in range(40)}
    assert len(read) == 1 + len(others) == 1 + len(everyday.bases)
