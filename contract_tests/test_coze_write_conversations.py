"""Conversations and messages. They need permission to write."""

from typing import Any

from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import Lacking, known
from mockcbs.contract.targets import Answer, query

_LIST = "/v1/conversation/message/list"
_MANY = 21
_LARGE = {f"key{n}": "x" for n in range(17)}


def conversation(coze: Coze, **members: Any) -> dict[str, Any]:
    """A new conversation with the bot."""
    body = {"bot_id": coze.kit.coze_bot_id, **members}
    made: dict[str, Any] = coze.good("conversation", coze.post("/v1/conversation/create", body))
    if isinstance(made["id"], Lacking):  # a new conversation is the first in the list
        page = coze.get("/v1/conversations", query(bot_id=coze.kit.coze_bot_id, page_num=1, page_size=1))
        made = _with_id(made, coze.good("conversations", page)["conversations"])
    return made


def _with_id(made: Any, listed: Any) -> Any:
    """*made* with the id of the first item of *listed*, which is the same object."""
    first = next(iter(known(listed, [])), made)
    return first if isinstance(made, Lacking) else {**made, "id": first["id"]}


def message(coze: Coze, conversation_id: str, text: str) -> dict[str, Any]:
    """Create a message in a conversation, with the null members that cozepy sends."""
    body = {"role": "user", "content": text, "content_type": "text", "meta_data": None}
    answer = coze.post("/v1/conversation/message/create", body, query(conversation_id=conversation_id))
    made: dict[str, Any] = coze.good("message", answer)
    if isinstance(made["id"], Lacking):
        made = _with_id(made, messages(coze, conversation_id, order="desc", limit=1).json["data"])
    return made


def messages(coze: Coze, conversation_id: str, **asked: Any) -> Answer:
    """A page of messages; parameters that are not given are sent as null."""
    body = {"order": None, "chat_id": None, "before_id": None, "after_id": None, "limit": None, **asked}
    answer = coze.post(_LIST, body, query(conversation_id=conversation_id))
    coze.each("message", answer)
    return answer


@checks(
    "coze.shape.conversation",
    "coze.conversations.create",
    "coze.conversations.limits",
    "coze.conversations.rename",
)
def test_conversation(kit: Kit) -> None:
    """A conversation has the given name and meta_data until it is renamed."""
    coze = Coze.of(kit)
    coze.may_write()
    clause, given = "coze.conversations.create", {"name": "mockcbs 会话", "meta_data": {"uuid": made_up()}}
    made = conversation(coze, **given)
    answer = coze.get("/v1/conversation/retrieve", query(conversation_id=made["id"]))
    found = coze.good("conversation", answer)
    kit.expect(clause, answer, {name: found.get(name) for name in given}, given, "name and meta_data")
    kit.expect(clause, answer, found, made, "conversation as created")
    answer = coze.post("/v1/conversation/create", {})
    empty = coze.good("conversation", answer)
    kit.expect(clause, answer, empty["meta_data"], {}, "meta_data")
    coze.succeeded(coze.get(f"/v1/conversations/{empty['id']}", method="DELETE"))
    answer = coze.post(f"/v1/conversations/{made['id']}", {"name": "renamed"}, method="PUT")
    kit.expect(
        "coze.conversations.rename", answer, coze.good("conversation", answer).get("name"), "renamed", "name"
    )
    answer = coze.get("/v1/conversation/retrieve", query(conversation_id=made["id"]))
    kit.expect(
        "coze.conversations.rename", answer, coze.good("conversation", answer).get("name"), "renamed", "name"
    )
    for bad, status, code in (
        ({"name": "x" * 101}, 400, 4000),
        *(({"meta_data": pairs}, 200, 4003) for pairs in (_LARGE, {"k" * 65: "x"}, {"k": "x" * 513})),
    ):
        answer = coze.post("/v1/conversation/create", {"bot_id": kit.coze_bot_id, **bad})
        coze.refused("coze.conversations.limits", answer, status, code)
    kept = conversation(
        coze, name="x" * 100, meta_data={**dict(list(_LARGE.items())[:15]), "k" * 64: "x" * 512}
    )
    for spare in (made["id"], kept["id"]):
        coze.succeeded(coze.get(f"/v1/conversations/{spare}", method="DELETE"))


