"""What documents say of IAM."""

import pytest

from mockcbs.services.iam.documentation import DOCUMENTATION
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize(("operation", "status"), [("create_token", 201), ("list_projects", 200)])
def test_examples_work_at_once(operation, status):
    """The examples succeed on a mock that has just started, with its own user."""
    assert send_example(f"iam_{operation}").status_code == status


def test_an_error_has_the_documented_body():
    """An error is an object with code, message and title."""
    refusal = mock_client().post("/v3/auth/tokens", json={})

    assert refusal.status_code == 400
    assert DOCUMENTATION.error_bodies["iam"]().validate(refusal.json) == {}
