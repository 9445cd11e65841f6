"""Rows of the catalogue that clients can provoke."""

import pytest

from mockcbs.services.coze import errors


@pytest.mark.parametrize("row", [row for row in errors.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_ids_that_fail_on_purpose(coze, row):
    """A bot id of zeros and a code answers with that row, everywhere."""
    agent = row.provoke.removeprefix("bot ")
    query = "?start_date=2025-12-15&end_date=2025-12-15"

    answers = [
        coze.get(f"/v1/bots/{agent}/analytics{query}"),
        coze.get(f"/v1/workflows/{agent}/analytics{query}"),
        coze.get(f"/v1/bot/get_online_info?bot_id={agent}"),
        coze.post("/v3/chat", json={"bot_id": agent, "user_id": "u", "stream": True}),
        coze.post("/v1/workflow/run", json={"workflow_id": agent}),
    ]

    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(row.status, int(row.code))}
    assert (row.status == 429) == ("Retry-After" in answers[0].headers)


def test_4028_by_id_and_by_scenario(coze):
    """The quota of a free account can be used up by id and by scenario."""
    by_id = coze.post("/v3/chat", json={"bot_id": "0000000000004028", "user_id": "u"})

    assert (by_id.status_code, by_id.json["code"]) == (200, 4028)
    assert "4028" in {row.code for row in errors.CATALOGUE if row.provoke}
