"""What passes through ``record`` is answered again by ``serve --replay``, and tells nothing of anybody."""

import json


def test_answers_pass_unchanged(recorded):
    """The proxy changes neither status nor body, and every call is written down."""
    path, answers = recorded
    content = json.loads(path.read_text("utf-8"))

    assert [answer.status_code for answer in answers] == [200, 400, 401, 201]
    assert '"total":{"session_count":' in answers[0].text
    assert [row["response"]["status"] for row in content["exchanges"]] == [200, 400, 401, 201]
    assert content["exchanges"][0]["response"]["body"] == answers[0].text
