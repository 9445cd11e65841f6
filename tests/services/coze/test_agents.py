"""Bots and workflows by their ids."""

import pytest

from tests.services.coze.calls import REASON
from tests.services.coze.conftest import DRAFT


def test_drafts_can_be_asked(coze):
    """publish_status=unpublished_draft reaches a bot that is not published."""
    body = {"bot_id": DRAFT, "user_id": "u"}

    assert coze.post("/v3/chat", json=body).json["code"] == 4015
    assert coze.post("/v3/chat", json={**body, "publish_status": "unpublished_draft"}).json["code"] == 0


@pytest.mark.parametrize(
    ("bot_id", "reason"),
    [("123", "ids of Coze have 16 to 20 digits, 123 has 3; and dataset coze-sample does not contain it")],
)
def test_short_ids(coze, bot_id, reason):
    """An id that is too short is refused with its own reason."""
    answer = coze.get(f"/v1/bots/{bot_id}/analytics?start_date=2025-12-15&end_date=2025-12-15")

    assert (answer.json["code"], answer.headers[REASON]) == (4200, reason)
