"""Chats, conversations and messages through cozepy, Coze's own client, sync and async."""

import json
import time

import pytest
import requests
from cozepy import (
    ChatEventType,
    ChatStatus,
    Coze,
    Message,
    MessageObjectString,
    MessageType,
    TokenAuth,
    ToolOutput,
)
from cozepy.conversations.message.feedback import FeedbackType

from tests.clients.cozepy.asking import ANSWER, BOT, DRAFT, KNOWN, ask, code_of


@pytest.fixture
def conversation(coze):
    return coze.conversations.create()


def test_chat_is_polled_to_its_answer(url):
    """create_and_poll ends with the answer of the knowledge base, after one poll."""
    coze, polls = Coze(auth=TokenAuth("pat_mockcbs"), base_url=url), f"{url}/_mockcbs/journal"
    query = {"operation": "coze.retrieve_chat", "limit": 1000}
    before = requests.get(polls, query, timeout=30).json()["count"]

    poll = coze.chat.create_and_poll(bot_id=BOT, user_id="u", additional_messages=ask(KNOWN))

    assert requests.get(polls, query, timeout=30).json()["count"] == before + 1
    assert poll.chat.status == ChatStatus.COMPLETED
    assert poll.chat.usage.token_count == poll.chat.usage.input_count + poll.chat.usage.output_count > 0
    answers = [message.content for message in poll.messages if message.type == MessageType.ANSWER]
    assert len(answers) == 1
    assert answers[0].startswith(ANSWER)
    assert poll.chat.response.logid


def test_chat_streams_the_documented_events_in_order(coze):
    """A stream has the documented events in order, and its deltas make up the answer."""
    events = list(coze.chat.stream(bot_id=BOT, user_id="u", additional_messages=ask(KNOWN)))

    names = [event.event for event in events]
    folded = [name for place, name in enumerate(names) if name != names[place - 1] or place == 0]
    assert folded == [
        ChatEventType.CONVERSATION_CHAT_CREATED,
        ChatEventType.CONVERSATION_CHAT_IN_PROGRESS,
        ChatEventType.CONVERSATION_MESSAGE_DELTA,
        ChatEventType.CONVERSATION_MESSAGE_COMPLETED,
        ChatEventType.CONVERSATION_CHAT_COMPLETED,
    ]
    completed = [e.message for e in events if e.event == ChatEventType.CONVERSATION_MESSAGE_COMPLETED]
    assert [message.type for message in completed] == ["answer", "verbose", "follow_up"]
    deltas = [e.message.content for e in events if e.event == ChatEventType.CONVERSATION_MESSAGE_DELTA]
    assert "".join(deltas) == completed[0].content
    assert len(deltas) > 5
    assert events[-1].chat.usage.token_count > 0


def test_chat_continues_in_its_conversation(coze, conversation):
    """The list of a conversation has the questions and answers of all its chats, in order of time."""
    for text in (KNOWN, "nobody knows this"):
        chat = coze.chat.create(
            bot_id=BOT, user_id="u", conversation_id=conversation.id, additional_messages=ask(text)
        )
        assert chat.status == ChatStatus.IN_PROGRESS
        assert coze.chat.retrieve(conversation_id=conversation.id, chat_id=chat.id).status == "completed"

    messages = coze.conversations.messages.list(conversation_id=conversation.id)

    assert [message.type for message in messages] == ["answer", "question"] * 2
    assert list(messages)[-1].content == KNOWN


def test_chat_is_canceled_while_it_runs(coze):
    """A chat in progress can be canceled; one that has ended cannot (4104)."""
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=ask("cancel me"))
    ids = {"conversation_id": chat.conversation_id, "chat_id": chat.id}

    canceled = coze.chat.cancel(**ids)

    assert canceled.status == ChatStatus.CANCELED
    assert coze.chat.retrieve(**ids).status == ChatStatus.CANCELED
    assert code_of(coze.chat.cancel, **ids) == 4104


