"""The calls of the usage statistics."""

from tests.services.coze.conftest import RUN


def test_workflows_are_called_so(coze):
    """The analytics of a workflow use the word workflow."""
    answer = coze.get(f"/v1/workflows/{RUN}/analytics?start_date=2025-12-15&end_date=2025-12-15")

    assert answer.json["data"]["workflow_id"] == RUN
    assert "bot_id" not in answer.json["data"]
