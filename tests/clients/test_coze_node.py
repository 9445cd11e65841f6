"""Coze's own Node client, ``@coze/api``."""

from pathlib import Path

import pytest

from tests.clients import npm

pytestmark = npm.needed

SCRIPT = Path(__file__).parent / "node" / "coze.cjs"


@pytest.fixture(scope="module")
def seen(_shared, tmp_path_factory):
    """What the script saw, with the client installed in a folder of its own."""
    run = npm.runner(tmp_path_factory.mktemp("node"), SCRIPT, "@coze/api@1.3.9")
    return run(_shared("--dataset", "coze-sample").url)


@pytest.mark.slow
def test_chats(seen):
    """Chats are polled and streamed to the same answer; a refused stream is one event."""
    assert seen["poll"] == {"status": "completed", "types": ["answer", "verbose", "follow_up"]}
    assert seen["events"][0] == "conversation.chat.created"
    assert seen["events"][-2:] == ["conversation.chat.completed", "done"]
    assert seen["text"].startswith("请先确认网络正常")
    assert seen["refused"] == [["error", 4015]]


def test_conversations(seen):
    """A message is inserted and listed, a conversation cleared."""
    assert (seen["messages"], seen["cleared"]) == ([True], True)


def test_workflows(seen):
    """A workflow runs, streams, and has a history."""
    assert seen["run"]["data"] == '{"output":"ok"}'
    assert set(seen["workflow"]) == {"Message", "Done"}
    assert seen["workflow"][-1] == "Done"
    assert seen["history"] == "Success"


def test_account(seen):
    """Bots, workspaces and user are those of the sample."""
    assert (seen["bots"], seen["bot"]) == (["7342866812345678901"], "News bot")
    assert (seen["spaces"], seen["me"]) == (["7361424235321600001"], "mockcbs")


def test_analytics(seen):
    """Any path can be called, hence the analytics."""
    assert (seen["analytics"]["total_messages"], seen["analytics"]["success_rate"]) == (7, 0.75)


@pytest.mark.parametrize(
    ("call", "name", "status", "code"),
    [
        ("parameter", "BadRequestError", 400, 4000),
        ("token", "AuthenticationError", 401, 700012006),
        ("chatToken", "PermissionDeniedError", 403, 4101),
        ("foreign", "PermissionDeniedError", 403, 4101),
        ("notFound", "NotFoundError", 404, 4200),
        ("throttled", "RateLimitError", 429, 4013),
        ("broken", "InternalServerError", 500, 5000),
    ],
)
def test_error_classes(seen, call, name, status, code):
    """Errors are of the documented classes, and have the log id."""
    assert seen["errors"][call] == {"class": name, "status": status, "code": code, "logid": True}