@checks(
    "coze.shape.conversations",
    "coze.shape.section",
    "coze.conversations.listed",
    "coze.conversations.pages",
    "coze.conversations.clear",
    "coze.conversations.delete",
)
def test_list_of_conversations(kit: Kit) -> None:
    """The newest conversation is first in the list; a deleted one is absent."""
    coze = Coze.of(kit)
    coze.may_write()
    path, where = "/v1/conversations", {"bot_id": kit.coze_bot_id}
    made = [conversation(coze)["id"] for _ in range(3)]
    answer = coze.get(path, query(**where, page_size=2))
    data = coze.good("conversations", answer)
    newest = [item["id"] for item in data["conversations"]]
    kit.expect("coze.conversations.listed", answer, newest, [made[2], made[1]], "ids, newest first")
    kit.expect("coze.conversations.pages", answer, data["has_more"], True, "has_more")
    second = coze.good("conversations", coze.get(path, query(**where, page_size=2, page_num=2)))
    found = [item["id"] for item in second["conversations"]][:1]
    kit.expect("coze.conversations.pages", answer, found, [made[0]], "first id of page 2")
    answer = coze.get(path, query(**where, page_size=50, page_num=10_000))
    beyond = coze.good("conversations", answer)
    kit.expect(
        "coze.conversations.pages", answer, beyond, {"conversations": [], "has_more": False}, "page 10000"
    )
    answer = coze.get(path, query(**where, sort_order="ASC"))
    oldest = coze.good("conversations", answer)["conversations"]
    held = oldest[0]["id"] != made[2] and [c["created_at"] for c in oldest] == sorted(
        c["created_at"] for c in oldest
    )
    kit.judge("coze.conversations.listed", answer, "the oldest first", oldest[0]["id"], held=held)
    answer = coze.post(f"{path}/{made[0]}/clear", headers={"Content-Type": None})
    section = coze.good("section", answer)
    answer = coze.get("/v1/conversation/retrieve", query(conversation_id=made[0]))
    found = [section["conversation_id"], coze.good("conversation", answer)["last_section_id"]]
    kit.expect(
        "coze.conversations.clear", answer, found, [made[0], section["id"]], "conversation and section"
    )
    for spare in made:
        answer = coze.get(f"{path}/{spare}", method="DELETE")
        kit.expect("coze.conversations.delete", answer, "data" in coze.succeeded(answer), False, "has data")
        gone = coze.get("/v1/conversation/retrieve", query(conversation_id=spare))
        coze.refused("coze.conversations.delete", gone, 200, 4002)


@checks(
    "coze.shape.message",
    "coze.messages.create",
    "coze.messages.list",
    "coze.messages.empty",
    "coze.messages.cursors",
    "coze.messages.limits",
)
def test_messages(kit: Kit) -> None:
    """Messages are listed newest first, page by page."""
    coze = Coze.of(kit)
    coze.may_write()
    talk = conversation(coze)["id"]
    answer = messages(coze, talk)
    empty = {"data": [], "first_id": "", "last_id": "", "has_more": False}
    kit.expect("coze.messages.empty", answer, {name: answer.json.get(name) for name in empty}, empty)
    made = [message(coze, talk, f"第 {n} 句") for n in range(4)]
    for one in made:
        inserted = {name: one.get(name) for name in ("bot_id", "chat_id", "type")}
        kit.expect("coze.messages.create", coze.kit.heard[-1][2], inserted, dict.fromkeys(inserted, ""))
    ids = [one["id"] for one in made][::-1]
    for asked, expected, more in (
        ({}, ids, False),
        ({"order": "asc"}, ids[::-1], False),
        ({"limit": 50, "after_id": "0", "before_id": ""}, ids, False),
    ):
        _page(kit, "coze.messages.list", talk, asked, expected, more=more)
    for asked, expected, more in (
        ({"limit": 2}, ids[:2], True),
        ({"limit": 2, "after_id": ids[1]}, ids[2:], False),
        ({"limit": 1, "after_id": ids[1]}, ids[2:3], True),
        ({"before_id": ids[2]}, ids[:2], False),
        ({"limit": 1, "before_id": ids[2]}, ids[1:2], True),
        ({"after_id": ids[3]}, [], False),
    ):
        _page(kit, "coze.messages.cursors", talk, asked, expected, more=more)
    for bad in ({"limit": 0}, {"limit": 51}, {"order": "newest"}):
        coze.refused("coze.messages.limits", coze.post(_LIST, bad, query(conversation_id=talk)), 400, 4000)
    coze.succeeded(coze.get(f"/v1/conversations/{talk}", method="DELETE"))


@checks("coze.messages.limits")
def test_many_messages(kit: Kit) -> None:
    """A page has fifty messages by default; the kit creates just over twenty to check that."""
    coze = Coze.of(kit)
    coze.may_write()
    talk = conversation(coze)["id"]
    ids = [message(coze, talk, f"第 {n} 句")["id"] for n in range(_MANY)][::-1]
    _page(kit, "coze.messages.limits", talk, {}, ids, more=False)
    _page(kit, "coze.messages.limits", talk, {"limit": _MANY - 1}, ids[:-1], more=True)
    coze.succeeded(coze.get(f"/v1/conversations/{talk}", method="DELETE"))


