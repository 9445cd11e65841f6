"""Two runs of the same suite against a server with a frozen clock see the same bytes."""

from dataclasses import replace

import httpx
import pytest

from mockcbs import create_app
from tests.clients.every_call import BOT, WEEK, Seen, every_call

TOLD = {
    "x-tt-logid",
    "x-request-id",
    "x-mockcbs-reason",
    "location",
    "content-type",
    "etag",
    "x-subject-token",
}
"""Headers that are the same, too; others tell how the server sent the body."""


def _suite(url) -> list[Seen]:
    """Some requests that are repeated, so that the response cache answers, and one of every operation."""
    seen = []
    with httpx.Client(base_url=url, headers={"Authorization": "Bearer pat_suite"}) as client:
        for path in [f"/v1/bots/{BOT}/analytics?{WEEK}", "/v1/bots/nope/analytics", "/v1/users/me"] * 3:
            answer = client.get(path)
            seen.append(Seen(path, answer.status_code, answer.content, dict(answer.headers)))
    return [_without(url, one) for one in [*seen, *every_call(url)]]


def _without(url, one):
    """*one* without the address of the server, which its links hold."""
    headers = {name: text.replace(url, "") for name, text in one.headers.items() if name in TOLD}
    return replace(one, body=one.body.replace(url.encode(), b""), headers=headers)


@pytest.fixture(scope="module")
def expected(serving):
    with serving("--dataset", "coze-sample", "--quiet") as served:
        return _suite(served.url)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [(), ("--no-cache",), ("--workers", "2")], ids=["again", "no cache", "workers"]
)
def test_equal_bytes(serving, expected, options):
    """Two servers give equal bytes, also without a response cache and with several workers."""
    with serving("--dataset", "coze-sample", "--quiet", *options) as served:
        seen = _suite(served.url)

    assert [one.call for one in seen] == [one.call for one in expected]
    for one, other in zip(seen, expected, strict=True):
        assert one == other


@pytest.mark.slow
def test_the_suite_is_complete(serving):
    """The suite calls every operation of CBS, IAM and Coze, and nearly all succeed."""
    with serving("--dataset", "coze-sample", "--quiet") as served:
        seen = every_call(served.url)
        journal = httpx.get(f"{served.url}/_mockcbs/journal?limit=1000").json()["entries"]

    called = {entry["operation"] for entry in journal}
    assert {name for name in _operations() if name.startswith(("cbs.", "iam.", "coze."))} <= called
    assert len([one for one in seen if one.status >= 400]) < 10


def _operations() -> set[str]:
    """All that are served."""
    rules = create_app().rules()
    return {rule.endpoint for rule in rules}
