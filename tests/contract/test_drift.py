"""Drift stays local, is compared with the last run, and comes with a proposal how to mend it."""

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.drifting import MAX_OTHERS, drifted, is_noticed, seen_of
from tests.contract.drifts import Drift, of_values, ten
from tests.contract.xml_content import HEADERS

SERVICES = ["cbs", "coze", "feishu", "airtable", "tencent_docs", "wecom", "oss"]


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


WRITTEN = [
    ("feishu", "POST", "records/batch_create", ("data", "records", "[]", "fields", "size"), "greater by one"),
    ("feishu", "POST", "records/search", ("data", "items", "[]", "fields", "at"), "eight hours later"),
    ("feishu", "POST", "records/batch_get", ("data", "records", "[]", "fields", "name"), "gone"),
    ("feishu", "POST", "im/v1/messages", ("data", "create_time"), "eight hours later"),
    ("airtable", "GET", "Contract kit", ("records", "[]", "fields", "workflow_id"), "with another text"),
    ("airtable", "GET", "meta/bases", ("bases",), "without its last element"),
    ("tencent_docs", "POST", "sheets/Kit1", ("data", "addRecords", "records"), "in reverse order"),
    ("coze", "GET", "workflows/{}/analytics", ("data", "summary", "unique_users"), "greater by one"),
    ("coze", "GET", "workflows/{}/analytics", ("data", "metrics", "[]", "timestamp"), "eight hours later"),
    ("coze", "GET", "v1/bots", ("data", "total"), "greater by one"),
    ("coze", "PUT", "v1/conversations/{}", ("data", "id"), "with another text"),
    ("oss", "GET", "mockcbs-kit/", ("ListBucketResult", "Contents", "[]", "Size"), "with another text"),
    ("oss", "GET", "?uploadId", ("ListPartsResult", "Part", "[]", "ETag"), "with another text"),
    ("oss", "HEAD", "mockcbs-kit/{}", ("headers", "Last-Modified"), "gone"),
]
"""Drifts of values: service, method, end of the path, member, and how it changes."""


@pytest.mark.fuzz
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("service", "method", "end", "member", "kind"), WRITTEN)
def test_a_wrong_value_is_noticed(service, method, end, member, kind):
    """A value that the request, the time or another response contradicts breaks a clause."""
    operations = [one for one in seen_of(service) if one[0] == method and one[1].endswith(end)]

    assert [is_noticed(service, Drift(*one, member, kind)) for one in operations] == [True]


@pytest.mark.fuzz
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("service", SERVICES)
def test_wrong_headers_are_noticed(service):
    """A good response as plain text, or without the id that every response has, breaks a clause."""
    kinds = ["as plain text"]
    if service in {"cbs", "coze", "feishu", "oss"}:
        kinds.append("without an id of the response")
    drifts = [
        one
        for operation, members in seen_of(service).items()
        for one in of_values(operation, members)
        if one.kind in kinds and "/hook/" not in one.path
        if one.kind != "as plain text" or service != "oss" or _has_content(members)
    ]

    assert [str(one) for one in drifts if not is_noticed(service, one)] == []


def _has_content(members):
    """Whether an operation of OSS has a body; the type of an empty body has no meaning."""
    return any(member[0] != HEADERS for member in members)


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