@pytest.mark.parametrize("stream", [True, False])
def test_tool_outputs_are_submitted(coze, stream):
    """A chat that needs tools continues with their output."""
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=ask("mockcbs:tool"))
    ids = {"conversation_id": chat.conversation_id, "chat_id": chat.id}
    waiting = coze.chat.retrieve(**ids)
    assert waiting.status == ChatStatus.REQUIRES_ACTION
    call = waiting.required_action.submit_tool_outputs.tool_calls[0]
    assert json.loads(call.function.arguments)
    outputs = [ToolOutput(tool_call_id=call.id, output="22 degrees")]

    if isinstance(coze, Coze):
        answer = coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs, stream=stream)
    else:
        submit = coze.chat.submit_tool_outputs_stream if stream else coze.chat.submit_tool_outputs
        answer = submit(**ids, tool_outputs=outputs)

    if stream:
        assert list(answer)[-1].event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    else:
        assert answer.status == ChatStatus.IN_PROGRESS
        assert coze.chat.retrieve(**ids).status == ChatStatus.COMPLETED
    messages = coze.chat.messages.list(**ids)
    assert [message.content for message in messages if message.type == "answer"] == ["22 degrees"]


def test_stream_can_need_tools_or_fail(coze):
    """A stream ends with requires_action or failed if the chat does."""
    last = {
        text: list(coze.chat.stream(bot_id=BOT, user_id="u", additional_messages=ask(text)))[-1]
        for text in ("mockcbs:tool", "mockcbs:fail")
    }

    assert last["mockcbs:tool"].chat.required_action.submit_tool_outputs.tool_calls
    assert last["mockcbs:fail"].event == ChatEventType.CONVERSATION_CHAT_FAILED
    assert last["mockcbs:fail"].chat.last_error.code == 5000


def test_chat_errors(coze):
    """Unpublished, unknown and running chats are refused with their codes, streamed or not."""
    ids = {"conversation_id": "1", "chat_id": "1"}
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=ask("x"))
    again = {"bot_id": BOT, "user_id": "u", "conversation_id": chat.conversation_id}

    assert code_of(coze.chat.create, bot_id=DRAFT, user_id="u") == 4015
    assert code_of(coze.chat.stream, bot_id=DRAFT, user_id="u") == 4015
    assert code_of(coze.chat.create, bot_id="77", user_id="u") == 4006
    assert code_of(coze.chat.create, **again) == 4016
    assert code_of(coze.chat.create, bot_id=BOT, user_id="u", auto_save_history=False) == 4007
    assert code_of(coze.chat.retrieve, **ids) == 4002
    assert code_of(coze.chat.retrieve, conversation_id=chat.conversation_id, chat_id="1") == 4001
    assert code_of(coze.chat.create, bot_id="0000000000004011", user_id="u") == 4011
    too_long = dict.fromkeys(map(str, range(17)), "x")
    assert code_of(coze.chat.create, bot_id=BOT, user_id="u", meta_data=too_long) == 4003
    assert code_of(coze.chat.create, bot_id=BOT, user_id="u", additional_messages=ask("x") * 101) == 4004


def test_wrong_token(url):
    """A bad token causes 4101 when a chat begins and 700012006 elsewhere; a token for another bot causes
    4101.
    """
    expired = Coze(auth=TokenAuth("expired-token"), base_url=url)
    other = Coze(auth=TokenAuth(f"bot_{DRAFT}"), base_url=url)

    assert code_of(expired.chat.create, bot_id=BOT, user_id="u") == 4101
    assert code_of(expired.chat.stream, bot_id=BOT, user_id="u") == 4101
    assert code_of(expired.users.me) == 700012006
    assert code_of(other.bots.retrieve, bot_id=BOT) == 4101


