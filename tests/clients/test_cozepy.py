"""cozepy, Coze's own Python client, sync and async, over every endpoint it can call here."""

import asyncio
import inspect
import json
import time

import cozepy.request
import httpx
import pytest
from cozepy import (
    AsyncCoze,
    AsyncTokenAuth,
    BotPromptInfo,
    ChatEventType,
    ChatStatus,
    Coze,
    CozeAPIError,
    CozePKCEAuthError,
    CozePKCEAuthErrorType,
    DeviceOAuthApp,
    JWTAuth,
    JWTOAuthApp,
    Message,
    MessageObjectString,
    MessageType,
    PKCEOAuthApp,
    TokenAuth,
    ToolOutput,
    VariableValue,
    WebOAuthApp,
    WorkflowEventType,
    WorkflowExecuteStatus,
)
from cozepy.conversations.message.feedback import FeedbackType
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BOT, DRAFT, FOREIGN = "7342866812345678901", "7342866812345678902", "7342866812345678903"
RUN, ASK, TALK, UNPUBLISHED = (f"738958910358870000{number}" for number in range(1, 5))
SPACE = "7361424235321600001"
KNOWN, ANSWER = "桌面云打不开", "请先确认网络正常"


@pytest.fixture(scope="module", autouse=True)
def _close_clients():
    """Nobody else closes the connections of cozepy: it leaves that to the garbage collector."""
    made = []

    class Client(cozepy.request.SyncHTTPClient):
        def __init__(self, **members):
            super().__init__(**members)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cozepy.request, "SyncHTTPClient", Client)
        yield
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def url(_shared):
    """Where the sample data is served."""
    return _shared("--dataset", "coze-sample").url


class Awaited:
    """The async client, or a part of it, with every call awaited: it can be used as the sync one."""

    def __init__(self, part, loop):
        self._part, self._loop = part, loop

    def __getattr__(self, name):
        found = getattr(self._part, name)
        return Awaited(found, self._loop) if callable(found) or hasattr(found, "__dict__") else found

    def __call__(self, *arguments, **members):
        """What the call brings, once it has."""
        made = self._part(*arguments, **members)
        if inspect.isasyncgen(made):
            return self._loop.run_until_complete(_collected(made))
        made = self._loop.run_until_complete(made) if inspect.isawaitable(made) else made
        return Pages(made, self._loop) if hasattr(made, "__aiter__") else made


class Pages:
    """Pages that are read with await, as a list."""

    def __init__(self, pages, loop):
        self._pages, self._loop = pages, loop

    def __getattr__(self, name):
        return getattr(self._pages, name)

    def __iter__(self):
        return iter(self._loop.run_until_complete(_collected(self._pages)))


async def _collected(items):
    return [item async for item in items]


@pytest.fixture(scope="module", params=["sync", "async"])
def coze(url, request):
    """Either client."""
    if request.param == "sync":
        yield Coze(auth=TokenAuth("pat_mockcbs"), base_url=url)
        return
    loop, http = asyncio.new_event_loop(), cozepy.request.AsyncHTTPClient()
    client = AsyncCoze(auth=AsyncTokenAuth("pat_mockcbs"), base_url=url, http_client=http)
    yield Awaited(client, loop)
    loop.run_until_complete(http.aclose())
    loop.close()


@pytest.fixture
def conversation(coze):
    return coze.conversations.create()


def _ask(text):
    return [Message.build_user_question_text(text)]


def _code_of(call, *arguments, **members):
    with pytest.raises(CozeAPIError) as caught:
        call(*arguments, **members)
    assert caught.value.logid
    return caught.value.code


def test_chat_is_polled_to_its_answer(url):
    """create_and_poll ends with the answer of the knowledge base, after one poll."""
    coze, begun = Coze(auth=TokenAuth("pat_mockcbs"), base_url=url), time.monotonic()

    poll = coze.chat.create_and_poll(bot_id=BOT, user_id="u", additional_messages=_ask(KNOWN))

    assert time.monotonic() - begun < 3
    assert poll.chat.status == ChatStatus.COMPLETED
    assert poll.chat.usage.token_count == poll.chat.usage.input_count + poll.chat.usage.output_count > 0
    answers = [message.content for message in poll.messages if message.type == MessageType.ANSWER]
    assert len(answers) == 1
    assert answers[0].startswith(ANSWER)
    assert poll.chat.response.logid


