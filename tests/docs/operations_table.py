"""The table of operations in `docs/coze.md`, made from the docstrings of the views.

``python -m tests.docs.operations_table`` rewrites it.
"""

import inspect
import re
from collections import defaultdict
from pathlib import Path

from mockcbs.app import create_app

PAGE = Path(__file__).parents[2] / "docs" / "coze.md"
_METHODS = ("GET", "POST", "PUT", "DELETE")


def page(text: str) -> str:
    """*text* of the page, with its table made anew."""
    before, heading, rest = text.partition("## Operations\n\n")
    after = rest.partition("\n\n")[2]
    return f"{before}{heading}{_table()}\n" + (f"\n{after}" if after else "")


def _table() -> str:
    """One row a path: methods, path, and the summary of each method."""
    app = create_app()
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for rule in app.rules():
        if rule.endpoint.startswith("coze."):
            summary = (inspect.getdoc(app.view_functions[rule.endpoint]) or "").partition("\n\n")[0]
            for method in set(rule.methods) & set(_METHODS):
                found[re.sub(r"<(?:\w+(?:\(.*?\))?:)?(\w+)>", r"{\1}", rule.rule)][method] = " ".join(
                    summary.split()
                )
    rows = [
        f"| {'·'.join(methods)} | `{path}` | {' '.join(dict.fromkeys(summaries[one] for one in methods))} |"
        for path, summaries in sorted(found.items())
        for methods in [[one for one in _METHODS if one in summaries]]
    ]
    return "\n".join(["| method | path | |", "|---|---|---|", *rows])


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
