"""Utterances as databases store them: JSON without empty members."""

import json
from typing import Any

from mockcbs.traffic.knowledge import Pair, Utterance


def encoded(said: Utterance) -> str:
    """An utterance as JSON."""
    defaults = Utterance._field_defaults
    values = {**said._asdict(), "pair": said.pair and vars(said.pair)}
    return json.dumps({name: value for name, value in values.items() if value != defaults.get(name, ...)})


def decoded(body: str) -> Utterance:
    """The utterance that was `encoded`."""
    values: dict[str, Any] = {"template": "", **json.loads(body)}
    if pair := values.get("pair"):
        members: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in pair.items()
        }
        values["pair"] = Pair(**members)
    return Utterance(**values)
