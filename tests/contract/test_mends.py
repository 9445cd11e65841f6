"""Every drift comes with proposals that can be applied: they are accepted, and do what they promise."""

from datetime import date

import pytest

from mockcbs import Settings, create_app
from mockcbs.contract import deviations, drift, mends
from mockcbs.contract.compare import Difference
from mockcbs.contract.ledger import Clause, Evidence, Ledger
from tests.cli.test_contract import contract_of
from tests.conftest import BOT, NOW, PROJECT

TODAY = date(2026, 11, 26)
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"
ANALYTICS = "/v1/bots/7342866812345678901/analytics"


def one_run() -> Ledger:
    """A run in which an assumed, a documented and a derived clause are broken."""
    clauses = [Clause(f"coze.{one}", one, "3.1", "It holds.") for one in ("assumed", "documented", "derived")]
    ledger = Ledger(clauses)
    for clause in clauses:
        ledger.enter(clause.id, Evidence("GET /x", "HTTP 200 {}", "1", '2: "two"'), held=False)
    return ledger


def difference(where: str, kind: str) -> Difference:
    return Difference(f"{kind}?start_time=1", where, "integer", "absent", kind=kind)


@pytest.mark.parametrize(
    "where", ["status", "Content-Type", "body", "answer", "total.user_count", "intervals[].start"]
)
def test_every_difference_can_be_accepted(where, tmp_path):
    """The proposed entry is a valid file of deviations, after which the difference is known."""
    differs = difference(where, "GET /v1/{project_id}/qabots/{qabot_id}/qa-pairs/hots")
    (found,) = drift.found(Ledger([]), [differs], "URL", TODAY)
    (file,) = mends.write(tmp_path, found.mends)

    left, notes = deviations.unknown(deviations.read(file), [differs], TODAY)

    assert (left, notes) == ([], [])
    assert deviations.unknown(deviations.read(file), [], TODAY)[1][0].endswith("remove the entry")
    assert deviations.unknown(deviations.read(file), [differs], date(2027, 11, 26))[0] == [differs]


def test_every_broken_clause_can_be_accepted(tmp_path):
    """A broken clause of any standing gets an entry; an assumption also gets the sentence to change."""
    ledger = one_run()
    proposals = [mend for one in drift.found(ledger, [], "URL", TODAY) for mend in one.mends]
    files = {path.name: path for path in mends.write(tmp_path, proposals)}

    notes = deviations.apply(deviations.read(files["deviations.yaml"]), ledger, TODAY)

    assert notes == []
    assert ledger.of("broken") == []
    text = files["decisions.md"].read_text("utf-8")
    assert text.startswith("docs/contract/coze.md, 3.1, clause coze.assumed\n- It holds. (assumed)\n+ 2: ")
    assert text.count("clause coze.") == 1


def test_too_few_calls_are_no_deviation():
    """A comparison that was not made cannot be accepted, only made."""
    (found,) = drift.found(Ledger([]), [difference("comparison", "")], "URL", TODAY)

    assert [mend.kind for mend in found.mends] == ["run"]
    assert "--max-calls" in found.mend


@pytest.mark.slow
def test_a_comparison_night_after_night(serve, tmp_path):
    """Differences are reported once, for any dates of the requests; accepted ones are never reported."""
    healthy, other = create_app(Settings(now=NOW)), create_app(Settings(now=NOW))

    def renamed(environ, start_response):
        body = b"".join(other(environ, start_response))
        return [body.replace(b'"keyword":', b'"keyworX":')]

    options = ["--cbs", serve(healthy), "--compare", serve(renamed), "--now", NOW, "--max-calls", 400]
    folder = tmp_path / "report"

    first = contract_of(*options, "--report", folder)
    accepted = contract_of(*options, "--deviations", folder / "mends/deviations.yaml")

    assert first.exit_code == 1, first.output
    assert "DIFFERS" in first.output
    assert accepted.exit_code in {0, 3}, accepted.output
    assert "DIFFERS" not in accepted.output