def test_chat_streams_the_documented_events_in_order(coze):
    """A stream has the documented events in order, and its deltas make up the answer."""
    events = list(coze.chat.stream(bot_id=BOT, user_id="u", additional_messages=_ask(KNOWN)))

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
    """Questions and answers of every chat of a conversation are in its list, oldest last."""
    for text in (KNOWN, "nobody knows this"):
        chat = coze.chat.create(
            bot_id=BOT, user_id="u", conversation_id=conversation.id, additional_messages=_ask(text)
        )
        assert chat.status == ChatStatus.IN_PROGRESS
        assert coze.chat.retrieve(conversation_id=conversation.id, chat_id=chat.id).status == "completed"

    messages = coze.conversations.messages.list(conversation_id=conversation.id)

    assert [message.type for message in messages] == ["answer", "question"] * 2
    assert list(messages)[-1].content == KNOWN


def test_chat_is_canceled_while_it_runs(coze):
    """A chat in progress can be canceled, one that has ended cannot (4104)."""
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=_ask("cancel me"))
    ids = {"conversation_id": chat.conversation_id, "chat_id": chat.id}

    canceled = coze.chat.cancel(**ids)

    assert canceled.status == ChatStatus.CANCELED
    assert coze.chat.retrieve(**ids).status == ChatStatus.CANCELED
    assert _code_of(coze.chat.cancel, **ids) == 4104


@pytest.mark.parametrize("stream", [True, False])
def test_tool_outputs_are_submitted(coze, stream):
    """A chat that needs tools goes on with what they said."""
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=_ask("mockcbs:tool"))
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
    """A stream ends with requires_action or failed where the chat does."""
    last = {
        text: list(coze.chat.stream(bot_id=BOT, user_id="u", additional_messages=_ask(text)))[-1]
        for text in ("mockcbs:tool", "mockcbs:fail")
    }

    assert last["mockcbs:tool"].chat.required_action.submit_tool_outputs.tool_calls
    assert last["mockcbs:fail"].event == ChatEventType.CONVERSATION_CHAT_FAILED
    assert last["mockcbs:fail"].chat.last_error.code == 5000


def test_chat_errors(coze):
    """Unpublished, unknown and running chats are refused with their codes, streamed or not."""
    ids = {"conversation_id": "1", "chat_id": "1"}
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=_ask("x"))
    again = {"bot_id": BOT, "user_id": "u", "conversation_id": chat.conversation_id}

    assert _code_of(coze.chat.create, bot_id=DRAFT, user_id="u") == 4015
    assert _code_of(coze.chat.stream, bot_id=DRAFT, user_id="u") == 4015
    assert _code_of(coze.chat.create, bot_id="77", user_id="u") == 4006
    assert _code_of(coze.chat.create, **again) == 4016
    assert _code_of(coze.chat.create, bot_id=BOT, user_id="u", auto_save_history=False) == 4007
    assert _code_of(coze.chat.retrieve, **ids) == 4002
    assert _code_of(coze.chat.retrieve, conversation_id=chat.conversation_id, chat_id="1") == 4001
    assert _code_of(coze.chat.create, bot_id="0000000000004011", user_id="u") == 4011
    too_long = dict.fromkeys(map(str, range(17)), "x")
    assert _code_of(coze.chat.create, bot_id=BOT, user_id="u", meta_data=too_long) == 4003
    assert _code_of(coze.chat.create, bot_id=BOT, user_id="u", additional_messages=_ask("x") * 101) == 4004


def test_wrong_token(url):
    """A bad token is 4101 when a chat is begun and 700012006 elsewhere; a good one of another bot 4101."""
    expired = Coze(auth=TokenAuth("expired-token"), base_url=url)
    other = Coze(auth=TokenAuth(f"bot_{DRAFT}"), base_url=url)

    assert _code_of(expired.chat.create, bot_id=BOT, user_id="u") == 4101
    assert _code_of(expired.chat.stream, bot_id=BOT, user_id="u") == 4101
    assert _code_of(expired.users.me) == 700012006
    assert _code_of(other.bots.retrieve, bot_id=BOT) == 4101


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
    assert _code_of(coze.conversations.retrieve, conversation_id=made.id) == 4002


def test_pages_of_conversations_end(coze, conversation):
    """Paging through conversations with a bot (of an id never used before) meets every one once."""
    made = {coze.conversations.create(bot_id=conversation.id).id for _ in range(5)}

    ids = [item.id for item in coze.conversations.list(bot_id=conversation.id, page_size=2)]

    assert (len(ids), set(ids)) == (5, made)


