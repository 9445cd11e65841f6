"""Whether the account may write."""

import json

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.diagnosed import sentence

REFUSALS = {
    "cbs": {"error_code": "APIG.0302", "error_msg": "not authorized"},
    "coze": {"code": 4101, "msg": "no permission"},
    "feishu": {"code": 91403, "msg": "Forbidden"},
    "airtable": {"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": "no"}},
    "tencent-docs": {"ret": 400008, "msg": "No Permission"},
    "wecom": {"errcode": 48002, "errmsg": "api forbidden"},
    "oss": {},
}
WITHOUT_STATUS = ("feishu", "tencent-docs", "wecom")
"""Services that may forbid a write with HTTP status 200."""


def reading_only(service, status="403 Forbidden", below=""):
    """A healthy mock, except that it forbids every call that is no GET, apart from logins, *below* a path."""
    healthy = create_app(Settings(now=NOW))
    refusal = json.dumps(REFUSALS[service]).encode()

    def app(environ, start_response):
        path = environ["PATH_INFO"]
        is_read = environ["REQUEST_METHOD"] == "GET" or "auth" in path or path.startswith("/_mockcbs")
        if is_read or not path.startswith(below):
            return healthy(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(status, [("Content-Type", "application/json")])
        return [refusal]

    return app


@pytest.mark.parametrize("service", REFUSALS)
def test_writes_that_are_forbidden(service, serve):
    """A run with writes does not begin if the account can only read."""
    found = sentence(service, serve(reading_only(service)), "--allow-writes")

    assert found.startswith("read-only account: URL says 403")
    assert "--allow-writes" in found


@pytest.mark.parametrize(
    ("service", "status"),
    [
        *(
            pytest.param(name, "403 Forbidden", marks=pytest.mark.slow if name in ("cbs", "coze") else ())
            for name in REFUSALS
        ),
        *((service, "200 OK") for service in WITHOUT_STATUS),
    ],
)
def test_a_run_without_writes_on_a_read_only_account(service, status, serve):
    """Where the account may only read, the clauses about other calls are not reached, and none is broken."""
    url = serve(reading_only(service, status))

    result = contract_of(f"--{service}", url, "--now", NOW, "--max-calls", 2000)

    assert "BROKEN" not in result.stdout, result.stdout
    assert result.exit_code == 0, result.output
    sentences = [line for line in result.stdout.splitlines() if "read-only account" in line]
    assert len(sentences) == (service != "airtable")
    assert all(line.startswith(f"not reached, read-only account: {url} says ") for line in sentences)


@pytest.mark.slow
def test_one_wrong_refusal_is_no_read_only_account(serve):
    """If only one operation is forbidden, the account may write, and the clauses of the operation break."""
    url = serve(reading_only("coze", below="/v3/chat"))

    result = contract_of("--coze", url, "--now", NOW)

    assert result.exit_code == 1
    assert "BROKEN coze.chat.required" in result.stdout
    assert "read-only" not in result.stdout
