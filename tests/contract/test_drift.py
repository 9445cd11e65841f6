"""Drift stays local, is compared with the last run, and comes with a proposal how to mend it."""

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.drifting import MAX_OTHERS, drifted, seen_of
from tests.contract.drifts import ten

SERVICES = ["cbs", "coze", "feishu", "airtable", "tencent_docs", "wecom"]


@pytest.mark.fuzz
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("service", SERVICES)
def test_ten_drifts_of_each_operation(service):
    """Each of ten single drifts per operation prevents at most three other clauses from being reached.

    Drifts that break no clause, such as another order of members, must not change any other verdict either.
    """
    wide = []
    for operation, members in seen_of(service).items():
        for one in ten(operation, members):
            ledger, lost = drifted(service, one)
            if len(lost) > (MAX_OTHERS if ledger.of("broken") else 0):
                wide.append((str(one), [(entry.clause.id, entry.reason) for entry in lost]))
            assert [entry.clause.id for entry in lost if not entry.reason] == [], one

    assert wide == []


def test_only_what_has_changed_is_reported(serve, tmp_path):
    """The first run stores its findings; the next one reports only new and corrected drift."""
    healthy, drifted = create_app(Settings(now=NOW)), [b"Server", b"nginx"]

    def app(environ, start_response):
        def start(status, headers, exc_info=None):
            wrong = drifted[0].decode()
            start_response(status, [(k, "nginx" if k == wrong else v) for k, v in headers], exc_info)

        return healthy(environ, start)

    file, options = tmp_path / "last.json", ["--cbs", serve(app), "--now", NOW, "--max-calls", 30]
    first = contract_of(*options, "--drift", file, "--github")
    same = contract_of(*options, "--drift", file)
    drifted[0] = b"none"
    mended = contract_of(*options, "--drift", file)

    assert (first.exit_code, same.exit_code, mended.exit_code) == (1, 0, 0)
    assert "NEW http.server: " in first.output
    assert "::error title=http.server" in first.output
    assert "nothing has changed since the last run" in same.output
    assert "MENDED http.server" in mended.output


def test_a_file_that_no_run_has_written(tmp_path):
    """A file of something else is an error before the run."""
    file = tmp_path / "last.json"
    file.write_text("[]")

    result = contract_of("--drift", file)

    assert result.exit_code == 2
    assert "not a file written by --drift" in result.stderr
