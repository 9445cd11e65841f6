"""A target that stops serving in the middle of a run ends the run, and breaks no clause."""

import json

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW

CBS_EXPIRED = '{"error_code":"APIG.0307","error_msg":"The token must be updated.","request_id":"0"}'
COZE_REFUSED = '{"code":700012006,"msg":"access token invalid","detail":{"logid":"1"}}'
COZE_FORBIDDEN = '{"code":4101,"msg":"no permission","detail":{"logid":"1"}}'
LOGIN = "<html><title>Hotel</title><input type=password></html>"
EXPIRED = "expired credentials: {url} says 401 APIG.0307 The token must be updated."
REVOKED = "credentials have expired or were revoked: {url} says 401 700012006 access token invalid"
PORTAL = "found a login page, perhaps of a captive portal: {url} responds 200 with an HTML page (Hotel)"


def failing(after, status, body, only=""):
    """A mock that answers all calls after some, or only those to one path, with an error."""
    healthy, calls = create_app(Settings(now=NOW)), iter(range(10**6))
    kind = "text/html" if body.startswith("<") else "application/json"

    def app(environ, start_response):
        if next(calls) < after or not environ["PATH_INFO"].endswith(only):
            return healthy(environ, start_response)
        start_response(f"{status} X", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body.encode()]

    return app


@pytest.mark.parametrize(
    ("service", "status", "body", "words"),
    [
        ("cbs", 401, CBS_EXPIRED, EXPIRED),
        ("coze", 401, COZE_REFUSED, REVOKED),
        ("coze", 403, COZE_FORBIDDEN, "no permission: {url} says 403 4101 no permission"),
        ("cbs", 200, LOGIN, PORTAL),
        ("coze", 500, "{}", "{url} fails every call: 500 {}"),
        ("cbs", 503, "{}", "{url} is not available: 503 {}"),
    ],
)
def test_a_target_that_stops_serving(service, status, body, words, serve, tmp_path):
    """The run ends with the reason and status 2; no later response breaks a clause."""
    url = serve(failing(60, status, body))
    healthy = _of_healthy(serve(create_app(Settings(now=NOW))), service, tmp_path / "healthy")

    result = contract_of(f"--{service}", url, "--now", NOW, "--report", tmp_path)

    assert result.exit_code == 2
    assert " calls, " + words.replace("{url}", url) in result.stderr
    assert _names(tmp_path) <= healthy


def _of_healthy(url, service, folder):
    contract_of(f"--{service}", url, "--now", NOW, "--max-calls", 80, "--report", folder)
    return _names(folder)


def _names(folder):
    clauses = json.loads((folder / "report.json").read_text())["clauses"]
    return {row["id"] for row in clauses if row["verdict"] == "broken"}


def test_one_operation_that_fails_is_drift(serve, tmp_path):
    """If only one operation begins to fail, the run goes on, and its clauses break."""
    url = serve(failing(60, 500, "{}", only="/keywords"))

    result = contract_of("--cbs", url, "--now", NOW, "--report", tmp_path)

    assert result.exit_code == 1
    assert _names(tmp_path)
