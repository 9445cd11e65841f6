"""Additions to the OpenAPI document of the control API."""

from collections import ChainMap
from collections.abc import Iterable

from mockcbs.services import registry
from mockcbs.services.documentation import ControlExamples, Documentation
from mockcbs.traffic.periods import DAY

_OWN = ControlExamples(
    examples={"name": registry.DEFAULT.name},
    ids={"entry": 1},
    bodies={
        "play_scenario": {"scenario": "slow"},
        "change_clock": {"advance_ms": DAY},
        "add_report": {"to": {"hook": "any-bot"}},
        "subscribe": {"url": "http://127.0.0.1:9000/events", "challenge": False},
    },
)


def documentation(stated: Iterable[Documentation]) -> Documentation:
    """The additions, with the examples that the services have *stated*; the first of a name counts."""
    parts = [_OWN, *(one.control for one in stated)]
    examples = ChainMap(*(dict(part.examples) for part in parts))
    return Documentation(
        {},
        (),
        lambda _: examples,
        ids=ChainMap(*(dict(part.ids) for part in parts)),
        bodies=ChainMap(*(dict(part.bodies) for part in parts)),
    )
