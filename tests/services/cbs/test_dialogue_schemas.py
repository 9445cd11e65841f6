"""What the dialogue operations refuse: types first (CBS.0099), then contents (CBS.0022)."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcbs.services.cbs import dialogue_responses as responses
from tests.conftest import BOT, PROJECT
from tests.services.cbs.conversing import TOKEN, Talk
from tests.thoroughness import examples

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
NO_QUESTION = (400, "CBS.0022", "question can not be null")
NO_SESSION = (400, "CBS.0022", "session_id can not be null")
CONTENT = (400, "CBS.0022", "请求参数内容错误")
INVALID = (400, "CBS.0099", "request body invalid.")
ASKING = ["/chat", "/requests", "/suggestions", "/sessions/any"]


@pytest.fixture(scope="module")
def talk() -> Talk:
    """A mock that refuses whatever this module sends."""
    return Talk.start("empty")


def refusal(talk: Talk, path: str, body: object) -> tuple[int, str, str]:
    return talk.refusal("POST", path, json=body)


@pytest.mark.parametrize("path", ASKING)
@pytest.mark.parametrize("question", [{}, {"question": None}, {"question": ""}])
def test_a_question_is_needed(talk, path, question):
    """Missing, null or empty, it is refused in the documented words by every operation that asks.

    Suggestions take an empty one: nothing was typed yet (contract 5.10).
    """
    if path == "/suggestions" and question == {"question": ""}:
        assert talk.post(path, **question) == {"questions": []}
    else:
        assert refusal(talk, path, {"session_id": "s", **question}) == NO_QUESTION


@pytest.mark.parametrize("path", ASKING)
def test_no_body_has_no_question(talk, path):
    """An empty body is read as one without members."""
    assert talk.refusal("POST", path, data=b"", content_type="application/json") == NO_QUESTION


@pytest.mark.parametrize("path", ASKING)
@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'"text"', b"5", b"\xff", b'{"question":"\\ud800"}', b"{} {}"]
)
def test_what_is_no_json_object_is_invalid(talk, path, body):
    """Broken JSON, other JSON, other bytes, half a character."""
    assert talk.refusal("POST", path, data=body, content_type="application/json") == INVALID


@pytest.mark.parametrize(
    ("path", "member"),
    [
        *((path, {"question": value}) for path in ASKING for value in (5, True, ["a"], {"a": "b"}, 1.5)),
        ("/chat", {"session_id": 5}),
        ("/chat", {"user_id": ["a"]}),
        ("/chat", {"chat_enable": 1}),
        ("/chat", {"chat_enable": "true"}),
        ("/chat", {"query_types": 0}),
        ("/chat", {"query_types": ["0"]}),
        ("/chat", {"query_types": [True]}),
        ("/chat", {"query_types": [None]}),
        ("/chat", {"query_types": [0.5]}),
        ("/chat", {"extends": []}),
        ("/chat", {"extends": {"domain_ids": "a"}}),
        ("/chat", {"extends": {"domain_ids": [1]}}),
        ("/chat", {"extends": {"tag_ids": ["a"]}}),
        ("/chat", {"extends": {"tag_ids": {"should": [None]}}}),
        ("/chat", {"extends": {"return_all_answers": "no"}}),
        ("/chat", {"extends": {"source": 1}}),
        ("/requests", {"session_id": 5}),
        ("/requests", {"operate_type": "0"}),
        ("/requests", {"operate_type": 1.5}),
        ("/requests", {"threshold_enable": 0}),
        ("/requests", {"extends": {"top": "5"}}),
        ("/requests", {"extends": {"domains": "a"}}),
        ("/suggestions", {"top": "5"}),
        ("/suggestions", {"top": False}),
        ("/sessions/any", {"chat_enable": 0}),
        ("/sessions/any", {"extends": {"domain_ids": {}}}),
    ],
)
def test_a_member_of_the_wrong_type_is_invalid(talk, path, member):
    """Types are those of the contract, are not converted, and are checked before contents."""
    assert refusal(talk, path, {"question": "VPN", "session_id": "s", **member}) == INVALID
    if "question" not in member:
        assert refusal(talk, path, {"question": "", **member}) == INVALID


@pytest.mark.parametrize(
    ("path", "member", "reason"),
    [
        *((path, {"question": "问" * 513}, "question has 513 characters") for path in ASKING),
        ("/chat", {"query_types": [0, 6]}, "query_types holds 6"),
        ("/chat", {"query_types": [-1]}, "query_types holds -1"),
        ("/chat", {"extends": {"domain_ids": ["a"] * 11}}, "extends.domain_ids holds 11"),
        ("/chat", {"query_types": [0] * 1001}, "query_types holds 1001"),
        ("/chat", {"extends": {"tag_ids": {"should": ["a"] * 1001}}}, "should holds 1001"),
        ("/chat", {"user_id": "u" * 1025}, "user_id has more than 1024"),
        ("/chat", {"session_id": "u" * 1025}, "session_id has more than 1024"),
        ("/sessions/any", {"extends": {"domain_ids": ["a"] * 11}}, "extends.domain_ids holds 11"),
        ("/requests", {"extends": {"domains": ["a"] * 11}}, "extends.domains holds 11"),
        ("/requests", {"extends": {"domains": ["a;b;c;d;e;f", "g;h;i;j;k"]}}, "extends.domains holds 11"),
        ("/chat", {"extends": {"domain_ids": [";".join("abcdefghijk")]}}, "extends.domain_ids holds 11"),
        ("/requests", {"extends": {"top": 0}}, "top 0 is not"),
        ("/requests", {"extends": {"top": 11}}, "top 11 is not"),
        ("/requests", {"operate_type": 2}, "operate_type 2 is not"),
        ("/requests", {"operate_type": 5}, "operate_type 5 is not"),
        ("/suggestions", {"top": 0}, "top 0 is not"),
        ("/suggestions", {"top": 11}, "top 11 is not"),
        ("/suggestions", {"top": 10**30}, "top 1000"),
    ],
)
def test_contents_out_of_bounds_are_refused_with_a_reason(talk, path, member, reason):
    """Contents out of bounds get CBS.0022, and X-Mockcbs-Reason states the accepted ones."""
    response = talk.send("POST", path, json={"question": "VPN", "session_id": "s", **member})

    assert (response.status_code, *response.json.values()) == CONTENT
    assert reason in response.headers["X-Mockcbs-Reason"]


def test_an_endless_list_is_refused_at_once(talk):
    """More values than JSON may hold are refused before they are parsed (law 6)."""
    body = b'{"question":"VPN","query_types":[' + b'"",' * 1_000_000 + b"0]}"

    answer = talk.refusal("POST", "/chat", data=body)

    assert answer == INVALID


def test_a_wrong_type_is_named(talk):
    """The reason names the wrong member, including items of lists."""
    reasons = [
        talk.send("POST", "/chat", json={"question": "VPN", **member}).headers["X-Mockcbs-Reason"]
        for member in ({"query_types": [0, "1"]}, {"chat_enable": 1}, {"extends": 5})
    ]

    assert reasons == [
        "query_types[1]: must be a whole number",
        "chat_enable: must be true or false",
        "extends: must be a mapping of keys to values",
    ]


@pytest.mark.parametrize("session_id", [{}, {"session_id": None}, {"session_id": ""}])
def test_single_round_needs_a_session(talk, session_id):
    """D-11: the documented words."""
    assert refusal(talk, "/requests", {"question": "VPN", **session_id}) == NO_SESSION


@pytest.mark.parametrize("degree", [0, 2, -2, "1", 1.0, 1.5, True, None, [1], {}])
def test_a_degree_is_one_or_minus_one(talk, degree):
    """D-17: anything else is an invalid body, which is reported before an unknown request."""
    assert refusal(talk, "/requests/none/satisfaction", {"degree": degree}) == INVALID
    assert refusal(talk, "/requests/none/satisfaction", {}) == INVALID


@pytest.mark.parametrize("path", ["/chat", "/requests", "/suggestions"])
def test_null_counts_as_absent_and_unknown_members_are_ignored(talk, path):
    """Clients send both; 512 characters are not too many."""
    nulls = dict.fromkeys(("user_id", "chat_enable", "query_types", "extends", "operate_type", "top"))

    response = talk.send(
        "POST", path, json={"question": "问" * 512, "session_id": "s", "extend": {"top": "x"}, **nulls}
    )

    assert response.status_code == 200


def test_escaped_and_raw_text_are_the_same_question(talk):
    """Python's SDK escapes, Node's sends UTF-8; the content type does not matter."""
    raw = '{"question":"桌面云","top":2}'.encode()
    escaped = json.dumps({"question": "桌面云", "top": 2}).encode()

    answers = [
        talk.send("POST", "/suggestions", data=body, content_type=kind).json
        for body in (raw, escaped)
        for kind in ("application/json", "application/json;charset=UTF-8", "text/plain", None)
    ]

    assert answers == [{"questions": ["桌面云打不开", "桌面云无法登录"]}] * 8


def test_a_body_over_12_mb_is_too_large(talk):
    """A body over 12 MB gets 413 APIG.0201 (contract 6.2)."""
    response = talk.send("POST", "/chat", data=b" " * (12 * 2**20 + 1))

    assert (response.status_code, response.json["error_code"]) == (413, "APIG.0201")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(
    [
        "question",
        "session_id",
        "user_id",
        "chat_enable",
        "query_types",
        "extends",
        "top",
        "degree",
        "operate_type",
    ]
)
BODIES = st.dictionaries(MEMBERS, JSON, max_size=5).map(lambda body: json.dumps(body).encode())
ANSWERS = {
    "/chat": responses.ChatAnswer,
    "/requests": responses.SingleAnswer,
    "/suggestions": responses.Suggestions,
    "/sessions": responses.OpenedSession,
    "/sessions/any": responses.SessionAnswer,
    "/requests/any/labor": responses.Tagged,
    "/requests/any/satisfaction": responses.Tagged,
}


@given(path=st.sampled_from([*ANSWERS]), body=BODIES | st.binary(max_size=50))
@example("/chat", b'{"question":"\x00\\u0000","session_id":"\\u2028"}')
@example("/chat", b'{"question":' + b"[" * 100_000)
@example("/chat", b'{"question":"a","top":' + b"9" * 10_000 + b"}")
@settings(max_examples=examples(300), deadline=None)
def test_any_body_gets_a_catalogued_answer(talk, path, body):
    """The operation's own schema, or one of the documented refusals (laws 5 and 6)."""
    response = talk.app.test_client().post(BASE + path, headers=TOKEN, data=body)

    if response.status_code == 200:
        assert ANSWERS[path]().validate(response.json) == {}
    else:
        missing = {(400, "CBS.2344", "request to change not exist")} | {
            (400, "CBS.3254", "RESOURCE_NOT_EXIST_EXCEPTION")
        }
        assert (response.status_code, *response.json.values()) in {
            NO_QUESTION,
            NO_SESSION,
            CONTENT,
            INVALID,
            *missing,
        }
