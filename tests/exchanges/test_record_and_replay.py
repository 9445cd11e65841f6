"""``serve --replay`` answers with exchanges of ``record``, and reveals no person."""

import json


def test_answers_pass_unchanged(recorded):
    """The proxy does not change status or body, and records every call."""
    path, answers = recorded
    content = json.loads(path.read_text("utf-8"))

    assert [answer.status_code for answer in answers] == [200, 400, 401, 201]
    assert '"total":{"session_count":' in answers[0].text
    assert [row["response"]["status"] for row in content["exchanges"]] == [200, 400, 401, 201]
    assert content["exchanges"][0]["response"]["body"] == answers[0].text
