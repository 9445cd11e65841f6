"""Drift stays local, is compared with the last run, and comes with a proposal how to mend it."""

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.drifting import check_is_local, ledger_of
from tests.contract.drifts import Drift, Seen, ten, watched

SERVICES = ["cbs", "coze", "feishu", "airtable", "tencent_docs"]


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("service", SERVICES)
def test_ten_drifts_of_each_operation(service):
    """Of ten single drifts in each operation, at most a few values leave more than three clauses not reached.

    Such a value is the id of an object that is made, which nothing else tells.
    """
    seen: Seen = {}
    ledger_of(service, watched(seen), writes=True)
    wide: list[tuple[Drift, str]] = []
    for operation, members in seen.items():
        for one in ten(operation, members):
            try:
                check_is_local(service, one, writes=True)
            except AssertionError as error:
                wide.append((one, str(error)))

    assert [
        text for one, text in wide if not one.member[-1:] or not one.member[-1].lower().endswith("id")
    ] == []


def test_only_what_has_changed_is_reported(serve, tmp_path):
    """The first run keeps what it finds, the next is about new and mended drift alone."""
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
    assert "not a file that --drift has written" in result.stderr
