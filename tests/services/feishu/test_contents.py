"""The contents of messages."""

import pytest

from mockcbs.services.feishu import contents

POST = {
    "zh_cn": {"title": "日报", "content": [[{"tag": "text", "text": "通话 "}, {"tag": "a", "text": "7"}]]}
}
CARD = {
    "header": {"title": {"tag": "plain_text", "content": "日报"}},
    "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": "通话 7"}}],
    "config": {"wide_screen_mode": True},
}


@pytest.mark.parametrize(
    ("msg_type", "good", "bad", "named"),
    [
        ("text", {"text": "hi"}, {"text": ""}, "content.text"),
        ("image", {"image_key": "img"}, {"file_key": "img"}, "content.image_key"),
        ("audio", {"file_key": "f"}, {}, "content.file_key"),
        ("share_user", {"user_id": "ou_1"}, {"user_id": 1}, "content.user_id"),
        ("post", POST, {}, "no language"),
        ("post", POST, {"zh_cn": {"content": [{"tag": "text"}]}}, "zh_cn.content"),
        ("interactive", CARD, {}, "empty card"),
    ],
)
def test_each_type_has_its_member(msg_type, good, bad, named):
    """The error names the missing member of a type."""
    assert contents.problem(msg_type, good) is None
    assert named in contents.problem(msg_type, bad)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ({"msg_type": "text", "content": {"text": "hi"}}, {"content": "hi"}, "content is not an object"),
        ({"msg_type": "post", "content": {"post": POST}}, {"content": {"post": []}}, "content.post"),
        (
            {"msg_type": "share_chat", "content": {"share_chat_id": "oc_1"}},
            {"content": {"chat_id": "oc_1"}},
            "content.chat_id",
        ),
        ({"msg_type": "interactive", "card": CARD}, {"card": "x"}, "card is not an object"),
        ({"msg_type": "text", "content": {"text": "hi"}}, {"msg_type": "file"}, "not one of text, post"),
    ],
)
def test_messages_to_custom_bots(good, bad, named):
    """Messages to custom bots have another member for the content, and fewer types."""
    assert contents.hook_problem(good) is None
    assert named in contents.hook_problem({**good, **bad})


@pytest.mark.parametrize(
    ("content", "text"),
    [({"text": "hi"}, "hi"), (POST, "日报\n通话 7"), (CARD, "日报\n通话 7"), ({"image_key": "img"}, "")],
    ids=["text", "post", "card", "image"],
)
def test_what_people_read(content, text):
    """Texts of a line of a post are joined; keys and settings are not part of the text."""
    assert contents.text_of(content) == text
