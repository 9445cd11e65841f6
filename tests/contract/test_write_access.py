"""Whether the account may write."""

import json

import pytest

from mockcbs import Settings, create_app
from tests.conftest import NOW
from tests.contract.diagnosed import sentence


@pytest.mark.parametrize("service", ["cbs", "coze", "feishu", "airtable", "oss"])
def test_an_account_that_may_only_read(service, serve):
    """A run with writes does not begin if the account can only read."""
    healthy = create_app(Settings(now=NOW))
    refusal = json.dumps({"code": 4101, "error_code": "APIG.0302", "msg": "no permission", "error": "x"})

    def app(environ, start_response):
        path = environ["PATH_INFO"]
        login = "auth" in path or path.startswith("/_mockcbs") or path.rstrip("/").endswith("mockcbs-kit")
        if environ["REQUEST_METHOD"] == "GET" or login:
            return healthy(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        return [refusal.encode()]

    found = sentence(service, serve(app), "--allow-writes")

    assert found.startswith("read-only account: URL says 403 ")
    assert "--allow-writes" in found
