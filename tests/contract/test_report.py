"""The report."""

from mockcbs.contract.report import Report
from tests.contract.kits import PIECE, ledger_of


def test_page_escapes_what_a_server_sent():
    """The page shows an answer's markup, it does not obey it."""
    ledger = ledger_of("a")
    ledger.enter("a", PIECE, held=False)
    report = Report("http://x", "2026-01-02T00:00:00+00:00", 1, ledger, [])

    assert "&lt;script&gt;2" in report.html()
    assert "<script" not in report.html()
    assert report.status == 1