def _page(
    kit: Kit, clause: str, talk: str, asked: dict[str, Any], expected: list[str], *, more: bool
) -> None:
    answer = messages(Coze.of(kit), talk, **asked)
    content = answer.json
    found = [[one["id"] for one in content["data"]], content.get("has_more")]
    kit.expect(clause, answer, found, [expected, more], f"ids and has_more ({asked})")
    ends = [content.get("first_id"), content.get("last_id")]
    expected_ends = [expected[0], expected[-1]] if expected else ["", ""]
    kit.expect(clause, answer, ends, expected_ends, f"first_id and last_id ({asked})")


@checks(
    "coze.messages.modify", "coze.messages.delete", "coze.messages.invalid", "coze.messages.feedback-question"
)
def test_one_message(kit: Kit) -> None:
    """A message can be read, changed and deleted."""
    coze = Coze.of(kit)
    coze.may_write()
    talk = conversation(coze)["id"]
    made = message(coze, talk, "早上好")
    where = query(conversation_id=talk, message_id=made["id"])
    answer = coze.get("/v1/conversation/message/retrieve", where)
    kit.expect("coze.messages.modify", answer, coze.good("message", answer), made, "message as created")
    answer = coze.post("/v1/conversation/message/modify", {"content": "晚上好", "meta_data": None}, where)
    changed = coze.good("message", answer, "message")
    kit.expect("coze.messages.modify", answer, changed["content"], "晚上好", "content")
    kit.expect("coze.messages.modify", answer, "data" in answer.json, False, "has data")
    answer = coze.get("/v1/conversation/message/retrieve", where)
    kit.expect("coze.messages.modify", answer, coze.good("message", answer)["content"], "晚上好", "content")
    feedback = f"/v1/conversations/{talk}/messages/{made['id']}/feedback"
    coze.refused("coze.messages.feedback-question", coze.post(feedback, {"feedback_type": "like"}), 200, 4005)
    for bad in (
        {"role": "user", "content": "?"},
        {"role": "user", "content_type": "text"},
        {"content": "?", "content_type": "text"},
        {"role": "system", "content": "?", "content_type": "text"},
        {"role": "user", "content": "?", "content_type": "card"},
    ):
        answer = coze.post("/v1/conversation/message/create", bad, query(conversation_id=talk))
        coze.refused("coze.messages.invalid", answer, 400, 4000)
    answer = coze.post("/v1/conversation/message/delete", None, where, headers={"Content-Type": None})
    kit.expect("coze.messages.delete", answer, coze.good("message", answer)["id"], made["id"], "id")
    gone = coze.get("/v1/conversation/message/retrieve", where)
    coze.refused("coze.messages.delete", gone, 200, 4005)
    left = messages(coze, talk).json["data"]
    kit.expect("coze.messages.delete", answer, left, [], "remaining messages")
    coze.succeeded(coze.get(f"/v1/conversations/{talk}", method="DELETE"))


@checks("coze.messages.feedback")
def test_feedback(kit: Kit) -> None:
    """Feedback on an answer can be given and removed."""
    coze = Coze.of(kit)
    coze.may_write()
    body = {
        "bot_id": kit.coze_bot_id,
        "user_id": made_up(),
        "additional_messages": [{"role": "user", "content": "你好", "content_type": "text"}],
        "stream": True,
    }
    talk = conversation(coze)["id"]
    coze.post("/v3/chat", body, query(conversation_id=talk))
    answers = [one for one in messages(coze, talk).json["data"] if one.get("type") == "answer"]
    if not answers:
        not_reached("the bot gave no answer")
    path = f"/v1/conversations/{talk}/messages/{answers[0]['id']}/feedback"
    clause, like = (
        "coze.messages.feedback",
        {"feedback_type": "like", "reason_types": ["对"], "comment": "好"},
    )
    for answer in (
        coze.post(path, like),
        coze.post(path, {"feedback_type": "unlike"}),
        coze.get(path, method="DELETE"),
    ):
        found = [answer.status, answer.json.get("code"), "data" in answer.json]
        kit.expect(clause, answer, found, [200, 0, False], "status, code, has data")
    for bad in ({"feedback_type": "love"}, {}, {"feedback_type": "like", "comment": "x" * 251}):
        coze.refused(clause, coze.post(path, bad), 400, 4000)
