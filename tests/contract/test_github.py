"""What GitHub Actions show of a run."""

from datetime import date

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
