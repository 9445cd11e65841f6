"""The verdicts of an exam."""

from mockcbs.grading.findings import Findings


def test_the_first_thing_that_breaks_a_requirement_decides():
    """A broken requirement is not changed by later findings."""
    findings = Findings({"adds": "It adds.", "repeats": "It repeats."})

    findings.breaks("adds", "1 + 1 is 3", "GET /sum")
    findings.breaks("adds", "another reason")
    findings.keep("adds", "repeats")

    assert (findings.rows["adds"].reason, findings.rows["adds"].evidence) == ("1 + 1 is 3", "GET /sum")
    assert findings.is_broken("adds")
    assert findings.count("kept") == findings.count("broken") == 1


def test_nothing_kept_has_a_secret():
    """What a program printed or a server sent is shown without the secret, named or not."""
    findings = Findings({"adds": "It adds.", "repeats": "It repeats."}, ["whsec-S3cr3t"])

    findings.breaks("adds", "expected 3, found whsec-S3cr3t", "stderr: token=S3cr3t-token\nis whsec-S3cr3t")
    findings.skip("the command printed {'secret': 'S3cr3t'}", "repeats")

    rows = findings.rows
    assert (rows["adds"].reason, rows["adds"].evidence) == (
        "expected 3, found ***",
        "stderr: token=***\nis ***",
    )
    assert rows["repeats"].reason == "the command printed {'secret': '***'}"
    assert findings.shown("http://me:S3cr3t@host/") == "http://me:***@host/"


def test_what_is_not_examined_has_a_reason():
    """A requirement that was examined later loses the reason why it was not."""
    findings = Findings({"adds": "It adds.", "repeats": "It repeats."})

    findings.skip("nothing to add", "adds", "repeats")
    findings.keep("repeats")

    assert (findings.rows["adds"].verdict, findings.rows["adds"].reason) == ("not examined", "nothing to add")
    assert findings.rows["repeats"].reason == ""