def test_conversations(coze):
    """A conversation is created, found, listed, renamed, cleared and deleted."""
    made = coze.conversations.create(bot_id=BOT, meta_data={"uuid": "newid1234"}, name="Food")

    found = coze.conversations.retrieve(conversation_id=made.id)
    listed = coze.conversations.list(bot_id=BOT, page_size=2)
    renamed = coze.conversations.update(conversation_id=made.id, name="Drink")
    cleared = coze.conversations.clear(conversation_id=made.id)

    assert found.meta_data == {"uuid": "newid1234"}
    assert next(iter(listed)).id == made.id
    assert renamed.name == "Drink"
    assert cleared.id == coze.conversations.retrieve(conversation_id=made.id).last_section_id
    assert cleared.id != made.last_section_id
    coze.conversations.delete(conversation_id=made.id)
    assert code_of(coze.conversations.retrieve, conversation_id=made.id) == 4002


def test_pages_of_conversations_end(coze, conversation):
    """Paging through the conversations of a bot whose id was never used before returns each of them once."""
    made = {coze.conversations.create(bot_id=conversation.id).id for _ in range(5)}

    ids = [item.id for item in coze.conversations.list(bot_id=conversation.id, page_size=2)]

    assert (len(ids), set(ids)) == (5, made)


def test_messages(coze, conversation):
    """Messages are inserted, listed in pages in both orders, found, changed and deleted."""
    where = {"conversation_id": conversation.id}
    assert coze.conversations.messages.list(**where).items == []
    made = [
        coze.conversations.messages.create(**where, role="user", content=str(number), content_type="text")
        for number in range(5)
    ]

    newest_first = [message.content for message in coze.conversations.messages.list(**where, limit=2)]
    oldest_first = [message.content for message in coze.conversations.messages.list(**where, order="asc")]
    before = coze.conversations.messages.list(**where, order="asc", before_id=made[3].id, limit=2)

    assert newest_first == ["4", "3", "2", "1", "0"]
    assert oldest_first == ["0", "1", "2", "3", "4"]
    assert [message.content for message in before.items] == ["1", "2"]
    assert (made[0].type, made[0].chat_id, made[0].bot_id) == ("", "", "")
    one = {**where, "message_id": made[0].id}
    assert coze.conversations.messages.update(**one, content="new", content_type="text").content == "new"
    assert coze.conversations.messages.retrieve(**one).content == "new"
    assert coze.conversations.messages.delete(**one).content == "new"
    assert code_of(coze.conversations.messages.retrieve, **one) == 4005


def test_object_strings(coze, conversation):
    """A message may consist of parts; one with only text parts is refused."""
    file = coze.files.upload(file=("a.png", b"picture"))
    text, image = MessageObjectString.build_text, MessageObjectString.build_image
    parts = [text("what is this?"), image(file_id=file.id)]

    message = Message.build_user_question_objects(parts)
    alone = Message.build_user_question_objects(parts[:1])

    assert coze.chat.create(bot_id=BOT, user_id="u", additional_messages=[message]).status == "in_progress"
    assert code_of(coze.chat.create, bot_id=BOT, user_id="u", additional_messages=[alone]) == 4000


def test_feedback(coze):
    """Answers can be liked and unliked; questions cannot."""
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=ask(KNOWN))
    coze.chat.retrieve(conversation_id=chat.conversation_id, chat_id=chat.id)
    listed = list(coze.conversations.messages.list(conversation_id=chat.conversation_id))
    ids = [{"conversation_id": chat.conversation_id, "message_id": message.id} for message in listed]
    feedback = coze.conversations.messages.feedback

    feedback.create(**ids[0], feedback_type=FeedbackType.LIKE, comment="good")
    feedback.delete(**ids[0])

    assert code_of(feedback.create, **ids[1], feedback_type=FeedbackType.LIKE) == 4005


def test_pace(serving):
    """With --pace a stream takes longer, and other calls are answered meanwhile."""
    with serving("--dataset", "coze-sample", "--pace", "20", "--quiet") as served:
        coze = Coze(auth=TokenAuth("any"), base_url=served.url)
        begun = time.monotonic()

        events = iter(coze.chat.stream(bot_id=BOT, user_id="u", additional_messages=ask(KNOWN)))
        next(events)
        coze.users.me()
        rest = len(list(events))

        assert time.monotonic() - begun >= 0.02 * rest > 0
