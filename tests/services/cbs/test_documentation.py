"""What documents say of CBS."""

import pytest

from mockcbs.services.cbs.documentation import DOCUMENTATION
from tests.conftest import BOT, PROJECT
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize(
    "operation", ["session_stats", "reply_rates", "hot_questions", "keywords", "chat", "suggestions"]
)
def test_examples_work_at_once(operation):
    """The examples return figures on a mock that has just started."""
    response = send_example(f"cbs_{operation}")

    assert response.status_code == 200
    assert response.json


def test_an_error_has_the_documented_body():
    """An error has a code and a message."""
    path = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=x"

    refusal = mock_client().get(path, headers={"X-Auth-Token": "any"})

    assert refusal.status_code == 400
    assert DOCUMENTATION.error_bodies["cbs"]().validate(refusal.json) == {}