def test_messages(coze, conversation):
    """Messages are inserted, listed page by page both ways, found, changed and deleted."""
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
    assert _code_of(coze.conversations.messages.retrieve, **one) == 4005


def test_object_strings(coze, conversation):
    """A message may be made of parts; one of text alone is refused."""
    file = coze.files.upload(file=("a.png", b"picture"))
    text, image = MessageObjectString.build_text, MessageObjectString.build_image
    parts = [text("what is this?"), image(file_id=file.id)]

    message = Message.build_user_question_objects(parts)
    alone = Message.build_user_question_objects(parts[:1])

    assert coze.chat.create(bot_id=BOT, user_id="u", additional_messages=[message]).status == "in_progress"
    assert _code_of(coze.chat.create, bot_id=BOT, user_id="u", additional_messages=[alone]) == 4000


def test_feedback(coze):
    """Answers can be judged and unjudged, questions cannot."""
    chat = coze.chat.create(bot_id=BOT, user_id="u", additional_messages=_ask(KNOWN))
    coze.chat.retrieve(conversation_id=chat.conversation_id, chat_id=chat.id)
    listed = list(coze.conversations.messages.list(conversation_id=chat.conversation_id))
    ids = [{"conversation_id": chat.conversation_id, "message_id": message.id} for message in listed]
    feedback = coze.conversations.messages.feedback

    feedback.create(**ids[0], feedback_type=FeedbackType.LIKE, comment="good")
    feedback.delete(**ids[0])

    assert _code_of(feedback.create, **ids[1], feedback_type=FeedbackType.LIKE) == 4005


def test_workflow_runs(coze):
    """A run answers its output as a JSON string, and has a history."""
    result = coze.workflows.runs.create(workflow_id=RUN, parameters={"user_name": "George"})

    history = coze.workflows.runs.run_histories.retrieve(workflow_id=RUN, execute_id=result.execute_id)

    assert json.loads(result.data) == {"output": "ok"}
    assert result.debug_url
    assert history.execute_status == WorkflowExecuteStatus.SUCCESS
    assert json.loads(json.loads(history.output)["Output"]) == {"output": "ok"}
    assert history.run_mode == 0
    node = history.node_execute_status["End"].node_execute_uuid
    nodes = coze.workflows.runs.run_histories.execute_nodes
    assert nodes.retrieve(workflow_id=RUN, execute_id=result.execute_id, node_execute_uuid=node).is_finish
    assert _code_of(coze.workflows.runs.run_histories.retrieve, workflow_id=RUN, execute_id="1") == 4314


def test_workflow_runs_in_the_background(coze):
    """An asynchronous run answers only its id; its history says Running, then the result."""
    result = coze.workflows.runs.create(workflow_id=RUN, is_async=True)

    first, history = (
        coze.workflows.runs.run_histories.retrieve(workflow_id=RUN, execute_id=result.execute_id)
        for _ in range(2)
    )

    assert not result.data
    assert first.execute_status == WorkflowExecuteStatus.RUNNING
    assert (history.execute_status, history.run_mode) == (WorkflowExecuteStatus.SUCCESS, 2)


def test_workflow_streams(coze):
    """A stream's messages, numbered from 0, make up the output."""
    events = list(coze.workflows.runs.stream(workflow_id=RUN))

    assert [event.id for event in events] == list(range(len(events)))
    assert {event.event for event in events} == {WorkflowEventType.MESSAGE}
    assert json.loads("".join(event.message.content for event in events)) == {"output": "ok"}
    assert events[-1].message.node_is_finish


def test_workflow_asks_and_goes_on(coze):
    """A stream that reaches a question ends with it; resuming brings the rest, once."""
    events = list(coze.workflows.runs.stream(workflow_id=ASK))
    interrupt = events[-1].interrupt.interrupt_data
    answer = {
        "workflow_id": ASK,
        "event_id": interrupt.event_id,
        "resume_data": "Nanjing",
        "interrupt_type": interrupt.type,
    }

    resumed = list(coze.workflows.runs.resume(**answer))

    assert "".join(event.message.content for event in events[:-1]) == "Which city?"
    assert (interrupt.type, events[-1].event) == (2, WorkflowEventType.INTERRUPT)
    assert json.loads("".join(event.message.content for event in resumed)) == {"output": "Nanjing"}
    assert _code_of(coze.workflows.runs.resume, **answer) == 4315


