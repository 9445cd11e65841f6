"""The conventions of all of Coze's calls: envelopes, errors, log ids, streams."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.core.errors import UserError
from mockcbs.services.coze import errors, sse
from tests.services.coze.calls import LOGID, QUESTION, lines
from tests.services.coze.conftest import BOT, DRAFT, FOREIGN, RUN, TOKEN, caller

CODES = {(row.status, int(row.code)) for row in errors.CATALOGUE} | {(200, 0)}
OAUTH = {(row.status, row.code) for row in errors.OAUTH}
FUZZED = create_app(Settings(dataset="coze-sample"))
ROUTES = sorted(
    {(method, rule.rule) for rule in FUZZED.url_map.iter_rules() if rule.endpoint.startswith("coze.")
     for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
)  # fmt: skip


def _check(answer):
    """A success or an error as the catalogue has it, in the envelope; or a stream; or a redirect."""
    if answer.mimetype == "text/event-stream" or answer.status_code == 302:
        return
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8", answer.text
    if "error_code" in answer.json:
        assert (answer.status_code, answer.json["error_code"]) in OAUTH
        assert answer.json["error"] == answer.json["error_code"]
    elif "code" in answer.json:
        assert (answer.status_code, answer.json["code"]) in CODES, answer.text
        assert answer.json["detail"] == {"logid": answer.headers["X-Tt-Logid"]}
        assert LOGID.fullmatch(answer.headers["X-Tt-Logid"])
        if answer.json["code"]:
            assert set(answer.json) <= {"code", "msg", "detail", "debug_url", "execute_id"}


SCALARS = [BOT, RUN, "1", "", "text", "user", "[]", '[{"type":"text"}]', None, True, False, 0, 1.5, 2**70]
json_values = st.recursive(
    st.sampled_from(SCALARS) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = sorted(
    """
    additional_messages after_id auto_save_history before_id bot_id chat_id client_id code
    connector_id connector_ids connector_uid content content_type conversation_id data device_code
    end_date event_id event_type ext feedback_type file_id grant_type granularity interrupt_type
    is_async keywords limit message_id messages meta_data name onboarding_info order page_num
    page_size parameters prompt_info reason_types redirect_uri refresh_token resume_data role
    space_id start_date stream tool_outputs user_id workflow_id workspace_id
    """.split()
)
bodies = st.one_of(
    st.binary(max_size=60),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.sampled_from(MEMBERS), json_values, max_size=9).map(
        lambda value: json.dumps(value).encode()
    ),
)
queries = st.dictionaries(
    st.sampled_from(MEMBERS),
    st.one_of(st.text(max_size=20), st.sampled_from([BOT, "1", "2025-12-15"])),
    max_size=5,
)
parts = st.sampled_from(
    [BOT, DRAFT, FOREIGN, RUN, "0000000000004013", "1", "x", "%00", "%FF", "%E4%BD%A0", "٣"]
)


@settings(max_examples=250)
@given(st.sampled_from(ROUTES), st.lists(parts, min_size=4, max_size=4), queries, bodies, st.booleans())
def test_any_bytes_get_a_catalogued_answer(route, ids, query, body, strict):
    """Whatever a client sends to any route, the answer is a row of the catalogue in Coze's envelope."""
    del strict
    method, rule = route
    path = re.sub(r"<[^>]+>", lambda _: ids.pop(), rule)

    answer = FUZZED.test_client().open(path, method=method, query_string=query, data=body, headers=TOKEN)

    _check(answer)


@settings(max_examples=60)
@given(st.binary(max_size=40), st.text(max_size=20))
def test_any_header_and_path(raw, tail):
    """So it is with any token and any path that is Coze's."""
    token = raw.decode("latin-1").replace("\r", "").replace("\n", "")

    answer = FUZZED.test_client().get("/v1/bots/" + tail, headers={"Authorization": f"Bearer {token}"})

    _check(answer)


@pytest.mark.parametrize(
    "path",
    ["/v1/bots", "/v1/bot/nope", "/v1/datasets", "/v3/chat/nope", "/v1/conversations//clear", "/open_api/x"],
)
def test_unknown_paths_are_cozes(coze, path):
    """A path that is Coze's by its look, but unknown, is 404 with 4000; no token is asked for."""
    answer = coze.patch(path) if path == "/v1/bots" else coze.get(path, headers={"Authorization": ""})

    _check(answer)
    assert (answer.status_code, answer.json["code"]) == ((405 if path == "/v1/bots" else 404), 4000)


def test_unknown_paths_are_cozes_by_host(coze):
    """On Coze's own hosts every unknown path is."""
    answer = coze.get("/nothing/here", base_url="https://api.coze.cn")

    assert (answer.status_code, answer.json["code"]) == (404, 4000)


def test_a_slash_at_the_end_changes_nothing(coze):
    """Routes answer with and without a slash at their end."""
    assert coze.post("/v1/conversation/create/", json={}).json["code"] == 0


