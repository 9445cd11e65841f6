"""The same suite, run twice against a server whose clock stands still, sees the same bytes."""

import httpx
import pytest

BOT = "7342866812345678901"
RANGE = "start_date=2025-12-15&end_date=2025-12-21"


def _suite(url):
    """Ids and bodies of some requests, many of them repeated, so that the response cache answers."""
    seen = []
    with httpx.Client(base_url=url, headers={"Authorization": "Bearer pat_suite"}) as client:
        for path in [f"/v1/bots/{BOT}/analytics?{RANGE}", "/v1/bots/nope/analytics", "/v1/users/me"] * 5:
            answer = client.get(path)
            seen.append((answer.headers["X-Tt-Logid"], answer.content))
        body = {"bot_id": BOT, "user_id": "u", "stream": True}
        seen.append(("", client.post("/v3/chat", json=body).content))
        seen.append(("", client.get(f"/v1/bots/{BOT}/analytics?{RANGE}").content))
    return seen


@pytest.fixture(scope="module")
def expected(serving):
    with serving("--dataset", "coze-sample", "--quiet") as served:
        return _suite(served.url)


@pytest.mark.parametrize(
    "options", [(), ("--no-cache",), ("--workers", "2")], ids=["again", "no cache", "workers"]
)
def test_equal_bytes(serving, expected, options):
    """Another server says the same, without a response cache and with several workers, too."""
    with serving("--dataset", "coze-sample", "--quiet", *options) as served:
        assert _suite(served.url) == expected