def test_workflow_failures(coze):
    """Failed, unpublished and mistaken runs return an error; in a stream it is an event."""
    fail = {"mockcbs": "fail"}

    assert _code_of(coze.workflows.runs.create, workflow_id=RUN, parameters=fail) == 720702222
    assert _code_of(coze.workflows.runs.create, workflow_id=UNPUBLISHED) == 4200
    failed = list(coze.workflows.runs.stream(workflow_id=RUN, parameters=fail))
    mistaken = list(coze.workflows.runs.stream(workflow_id=RUN, bot_id="1", app_id="2"))
    assert [event.error.error_code for event in (*failed, *mistaken)] == [720702222, 4000]


def test_chatflow(coze):
    """A chatflow streams as a chat does."""
    events = list(coze.workflows.chat.stream(workflow_id=TALK, additional_messages=_ask(KNOWN)))

    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    assert events[-2].message.type == "verbose"


def test_workflows_are_listed(coze):
    """Published workflows are listed, by mode; each has details and versions."""
    listed = {item.workflow_id for item in coze.workflows.list(workspace_id=SPACE)}
    chatflows = [
        item.workflow_id for item in coze.workflows.list(workspace_id=SPACE, workflow_mode="chatflow")
    ]

    detail = coze.workflows.retrieve(workflow_id=RUN).workflow_detail
    versions = list(coze.workflows.versions.list(workflow_id=RUN))

    assert listed == {RUN, ASK, TALK}
    assert chatflows == [TALK]
    assert (detail.workflow_name, versions[0].workflow_id) == ("greet", RUN)


def test_bots(coze):
    """A bot is created, changed, published, listed by both calls, and unpublished."""
    made = coze.bots.create(space_id=SPACE, name="mine", prompt_info=BotPromptInfo(prompt="Be brief."))
    bot_id = made.bot_id
    assert _code_of(coze.bots.retrieve, bot_id=bot_id) == 4015
    coze.bots.update(bot_id=bot_id, name="renamed")

    published = coze.bots.publish(bot_id=bot_id, connector_ids=["1024"])

    assert published.bot_id == bot_id
    found = coze.bots.retrieve(bot_id=bot_id, use_api_version=2)
    assert (found.name, found.prompt_info.prompt) == ("renamed", "Be brief.")
    assert coze.bots.retrieve(bot_id=bot_id).version == published.version
    for listed in (
        coze.bots.list(space_id=SPACE, page_size=1),
        coze.bots.list(space_id=SPACE, page_size=1, use_api_version=2),
    ):
        ids = [getattr(item, "bot_id", None) or item.id for item in listed]
        assert bot_id in ids
        assert BOT in ids
        assert not {DRAFT, FOREIGN} & set(ids)
    coze.bots.unpublish(bot_id=bot_id, connector_id="1024")
    assert coze.bots.retrieve(bot_id=bot_id, is_published=False, use_api_version=2).version == ""
    assert _code_of(coze.bots.retrieve, bot_id=FOREIGN) == 4101


def test_files_workspaces_users_variables(coze):
    """The small endpoints: a file comes back as uploaded, the account is the same everywhere."""
    uploaded = coze.files.upload(file=("报告.txt", b"hello"))
    me, workspaces = coze.users.me(), coze.workspaces.list()
    coze.variables.update(
        connector_uid="u",
        bot_id=BOT,
        data=[VariableValue(keyword="name", value="小王", create_time=0, update_time=0)],
    )

    assert (uploaded.bytes, coze.files.retrieve(file_id=uploaded.id).file_name) == (5, "报告.txt")
    assert (workspaces.total, next(iter(workspaces)).id) == (1, SPACE)
    assert (
        coze.conversations.retrieve(conversation_id=coze.conversations.create().id).creator_id == me.user_id
    )
    read = coze.variables.retrieve(connector_uid="u", bot_id=BOT, keywords=["name", "age"])
    assert [(item.keyword, item.value) for item in read] == [("name", "小王")]


def test_pace(serving):
    """With --pace a stream pauses between events, and other calls are served at the same time."""
    with serving("--dataset", "coze-sample", "--pace", "20", "--quiet") as served:
        coze = Coze(auth=TokenAuth("any"), base_url=served.url)
        begun = time.monotonic()

        events = iter(coze.chat.stream(bot_id=BOT, user_id="u", additional_messages=_ask(KNOWN)))
        next(events)
        coze.users.me()
        rest = len(list(events))

        assert time.monotonic() - begun >= 0.02 * rest > 0