@pytest.mark.parametrize("row", [row for row in errors.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_ids_that_fail_on_purpose(coze, row):
    """A bot id of zeros and a code answers with that row, everywhere."""
    agent = row.provoke.removeprefix("bot ")
    query = "?start_date=2025-12-15&end_date=2025-12-15"

    answers = [
        coze.get(f"/v1/bots/{agent}/analytics{query}"),
        coze.get(f"/v1/workflows/{agent}/analytics{query}"),
        coze.get(f"/v1/bot/get_online_info?bot_id={agent}"),
        coze.post("/v3/chat", json={"bot_id": agent, "user_id": "u", "stream": True}),
        coze.post("/v1/workflow/run", json={"workflow_id": agent}),
    ]

    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(row.status, int(row.code))}
    assert (row.status == 429) == ("Retry-After" in answers[0].headers)


def test_reasons_can_be_read(coze):
    """The reason stands beside the bytes."""
    answer = coze.get("/v1/conversation/retrieve?conversation_id=1")

    assert answer.headers["X-Mockcbs-Reason"] == "no conversation 1 was created here"


def test_bodies_need_no_content_type(coze):
    """JSON is read whatever the content type says; no body at all is an empty object."""
    bare = coze.post("/v1/conversation/create")
    form = coze.post(
        "/v1/conversation/create", data=b'{"name":"x"}', content_type="application/x-www-form-urlencoded"
    )

    assert (bare.json["data"]["name"], form.json["data"]["name"]) == ("", "x")
    assert coze.post("/v1/conversation/create", data=b"[]").json["code"] == 4000


def test_streams_can_be_cut_by_lines(coze):
    """A stream is of lines ``event:`` and ``data:`` alone, one line of JSON each, whatever is said."""
    strange = "a\u2028b\u2029c\x85d\r\ne 你好 \U0001f600"
    body = {"workflow_id": RUN[:-1] + "9", "parameters": {"x": strange}}

    answer = coze.post("/v1/workflow/stream_run", json=body)

    events = lines(answer)
    assert all(set(event) == {"id", "event", "data"} for event in events)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert LOGID.fullmatch(answer.headers["X-Tt-Logid"])
    said, done = (json.loads(event["data"]) for event in events)
    assert json.loads(said["content"]) == {"x": strange}
    assert (said["node_seq_id"], said["node_is_finish"], said["node_execute_uuid"]) == ("0", True, "")
    assert events[-1]["event"] == "Done"
    assert done["debug_url"].startswith("https://www.coze.cn/work_flow?execute_id=")


@given(st.text())
def test_deltas_make_up_the_text(text):
    """Nothing is lost or added when an answer is split."""
    assert "".join(sse.deltas(text)) == text


def test_chat_stream_events(coze):
    """Events come in the documented order, each with the members of contract 3.5.9."""
    body = {"bot_id": BOT, "user_id": "u", "stream": True, "additional_messages": [QUESTION]}

    events = lines(coze.post("/v3/chat", json=body))

    assert [event["event"] for event in events if "delta" not in event["event"]] == [
        "conversation.chat.created",
        "conversation.chat.in_progress",
        "conversation.message.completed",
        "conversation.message.completed",
        "conversation.message.completed",
        "conversation.chat.completed",
        "done",
    ]
    assert events[-1]["data"] == '"[DONE]"'
    chats = [json.loads(event["data"]) for event in events if ".chat." in event["event"]]
    assert [chat["status"] for chat in chats] == ["created", "in_progress", "completed"]
    assert len({chat["id"] for chat in chats}) == 1


def test_a_failed_stream_tells_why(coze):
    """The failed event is a whole chat with last_error, and code and msg beside it."""
    question = {**QUESTION, "content": "mockcbs:fail"}
    body = {"bot_id": BOT, "user_id": "u", "stream": True, "additional_messages": [question]}

    events = lines(coze.post("/v3/chat", json=body))

    data = json.loads(events[-2]["data"])
    assert events[-2]["event"] == "conversation.chat.failed"
    assert (data["code"], data["last_error"]["code"], data["status"]) == (5000, 5000, "failed")


def test_conversations_of_a_clock_that_stands_still(coze):
    """Ids differ and ascend also when no time passes."""
    ids = [coze.post("/v1/conversation/create").json["data"]["id"] for _ in range(5)]

    assert sorted(ids, key=int) == ids
    assert len(set(ids)) == 5


def test_the_same_calls_have_the_same_answers():
    """Two mocks asked the same say the same, but for log ids."""

    def ask(client):
        body = {"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}
        chat = client.post("/v3/chat", json=body).json["data"]
        query = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
        return chat, client.get("/v3/chat/message/list", query_string=query).json["data"]

    assert ask(caller()) == ask(caller())


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, 4300),
        ({"file": (b"", "x.txt")}, 4300),
        ({"file": (b"x", "x.txt"), "other": (b"x", "y.txt")}, 4301),
        ({"other": (b"x", "y.txt")}, 4300),
        ({"file": (b"x", "x.txt")}, 0),
        ({"file": (b"x", "x.PNG")}, 0),
        ({"file": (b"x", "noending")}, 0),
        ({"file": (b"x", "x.exe")}, 4303),
    ],
)
def test_uploads(coze, files, code):
    """One file with content, in the part called file, is wanted."""
    import io

    data = {name: (io.BytesIO(content), filename) for name, (content, filename) in files.items()}

    answer = coze.post("/v1/files/upload", data=data, content_type="multipart/form-data")

    assert (answer.status_code, answer.json["code"]) == (200, code)


