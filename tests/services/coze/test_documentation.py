"""What documents say of Coze."""

import pytest

from mockcbs.services.coze.documentation import DOCUMENTATION
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize(
    "operation",
    ["bot_analytics", "bot_logs", "run_workflow", "create_chat", "create_conversation", "list_workspaces"],
)
def test_examples_work_at_once(operation):
    """The examples succeed on a mock that has just started."""
    response = send_example(f"coze_{operation}")

    assert (response.status_code, response.json["code"]) == (200, 0)


@pytest.mark.parametrize(
    ("catalogue", "path"), [("coze", "/v1/bots/1/analytics"), ("coze oauth", "/api/permission/oauth2/token")]
)
def test_errors_have_the_documented_body(catalogue, path):
    """Errors have the documented body; the endpoints of OAuth have another one."""
    refusal = mock_client().open(path, method="GET" if catalogue == "coze" else "POST", json={})

    assert refusal.json["code"] if catalogue == "coze" else refusal.status_code >= 400
    assert DOCUMENTATION.error_bodies[catalogue]().validate(refusal.json) == {}


def test_operations_without_credentials_exist():
    """A document that names others would call them open in vain."""
    rules = mock_client().application.rules()

    assert {rule.endpoint for rule in rules} >= DOCUMENTATION.open_endpoints
