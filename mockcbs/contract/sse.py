"""Parses server-sent events as strictly as the strictest official client (contract 2.7)."""

from dataclasses import dataclass
from typing import Any

import simplejson

from mockcbs.contract.targets import Number


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    text: str
    """The data as text."""
    number: str = ""

    @property
    def data(self) -> Any:
        """The data as JSON; raises `ValueError` if it is not JSON."""
        return simplejson.loads(self.text, parse_float=Number)


def events(body: bytes, *, numbered: bool = False) -> list[Event]:
    """The events of a stream; raises `ValueError` if a line would make a client fail."""
    text = body.decode()
    if not text.endswith("\n\n"):
        raise ValueError("no empty line ends the last event")
    return [_event(block, numbered=numbered) for block in text[:-2].split("\n\n")]


def _event(block: str, *, numbered: bool) -> Event:
    expected = ["id", "event", "data"] if numbered else ["event", "data"]
    fields = dict(line.partition(":")[::2] for line in block.split("\n"))
    if list(fields) != expected or block.count("\n") != len(expected) - 1:
        raise ValueError(f"{block[:120]!r} does not have exactly these lines: {', '.join(expected)}")
    if "\r" in block:
        raise ValueError(f"{block[:120]!r} contains a carriage return")
    values = {name: value.removeprefix(" ") for name, value in fields.items()}
    return Event(values["event"], values["data"], values.get("id", ""))