@pytest.fixture(scope="module")
def strict(_shared, tmp_path_factory):
    """A strict server that knows the public half of a key, and the private half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path_factory.mktemp("keys") / "public.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo))
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    served = _shared("--dataset", "coze-sample", "--strict", "--coze-public-key", str(file))
    return served.url, private.decode()


def _code_from(consent_url):
    answer = httpx.get(consent_url)
    assert answer.status_code == 302
    query = httpx.URL(answer.headers["Location"]).params
    assert query["state"] == "st"
    return query["code"]


def _works(url, token):
    return Coze(auth=TokenAuth(token), base_url=url).users.me().user_id


def test_web_flow(strict):
    """The web flow ends with a token that works and a refresh token that works once."""
    url, _ = strict
    app = WebOAuthApp("mockcbs.app.coze", "mockcbs-client-secret", base_url=url)
    code = _code_from(app.get_oauth_url(redirect_uri="http://localhost/back", state="st"))

    token = app.get_access_token(redirect_uri="http://localhost/back", code=code)
    again = app.refresh_access_token(token.refresh_token)

    assert token.access_token.startswith("czu_")
    assert token.expires_in > time.time()
    assert _works(url, token.access_token) == _works(url, again.access_token)
    with pytest.raises(CozeAPIError):
        app.refresh_access_token(token.refresh_token)
    with pytest.raises(CozeAPIError):
        app.get_access_token(redirect_uri="http://localhost/back", code=code)
    wrong = WebOAuthApp("mockcbs.app.coze", "wrong", base_url=url)
    fresh = _code_from(app.get_oauth_url(redirect_uri="http://localhost/back", state="st"))
    with pytest.raises(CozeAPIError, match="invalid client"):
        wrong.get_access_token(redirect_uri="http://localhost/back", code=fresh)


@pytest.mark.parametrize("method", ["plain", "S256"])
def test_pkce_flow(strict, method):
    """PKCE asks for the verifier of the challenge."""
    url, _ = strict
    app = PKCEOAuthApp("some-client", base_url=url)
    members = {"redirect_uri": "http://localhost/back", "code_verifier": "ver"}

    def code():
        return _code_from(app.get_oauth_url(**members, code_challenge_method=method, state="st"))

    token = app.get_access_token(**members, code=code())

    assert _works(url, token.access_token)
    assert _works(url, app.refresh_access_token(token.refresh_token).access_token)
    with pytest.raises(CozeAPIError, match="code_verifier"):
        app.get_access_token(**{**members, "code_verifier": "other"}, code=code())


def test_device_flow(strict):
    """A device waits until its user consents, or refuses."""
    url, _ = strict
    app = DeviceOAuthApp("some-client", base_url=url)
    device, refused = app.get_device_code(), app.get_device_code()

    with pytest.raises(CozePKCEAuthError) as pending:
        app.get_access_token(device.device_code)
    assert httpx.get(device.verification_url).status_code == 200
    token = app.get_access_token(device.device_code)
    httpx.get(refused.verification_url, params={"user_code": refused.user_code, "deny": "true"})

    assert pending.value.error == CozePKCEAuthErrorType.AUTHORIZATION_PENDING
    assert _works(url, token.access_token)
    with pytest.raises(CozePKCEAuthError):
        app.get_access_token(refused.device_code)


def test_jwt_flow(strict):
    """A JWT must be signed with the configured key; one token serves many calls."""
    url, private = strict
    app = JWTOAuthApp("some-client", private, "key-id", base_url=url)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    coze = Coze(auth=JWTAuth(oauth_app=app), base_url=url)

    assert coze.users.me().user_id == coze.users.me().user_id
    assert app.get_access_token(ttl=60).access_token.startswith("czs_")
    with pytest.raises(CozeAPIError, match="invalid client"):
        JWTOAuthApp("some-client", other.decode(), "key-id", base_url=url).get_access_token(ttl=60)


def test_strict_tokens(strict):
    """Strict accepts the configured token and issued ones, and refuses all others."""
    url, _ = strict

    assert _works(url, "pat_mockcbs")
    assert _code_of(Coze(auth=TokenAuth("anything"), base_url=url).users.me) == 700012006
    assert (
        _code_of(
            Coze(auth=TokenAuth("pat_mockcbs"), base_url=url).bots.retrieve, bot_id="7000000000000000000"
        )
        == 4200
    )
