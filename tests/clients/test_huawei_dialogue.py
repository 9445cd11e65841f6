"""All twelve operations with the official Python SDK: asked, rated, handed over, and counted."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import huaweicloudsdkcbs.v1 as sdk
import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from .conftest import Served, Serving

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Call = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def quiet(serving: Serving) -> Iterator[Served]:
    """A server without traffic but for what the test causes."""
    with serving("--dataset", "empty") as served:
        yield served


@pytest.fixture(params=["sync", "async"])
def call(request, quiet: Served, tmp_path, monkeypatch) -> Iterator[Call]:
    """Call an operation on a freshly reset mock, with the synchronous or the asynchronous client."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    import requests

    assert requests.post(f"{quiet.url}/_mockcbs/reset", timeout=10).status_code == 204
    credentials = BasicCredentials("MOCKCBSAK", "mockcbs-secret-key", PROJECT)
    kind = sdk.CbsClient if request.param == "sync" else sdk.CbsAsyncClient
    client = kind.new_builder().with_credentials(credentials).with_endpoint(quiet.url).build()

    def perform(operation: str, parameters: Any) -> Any:
        if request.param == "sync":
            return getattr(client, operation)(parameters)
        return getattr(client, f"{operation}_async")(parameters).result()

    yield perform
    client.close()


def chat(call: Call, question: str, **members: Any) -> Any:
    body = sdk.PostRequestsReq(question=question, **members)
    return call("execute_qa_chat", sdk.ExecuteQaChatRequest(BOT, body))


def test_the_whole_loop(call):
    """Ask, ask on, rate, hand over; then all four statistics know of every question, and of nothing else."""
    first = chat(call, "桌面云打不开了", user_id="anna")
    chat(call, "桌面云", user_id="anna", session_id=first.session_id)
    weather = chat(call, "今天天气怎么样", user_id="ben", query_types=[1])
    done = chat(call, "深圳", session_id=weather.session_id, user_id="ben")
    single = call(
        "post_requests",
        sdk.PostRequestsRequest(
            BOT, sdk.PostOldRequestsReq(question="量子计算", session_id="mine", extends=sdk.OldExtends(top=3))
        ),
    )
    opened = call("create_session", sdk.CreateSessionRequest(BOT))
    in_session = call(
        "execute_session",
        sdk.ExecuteSessionRequest(
            BOT, opened.session_id, sdk.PostQaSessionReq(question="你好", user_id="anna")
        ),
    )
    closed = call("delete_session", sdk.DeleteSessionRequest(BOT, opened.session_id))
    suggested = call(
        "list_suggestions", sdk.ListSuggestionsRequest(BOT, sdk.PostSuggestionsReq(question="桌面云", top=2))
    )
    labor = call("tag_labor", sdk.TagLaborRequest(BOT, single.request_id))
    rated = call(
        "tag_satisfaction",
        sdk.TagSatisfactionRequest(BOT, first.request_id, sdk.PostSatisfactionReq(degree=-1)),
    )

    assert first.reply_type == 0
    assert [(hit.st_question, hit.score) for hit in first.qabot_answers.answers] == [("桌面云打不开", 1)]
    assert first.qabot_answers.recommend_answers == []
    assert re.fullmatch(UUID, first.session_id)
    assert re.fullmatch(UUID + r"\d{13}", first.request_id)
    assert weather.taskbot_answers.skill_responses[0].frame.task_complete is False
    assert done.taskbot_answers.skill_responses[0].frame.current_slots[0].slot_values[0].norm_word == "深圳"
    assert (single.question, single.answers) == ("量子计算", [])
    assert (in_session.reply_type, in_session.chat_answers.score) == (2, 1)
    assert closed.status_code == 200
    assert suggested.questions == ["桌面云打不开", "桌面云无法登录"]
    for tagged, request_id in ((labor, single.request_id), (rated, first.request_id)):
        assert tagged.request_id == request_id
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", tagged.updated_time)

    sessions = call("collect_session_stats", sdk.CollectSessionStatsRequest(BOT, interval="day")).total
    replies = call("collect_reply_rates", sdk.CollectReplyRatesRequest(BOT)).total
    hot = call("collect_hot_questions", sdk.CollectHotQuestionsRequest(BOT)).questions
    words = call("collect_key_words", sdk.CollectKeyWordsRequest(BOT)).keywords
    assert (sessions.session_count, sessions.user_count, sessions.avg_request_count) == (4, 2, 1.5)
    assert (replies.question_count, replies.direct_count, replies.recommend_count) == (6, 1, 1)
    assert (replies.notmatch_count, replies.chat_count, replies.invalid_count) == (1, 1, 0)
    assert replies.dialog_count == 2
    assert [(hit.st_question, hit.domain) for hit in hot] == [("桌面云打不开", "桌面云")]
    assert (words[0].keyword, words[0].freq) == ("桌面云", 2)


NO_BOT = "no-uuid"
QUESTION = "VPN"
FAILURES = {
    "collect_session_stats": (sdk.CollectSessionStatsRequest(BOT, interval="hour"), "CBS.0021"),
    "collect_reply_rates": (sdk.CollectReplyRatesRequest(BOT, time_zone="Mars"), "CBS.0021"),
    "collect_hot_questions": (sdk.CollectHotQuestionsRequest(BOT, top=21), "CBS.0021"),
    "collect_key_words": (sdk.CollectKeyWordsRequest(BOT, top=51), "CBS.0021"),
    "execute_qa_chat": (sdk.ExecuteQaChatRequest(BOT, sdk.PostRequestsReq(question="")), "CBS.0022"),
    "post_requests": (sdk.PostRequestsRequest(BOT, sdk.PostOldRequestsReq(question=QUESTION)), "CBS.0022"),
    "create_session": (sdk.CreateSessionRequest(NO_BOT), "CBS.2114"),
    "execute_session": (
        sdk.ExecuteSessionRequest(BOT, "none", sdk.PostQaSessionReq(question=QUESTION)),
        "CBS.3254",
    ),
    "delete_session": (sdk.DeleteSessionRequest(NO_BOT, "none"), "CBS.2114"),
    "list_suggestions": (
        sdk.ListSuggestionsRequest(BOT, sdk.PostSuggestionsReq(question="问" * 513)),
        "CBS.0022",
    ),
    "tag_labor": (sdk.TagLaborRequest(BOT, "303a0a00-c88a"), "CBS.2344"),
    "tag_satisfaction": (
        sdk.TagSatisfactionRequest(BOT, "303a0a00-c88a", sdk.PostSatisfactionReq(degree=0)),
        "CBS.0099",
    ),
}


def test_each_operation_fails_as_documented(call):
    """Every failure arrives with status 400, its code and the id of the request, and counts nothing."""
    for operation, (parameters, code) in FAILURES.items():
        with pytest.raises(ClientRequestException) as caught:
            call(operation, parameters)

        assert (operation, caught.value.status_code, caught.value.error_code) == (operation, 400, code)
        assert len(caught.value.request_id) == 32

    assert len(FAILURES) == 12
    assert call("collect_reply_rates", sdk.CollectReplyRatesRequest(BOT)).total.question_count == 0
