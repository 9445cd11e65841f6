"""Who may call, and how a refusal looks."""

from tests.services.coze.conftest import BOT, DRAFT, caller
from tests.services.coze.figures import (
    SAMPLE,
    WEEK,
    refusal,
    usage,
)


def test_expired_tokens_of_chats(coze):
    """The scenario token-expired answers POST /v3/chat as the vendor does: 200 and 4101."""
    prefer = {"Prefer": "scenario=token-expired"}

    chats = [coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u"}, headers=prefer) for _ in range(9)]
    reads = [coze.get("/v1/users/me", headers=prefer) for _ in range(9)]

    assert {(200, 4101)} >= {(one.status_code, one.json["code"]) for one in chats} - {(200, 0)} != set()
    assert {(401, 700012006)} >= {(one.status_code, one.json["code"]) for one in reads} - {(200, 0)} != set()


def test_a15_a16_a17_credentials():
    """A missing token, a wrong one and one of another bot have different errors, before those of
    parameters.
    """
    strict = caller(strict=True)

    def refused(**headers):
        return refusal(strict, f"{SAMPLE}{WEEK}", headers=headers)

    assert usage(strict, SAMPLE + WEEK)
    for header in ("", "wrong", "Bearer", "Bearer ", "Basic x"):
        assert refused(Authorization=header) == (401, 4100)
    assert refused(Authorization="Bearer wrong") == (401, 700012006)
    assert refused(Authorization="Bearer expired-token") == (401, 700012006)
    assert refused(Authorization=f"Bearer bot_{DRAFT}") == (403, 4101)
    assert strict.get(SAMPLE + WEEK, headers={"Authorization": f"Bearer bot_{BOT}"}).json["code"] == 0
    assert refusal(strict, SAMPLE, headers={"Authorization": "Bearer wrong"}) == (401, 700012006)
