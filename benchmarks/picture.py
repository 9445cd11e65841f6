"""A picture of the repeated reads of a run: a bar for each contender."""

from typing import Any

_WIDTH, _LEFT, _LONGEST, _STEP = 640, 150, 390, 26
_TITLE = "Repeated read over 32 connections, requests a second"


def drawn(load: dict[str, Any]) -> str:
    """The figures of the part *load* as SVG."""
    rates = {
        found["title"]: cell["per_second"]
        for found in load["contenders"].values()
        for cell in found["loads"]
        if (cell["work"], cell["connections"]) == ("repeated", 32)
    }
    ordered = sorted(rates.items(), key=lambda row: -row[1])
    height = 54 + _STEP * len(ordered)
    shape = f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {shape} role="img" aria-label="{_TITLE}">',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="16" y="24" font-weight="bold" fill="#1f2933">{_TITLE}</text>',
            *(_bar(place, title, rate, rate / ordered[0][1]) for place, (title, rate) in enumerate(ordered)),
            "</svg>\n",
        ]
    )


def _bar(place: int, title: str, rate: float, share: float) -> str:
    top, width = 42 + _STEP * place, max(1, round(_LONGEST * share))
    colour = "#2f6fde" if title == "mockcbs" else "#9aa5b1"
    text = f'y="{top + 13}" fill="#1f2933"'
    return (
        f'<text x="{_LEFT - 10}" text-anchor="end" {text}>{title}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{width}" height="18" fill="{colour}"/>'
        f'<text x="{_LEFT + width + 6}" {text}>{rate:,.0f}</text>'
    )
