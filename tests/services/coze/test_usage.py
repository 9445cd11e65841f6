"""What the log knows of executions."""

from tests.services.coze.conftest import BOT


def test_failures_have_published_codes():
    """Every failure of generated traffic has a code of the catalogue; a workflow has its engine's."""
    from mockcbs.services.coze import errors, usage
    from mockcbs.traffic.knowledge import FAILURES, Turn, Utterance

    published = {int(row.code) for row in errors.CATALOGUE}

    for failure in (None, *FAILURES):
        turn = Turn(BOT, "1", "u", 1000, Utterance("x", "notmatch", failed=True, failure=failure), 5)
        options = {"earlier": 0, "connector_id": "1024", "silent": False}
        body = usage.body(turn, usage.FAILED, is_workflow=False, **options)
        assert body["error_code"] in published
        if failure in {"internal", "timeout"}:
            body = usage.body(turn, usage.FAILED, is_workflow=True, **options)
            assert body["error_code"] == 720702222
