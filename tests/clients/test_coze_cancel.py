"""A streamed chat is a chat in progress: other connections see it, cancel it, and wait for it."""

import itertools
import time

import httpx
import pytest

BOT = "7342866812345678901"
KNOWN = {"role": "user", "content": "桌面云打不开", "content_type": "text"}


@pytest.fixture(scope="module")
def base_url(_shared):
    """A server that takes its time over streams."""
    return _shared("--dataset", "coze-sample", "--pace", "40").url


@pytest.fixture
def fast_url(_shared):
    """A server that writes streams as fast as it can."""
    return _shared("--dataset", "coze-sample").url


@pytest.fixture
def coze(base_url, request):
    headers = {"Authorization": f"Bearer pat_{request.node.name}"}
    with httpx.Client(base_url=base_url, headers=headers, timeout=20) as client:
        yield client


def _stream(coze, conversation_id="", **members):
    body = {"bot_id": BOT, "user_id": "u", "stream": True, "additional_messages": [KNOWN], **members}
    return coze.stream("POST", "/v3/chat", params={"conversation_id": conversation_id}, json=body)


def _read(lines):
    """The name and the data of the next event."""
    name, data = (line.partition(":")[2] for line in itertools.islice(lines, 2))
    next(lines)
    return name, httpx.Response(200, content=data).json()


def _where(chat):
    return {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}


def test_canceled_from_another_connection(coze):
    """The status becomes canceled, no completed event follows, and the stream ends with done."""
    with _stream(coze) as answer:
        lines = answer.iter_lines()
        _, chat = _read(lines)
        seen = coze.get("/v3/chat/retrieve", params=_where(chat)).json()["data"]["status"]
        canceled = coze.post("/v3/chat/cancel", json=_where(chat)).json()
        names = [line.partition(":")[2] for line in lines if line.startswith("event:")]

    assert (seen, canceled["data"]["status"]) == ("in_progress", "canceled")
    assert names[-1] == "done"
    assert not {name for name in names if name.startswith("conversation.chat.c")}
    assert coze.get("/v3/chat/retrieve", params=_where(chat)).json()["data"]["status"] == "canceled"
    assert coze.post("/v3/chat/cancel", json=_where(chat)).json()["code"] == 4104


def test_time_to_cancel(fast_url):
    """A stream as fast as it can be waits before the answer is complete, so that a client can cancel."""
    with httpx.Client(base_url=fast_url, headers={"Authorization": "Bearer pat_fast"}, timeout=20) as coze:
        begun = time.monotonic()
        with _stream(coze) as answer:
            lines = answer.iter_lines()
            names = [name for name, _ in (_read(lines) for _ in range(4))]
            list(lines)
        took = time.monotonic() - begun

    assert names[-1] == "conversation.message.delta"
    assert took >= 0.06


def test_a_second_chat_waits(coze):
    """While a stream runs, its conversation takes no other chat; afterwards it does."""
    with _stream(coze) as answer:
        lines = answer.iter_lines()
        _, chat = _read(lines)
        second = {"bot_id": BOT, "user_id": "u", "additional_messages": [KNOWN]}
        where = {"conversation_id": chat["conversation_id"]}
        meanwhile = coze.post("/v3/chat", params=where, json=second).json()["code"]
        list(lines)

    assert meanwhile == 4016
    assert coze.post("/v3/chat", params=where, json=second).json()["code"] == 0


def test_what_was_canceled_is_no_context(coze):
    """Later chats use neither the question nor the partial reply of a canceled chat."""
    conversation = coze.post("/v1/conversation/create", json={}).json()["data"]["id"]
    with _stream(coze, conversation) as answer:
        _, chat = _read(answer.iter_lines())
        coze.post("/v3/chat/cancel", json=_where(chat))
    body = {"bot_id": BOT, "user_id": "u"}
    later = coze.post("/v3/chat", params={"conversation_id": conversation}, json=body).json()["data"]

    coze.get("/v3/chat/retrieve", params=_where(later))
    said = coze.get("/v3/chat/message/list", params=_where(later)).json()["data"]

    assert "网络" not in next(message["content"] for message in said if message["type"] == "answer")


def test_a_client_that_leaves(coze):
    """A chat continues after its client disconnects, so that its conversation becomes free again."""
    with _stream(coze) as answer:
        _, chat = _read(answer.iter_lines())
    statuses = (
        coze.get("/v3/chat/retrieve", params=_where(chat)).json()["data"]["status"] for _ in range(200)
    )

    assert "completed" in statuses


def test_streams_without_a_history_can_be_canceled(coze):
    """A streamed chat that is not saved can be canceled, although it cannot be retrieved."""
    with _stream(coze, auto_save_history=False) as answer:
        lines = answer.iter_lines()
        _, chat = _read(lines)
        retrieved = coze.get("/v3/chat/retrieve", params=_where(chat)).json()["code"]
        canceled = coze.post("/v3/chat/cancel", json=_where(chat)).json()["code"]
        names = [line.partition(":")[2] for line in lines if line.startswith("event:")]

    assert (retrieved, canceled, names[-1]) == (4001, 0, "done")
    assert "conversation.chat.completed" not in names
