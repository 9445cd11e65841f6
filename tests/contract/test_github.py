"""What GitHub Actions show of a run."""

import re
from datetime import date

import pytest

from mockcbs.contract import drift, github
from mockcbs.contract.ledger import Clause, Evidence, Ledger


def one_run() -> Ledger:
    """A run in which an assumed and a documented clause are broken."""
    ledger = Ledger(
        [
            Clause("coze.a", "documented", "3.1", "A holds."),
            Clause("coze.b", "assumed", "3.2", "B holds."),
            Clause("coze.c", "derived", "3.3", "C holds."),
        ]
    )
    for name in ("coze.a", "coze.b"):
        ledger.enter(name, Evidence("GET /x", "HTTP 200 {}", "1", "2"), held=False)
    return ledger


def test_annotations_and_summary(tmp_path, monkeypatch):
    """GitHub gets one line for each drift, and a summary that quotes it."""
    found = drift.found(one_run(), [], "URL", date(2026, 11, 26))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))

    lines = github.annotations(found)
    github.write_summary(github.summary(found, "URL: 2 broken"))

    assert lines[0].startswith("::error title=coze.a%3A A holds.::GET /x%0Aexpected 1%0A")
    assert lines[1].startswith("::warning title=coze.b")
    text = (tmp_path / "summary.md").read_text()
    assert "URL: 2 broken" in text
    assert "```\n" in text


@pytest.mark.parametrize("quoted", ["```", "a```b", "`````\nx", "x````", "no backtick"])
def test_backticks_of_a_response(quoted):
    """Backticks in a response, also within a word, do not end the block that quotes it."""
    ledger = Ledger([Clause("coze.a", "documented", "3.1", "A holds.")])
    ledger.enter("coze.a", Evidence("GET /x", quoted, "1", "2"), held=False)
    found = drift.found(ledger, [], "URL", date(2026, 11, 26))

    text = github.summary(found, "URL: 1 broken")

    fence = next(line for line in text.splitlines() if re.fullmatch("`{3,}", line))
    assert fence not in found[0].detail
    assert text.split(f"{fence}\n")[1] == f"{found[0].detail}\n"
