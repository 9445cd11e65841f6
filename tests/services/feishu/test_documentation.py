"""What documents say of Feishu."""

import pytest

from mockcbs.services.feishu.documentation import DOCUMENTATION
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize(
    "operation", ["tenant_access_token", "create_record", "search_records", "send_message", "call_hook"]
)
def test_examples_work_at_once(operation):
    """The examples succeed on a mock that has just started."""
    response = send_example(f"feishu_{operation}")

    assert (response.status_code, response.json["code"]) == (200, 0)


def test_an_error_has_the_documented_body():
    """An error has a code and a message."""
    refusal = mock_client().get("/open-apis/im/v1/chats")

    assert refusal.json["code"] != 0
    assert DOCUMENTATION.error_bodies["feishu"]().validate(refusal.json) == {}
