"""The contracts in `docs/contract/`: every reference to them leads somewhere."""

import re
from pathlib import Path

import pytest

from mockcbs.contract import book
from mockcbs.contract.catalogue import CLAUSES, clauses_of

ROOT = Path(__file__).parents[2]
PLACES = ["mockcbs", "contract_tests", "fixtures", "tests", "docs", "benchmarks", "examples"]
COZE = re.compile(r"coze|feishu|airtable|tencent|wecom|tables|webhook|report|bitable", re.IGNORECASE)
"""In the path of a file: its references are to the book of Coze."""

FILES = [
    file
    for place in PLACES
    for file in sorted((ROOT / place).rglob("*"))
    if file.suffix in {".py", ".md", ".json", ".yaml", ".html"}
    and "node_modules" not in file.parts
    and file != Path(__file__)
]


_SECTION = r"(?:[DSRG]-\d+[abc]?|[ACFST]\d+|\d{1,2}(?:\.\d+){0,2})"
_SEVERAL = rf"{_SECTION}(?:(?:, | to | and ){_SECTION})*"
_REFERENCE = re.compile(rf"\b(Coze )?[Cc]ontract (?:section )?({_SEVERAL})(?!\d)")


def references(text: str) -> list[tuple[book.Book | None, str]]:
    """Each section that *text* refers to, such as ``contract 6.3`` or ``Coze contract 3.5.1``, with its book
    if the reference names one.
    """
    return [
        ("coze" if named else None, section)
        for named, several in _REFERENCE.findall(text)
        for section in re.findall(_SECTION, several)
    ]


def anchors_of(name: book.Book) -> list[str]:
    """The anchors in a book that a link can point to."""
    return re.findall(r'<a id="([^"]+)">', book.text(name))


def test_every_reference_in_the_tree_resolves():
    """Code, tests, fixtures and pages name only sections, decisions and rows that exist."""
    known = {name: {*anchors_of(name)} for name in ("cbs", "coze", "oss")}
    found, lost = 0, []
    for file in FILES:
        path = str(file.relative_to(ROOT))
        usual = "coze" if COZE.search(path) or path == "mockcbs/contract/sse.py" else "cbs"
        if path.startswith("mockcbs/contract/oss"):
            usual = "oss"
        for named, section in references(file.read_text("utf-8")):
            found += 1
            if section not in known[named or usual]:
                lost.append(f"{path}: {named or usual} {section}")

    assert not lost
    assert found > 100


def test_every_clause_names_a_section():
    """The source of each clause is in its book."""
    known = {name: {*anchors_of(name)} for name in ("cbs", "coze", "oss")}

    lost = [
        f"{clause.id}: {section}"
        for clause in clauses_of(CLAUSES)
        for section in book.sections(clause.source)
        if section not in known[book.book_of(clause.id)]
    ]

    assert not lost


@pytest.mark.parametrize("name", ["cbs", "coze", "oss"])
def test_links_inside_a_book_resolve(name):
    """A book links to its own sections, and no anchor occurs twice."""
    text, anchors = book.text(name), anchors_of(name)

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(contract 6.3)", [(None, "6.3")]),
        ("Coze contract 5.1.3", [("coze", "5.1.3")]),
        ("contract 3.2 to 3.4", [(None, "3.2"), (None, "3.4")]),
        ("contract S-7, S-8; more", [(None, "S-7"), (None, "S-8")]),
        ("contract section 7.", [(None, "7")]),
        ("contract 12.1; cbs_03_0118", [(None, "12.1")]),
        ("the contract: 422 clauses", []),
        ("a contract kit", []),
    ],
)
def test_references(text, expected):
    """A reference is the word and one or several sections."""
    assert references(text) == expected


def test_a_page_has_the_anchors_of_its_book():
    """The report's copy can be linked into, and shows markup of the text as text."""
    page = book.page("cbs")

    assert all(f'<a id="{anchor}"></a>' in page for anchor in anchors_of("cbs"))
    assert "<token>" not in page
    assert "&lt;token&gt;" in page