def test_large_uploads(coze):
    """A file beyond the limit is refused as such; any other body as a wrong parameter."""
    length = {"CONTENT_LENGTH": str(514 * 2**20)}

    upload = coze.post("/v1/files/upload", environ_overrides=length)
    chat = coze.post("/v3/chat", data=bytes(21 * 2**20))

    assert (upload.status_code, upload.json["code"]) == (200, 4302)
    assert (chat.status_code, chat.json["code"]) == (413, 4000)


def test_messages_of_one_chat(coze):
    """chat_id picks the messages of one chat; an unknown cursor is refused."""
    first, second = (
        coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}).json[
            "data"
        ]
        for _ in range(2)
    )
    where = f"/v1/conversation/message/list?conversation_id={first['conversation_id']}"

    assert first["conversation_id"] != second["conversation_id"]
    assert len(coze.post(where, json={"chat_id": first["id"]}).json["data"]) == 1
    assert coze.post(where, json={"chat_id": second["id"]}).json["data"] == []
    assert coze.post(where, json={"after_id": "5"}).json["code"] == 4005
    assert coze.post(where, json={"after_id": "0", "before_id": ""}).json["code"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"bot_id": BOT},
        {"bot_id": BOT, "user_id": ""},
        {"user_id": "u"},
        {"bot_id": "abc", "user_id": "u"},
        {"bot_id": BOT, "user_id": "u", "additional_messages": {}},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{"role": "system", "content": "x"}]},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{"role": "user", "content": "x"}]},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{**QUESTION, "type": "follow_up"}]},
        {"bot_id": BOT, "user_id": "u", "additional_messages": [{**QUESTION, "content_type": "card"}]},
        {"bot_id": BOT, "user_id": "u", "extra_params": {"altitude": "1"}},
        {"bot_id": BOT, "user_id": "u", "publish_status": "unpublished_draft", "bot_version": "1"},
    ],
)
def test_chats_refuse_bad_parameters(coze, body):
    """Whatever contract 3.5.1 forbids is 4000."""
    answer = coze.post("/v3/chat", json=body)

    assert (answer.status_code, answer.json["code"]) == (400, 4000), answer.text


def test_nulls_and_numbers_are_taken(coze):
    """Members that are null count as absent, and an id may be a JSON number."""
    message = {**QUESTION, "id": None, "meta_data": None, "type": None}
    body = {"bot_id": int(BOT), "user_id": "u", "additional_messages": [message], "meta_data": None}

    assert coze.post("/v3/chat", json=body).json["code"] == 0


def test_drafts_can_be_asked(coze):
    """publish_status=unpublished_draft reaches a bot that is not published."""
    body = {"bot_id": DRAFT, "user_id": "u"}

    assert coze.post("/v3/chat", json=body).json["code"] == 4015
    assert coze.post("/v3/chat", json={**body, "publish_status": "unpublished_draft"}).json["code"] == 0


def test_jwt_claims(coze):
    """A JWT must be one, be for this host, be fresh, and be used once."""
    import base64
    import time

    def jwt(**claims):
        def part(content):
            return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

        return f"{part({'alg': 'RS256', 'kid': 'k'})}.{part(claims)}.{part('signature')}"

    def ask(token, **body):
        grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", **body}
        answer = coze.post(
            "/api/permission/oauth2/token", json=grant, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.json.get("error_code") or answer.json

    good = {"iss": "c", "aud": "api.coze.com", "exp": int(time.time()) + 60, "jti": "1"}
    scope = {"attribute_constraint": {"connector_bot_chat_attribute": {"bot_id_list": [DRAFT]}}}

    token = ask(jwt(**good), scope=scope, duration_seconds=60)
    assert token["expires_in"] > time.time()
    assert ask(jwt(**good)) == "invalid_client"
    assert ask(jwt(**{**good, "jti": "2"}), duration_seconds=86_400) == "invalid_request"
    for bad in ({"aud": "elsewhere"}, {"exp": 1}, {"jti": None}, {"iss": ""}):
        assert ask(jwt(**{**good, "jti": "3", **bad})) == "invalid_client"
    for text in ("", "x", "a.b", "a.b.c", "你.好.吗"):
        assert ask(text.encode().decode("latin-1")) == "invalid_client"
    refused = coze.post(
        "/v3/chat",
        json={"bot_id": BOT, "user_id": "u"},
        headers={"Authorization": f"Bearer {token['access_token']}"},
    )
    assert (refused.status_code, refused.json["code"]) == (403, 4101)


def test_a_file_without_a_key_is_refused_at_start(tmp_path):
    """A public key that cannot be read is the user's mistake, told at once."""
    file = tmp_path / "key.pem"
    file.write_text("no key")

    with pytest.raises(UserError, match="no public key in PEM"):
        create_app(Settings(coze_public_key=str(file)))
