"""The tables of `docs/settings.md`, made from the settings.

``python -m tests.docs.settings_table`` rewrites them.
"""

import re
from pathlib import Path
from typing import Any

from mockcbs.cli.options import flag
from mockcbs.core.setting import About, settings_of
from mockcbs.settings import ServerSettings, Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
OWNERS = {owner.__name__: owner for owner in (ServerSettings, Settings)}


def table(owner: type) -> str:
    """One row a setting: flag, default, what it means and accepts."""
    rows = (
        f"| `{flag(name, default)}` |{_default(default, about)}| {_meaning(about, kind.choices)} |"
        for name, default, about, kind in settings_of(owner)
    )
    return "\n".join(["| flag | default | |", "|---|---|---|", *rows])


def _default(default: Any, about: About) -> str:
    if isinstance(default, bool):
        return " "
    return f" `{default}` " if default not in {None, ()} else f" {about.unset} "


def _meaning(about: About, choices: tuple[str, ...]) -> str:
    parts = [re.sub(r"(--[a-z-]+|/_mockcbs|X-Mockcbs-Reason|sqlite:///FILE)", r"`\1`", about.help)]
    if choices:
        parts.append("One of " + ", ".join(f"`{choice}`" for choice in choices) + ".")
    if about.bounds:
        parts.append("{} to {}.".format(*about.bounds))
    if about.page:
        parts.append(f"[More]({about.page})")
    return " ".join(parts)


def page(text: str) -> str:
    """*text* of the page with its tables made anew."""
    for name, owner in OWNERS.items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition("\n<!-- end -->")
        text = f"{before}{begin}{table(owner)}{end}{after}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
