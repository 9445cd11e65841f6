"""Invented responses: true ones with a few changed members."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

VALUES = st.sampled_from(
    [
        *(0, 1, 2, 3, -1, 10**6, 10**30),
        *map(Decimal, ("0.0", "0.5", "1.0", "2.500", "1E+400")),
        *("3", "", None, True, [], {}, "2026-11-20", "week"),
    ]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to all that is inside *value*."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from places(part, (*path, key))


@st.composite
def made_up(draw: st.DrawFn, answer: Any) -> Any:
    """*answer* with one to three changes."""
    content = copy.deepcopy(answer)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(content), key=repr)))
        holder = content
        for key in path[:-1]:
            holder = holder[key]
        match draw(st.sampled_from(["near", "near", "value", "drop", "swap"])):
            case "near" if isinstance(holder[path[-1]], int | Decimal):
                holder[path[-1]] += draw(st.sampled_from([1, -1, 2, Decimal("0.001"), Decimal("-0.5")]))
            case "value":
                holder[path[-1]] = draw(VALUES)
            case "drop":
                del holder[path[-1]]
            case "swap" if isinstance(holder, list) and len(holder) > 1:
                holder.reverse()
            case _:
                pass
    return content
