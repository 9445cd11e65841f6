"""The contracts in `docs/contract/`, and the sections that the source of a clause names.

``12`` is a part, ``6.3`` a section, ``D-9`` a decision, ``S-15`` or ``G-12`` a row.
"""

import re
from html import escape
from importlib.resources import files
from importlib.util import find_spec
from typing import Literal

Book = Literal["cbs", "coze", "oss"]

_PACKAGE = "mockcbs.book"
_OF_COZE = {"coze", "feishu", "airtable", "tencent_docs", "wecom", "webhooks"}
"""The services that the Coze contract describes."""
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def sections(source: str) -> list[str]:
    """The sections in the source of a clause: ``5.11, G-15``."""
    return source.split(", ")


def book_of(clause: str) -> Book:
    """The book that contains the source of a clause."""
    service = clause.partition(".")[0]
    if service == "oss":
        return "oss"
    return "coze" if service in _OF_COZE else "cbs"


def shipped() -> bool:
    """Whether the books are installed; an older editable install may not have them."""
    return find_spec(_PACKAGE) is not None


def text(book: Book) -> str:
    """The Markdown text of a book."""
    return (files(_PACKAGE) / f"{book}.md").read_text("utf-8")


def page(book: Book) -> str:
    """A book as a self-contained HTML page with an anchor for each section and row."""
    lines = _ANCHOR.sub(r"\0\1\0", text(book))
    marked = re.sub(r"\0([^\0]+)\0", r'<a id="\1"></a>', escape(lines))
    style = "pre{white-space:pre-wrap;max-width:70rem;margin:2rem auto;font:15px/1.5 system-ui,sans-serif}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f"<title>Contract: {book}</title>\n<style>:root{{color-scheme:light dark}}:target{{background:#fc06}}"
        f"{style}</style>\n<pre>{marked}</pre>\n</html>\n"
    )
