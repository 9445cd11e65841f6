"""The report of an exam."""

import json

import pytest

from mockcbs.core.errors import UserError
from mockcbs.grading import report
from mockcbs.grading.findings import Findings


@pytest.fixture
def findings():
    findings = Findings({"adds": "It adds.", "repeats": "It repeats.", "zones": "It knows zones."})
    findings.breaks("adds", "1 + 1 is 3", "GET /<sum>\n\n→ 3")
    findings.keep("repeats")
    findings.skip("there is only one zone", "zones")
    return findings


def test_lines(findings):
    """A terminal shows each requirement, the evidence against it, and the verdict."""
    assert report.lines("my client", findings) == [
        "BROKEN        adds: It adds.",
        "              1 + 1 is 3",
        "                 GET /<sum>",
        "",
        "                 → 3",
        "KEPT          repeats: It repeats.",
        "NOT EXAMINED  zones: It knows zones.",
        "              there is only one zone",
        "my client: failed (1 kept, 1 broken, 1 not examined)",
    ]


def test_files(findings, tmp_path):
    """A folder holds the report for programs, as a page with what is broken first, and further files."""
    report.write(tmp_path / "new", "my client", findings, {"adds.yaml": "bots: []\n"})

    content = json.loads((tmp_path / "new" / "report.json").read_text())
    page = (tmp_path / "new" / "index.html").read_text()
    assert [row["verdict"] for row in content["requirements"]] == ["broken", "kept", "not examined"]
    assert page.index("1 + 1 is 3") < page.index("It repeats.")
    assert "GET /&lt;sum&gt;" in page
    assert (tmp_path / "new" / "adds.yaml").read_text() == "bots: []\n"


def test_a_folder_that_cannot_be_written(findings, tmp_path):
    """The error names the file that has the name of the folder."""
    (tmp_path / "taken").touch()

    with pytest.raises(UserError, match="taken' cannot be written: File exists"):
        report.write(tmp_path / "taken", "my client", findings)
