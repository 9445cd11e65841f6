"""The replies of a bot, of every kind, and the choice among them."""

import re

import pytest

from mockcbs.services.cbs import dialogue_responses as responses
from tests.conftest import NOW
from tests.services.cbs.conversing import Talk
from tests.services.cbs.dialogues import OFFICE, UUID

# Answers


def test_the_very_words_are_answered(talk):
    """A direct hit: one answer with score 1, no recommendations, members in the documented order."""
    answer = talk.chat("桌面云打不开了")

    assert list(answer) == ["reply_type", "qabot_answers", "session_id", "request_id"]
    assert list(answer["qabot_answers"]) == ["answers", "recommend_answers"]
    (hit,) = answer["qabot_answers"]["answers"]
    assert list(hit) == ["qa_pair_id", "st_question", "answer", "score", "domain"]
    assert (hit["st_question"], hit["score"], hit["domain"]) == ("桌面云打不开", 1, "桌面云")
    assert answer["qabot_answers"]["recommend_answers"] == []
    assert talk.counts() == {"direct": 1}


def test_what_is_only_alike_is_recommended(talk):
    """Below the threshold pairs are offered without answers, best first."""
    answer = talk.chat("桌面云")

    recommended = answer["qabot_answers"]["recommend_answers"]
    assert (answer["reply_type"], answer["qabot_answers"]["answers"]) == (0, [])
    assert [list(pair) for pair in recommended] == [["qa_pair_id", "st_question", "score", "domain"]] * 5
    scores = [pair["score"] for pair in recommended]
    assert scores == sorted(scores, reverse=True)
    assert all(0.5 <= score < 0.85 for score in scores)
    assert talk.counts() == {"recommend": 1}


def test_nothing_alike_gets_two_empty_lists(talk):
    """Public web clients read the length of both."""
    answer = talk.chat("量子计算")

    assert (answer["reply_type"], answer["qabot_answers"]) == (0, {"answers": [], "recommend_answers": []})
    assert talk.counts() == {"notmatch": 1}


def test_small_talk_needs_leave(talk):
    """The bot chats if chat_enable or query_types allows it, and not otherwise."""
    silent = talk.chat("你好")
    allowed = talk.chat("你好", chat_enable=True)
    asked_for = talk.chat("你好", query_types=[2])

    assert silent["reply_type"] == 0
    assert allowed["reply_type"] == asked_for["reply_type"] == 2
    assert list(allowed) == ["reply_type", "chat_answers", "session_id", "request_id"]
    assert allowed["chat_answers"] == {"answer": OFFICE.small_talk[0].answer, "score": 1}
    assert talk.counts() == {"notmatch": 1, "chat": 2}


def test_small_talk_fills_the_gap_with_a_score_of_zero(talk):
    """A question without an answer gets a polite reply if small talk is enabled, and stays unmatched."""
    answer = talk.chat("量子计算", chat_enable=True)

    assert (answer["reply_type"], answer["chat_answers"]["score"]) == (2, 0)
    assert answer["chat_answers"]["answer"]
    assert talk.counts() == {"notmatch": 1}


@pytest.mark.parametrize(
    ("kinds", "question", "kind", "member", "found"),
    [
        ([3], "桌面云的负责部门", 3, "kbqa_answers", {"answer": "桌面云由基础设施部负责。"}),
        ([5], "标准型的内存", 5, "tableqa_answers", {"answer": "8GB", "table_id": "table-desktop-plans"}),
        (
            [0, 4],
            "机密数据可以放在个人设备吗",
            4,
            "docqa_answers",
            {"question": "机密数据可以放在个人设备吗"},
        ),
        ([4, 0], "桌面云打不开", 0, "qabot_answers", {"recommend_answers": []}),
        ([1, 0], "今天天气怎么样", 1, "taskbot_answers", {"answer": "请问您需要查询哪里的天气?"}),
        ([1], "桌面云打不开", 0, "qabot_answers", {"answers": []}),
    ],
)
def test_only_the_kinds_asked_for_answer(talk, kinds, question, kind, member, found):
    """query_types chooses knowledge base, skill, small talk, graph, document or table."""
    answer = talk.chat(question, query_types=kinds)

    assert answer["reply_type"] == kind
    assert {member} == {name for name in answer if name.endswith("_answers")}
    assert found.items() <= answer[member].items()
    assert responses.ChatAnswer().validate(answer) == {}


def test_members_of_all_kinds_stand_in_the_documented_order(talk):
    """return_all_answers shows every kind that has an answer, not only the winner."""
    question = "申请桌面云的负责部门"

    everything = talk.chat(
        question, query_types=[0, 1, 2, 3, 4, 5], extends={"return_all_answers": True}, chat_enable=True
    )
    winner = talk.chat(question, query_types=[0, 1, 2, 3, 4, 5])

    assert list(everything) == ["reply_type", "qabot_answers", "session_id", "kbqa_answers", "request_id"]
    assert list(winner) == ["reply_type", "session_id", "kbqa_answers", "request_id"]
    assert everything["reply_type"] == winner["reply_type"] == 3


def test_categories_and_labels_are_respected(talk):
    """Only pairs of the categories and with one of the labels answer; both ids and names select them."""
    network, desktop = OFFICE.domain_id("网络与VPN"), OFFICE.domain_id("桌面云")

    def hit(**extends: object) -> bool:
        return bool(talk.chat("离职后桌面云的数据保留多久", extends=extends)["qabot_answers"]["answers"])

    assert hit(domain_ids=[network, desktop])
    assert hit(domain_ids=["桌面云"])
    assert hit(domain_ids=[f"{network};{desktop};"])
    assert not hit(domain_ids=[network])
    assert hit(tag_ids={"should": ["外包", "管理员"]})
    assert not hit(tag_ids={"should": ["外包"]})
    assert not hit(tag_ids={"should": ["管理员"]}, domain_ids=[network])
    assert hit(tag_ids={"should": []}, domain_ids=[])


# Single round


def single(talk: Talk, question: str, **more: object) -> list[dict]:
    return talk.post("/requests", question=question, session_id="mine", **more)["answers"]


def test_single_round_lists_the_best_matches(talk):
    """The documented members in order, the question echoed; a first match that answers brings all answers."""
    body = talk.post("/requests", question="桌面云无法登陆", session_id="mine", extends={"top": 3})

    assert list(body) == ["request_id", "question", "answers"]
    assert re.fullmatch(f"{UUID}{NOW}", body["request_id"])
    assert body["question"] == "桌面云无法登陆"
    assert [list(answer) for answer in body["answers"]] == [
        ["qa_pair_id", "st_question", "answer", "score", "domain"]
    ] * 3
    assert (body["answers"][0]["st_question"], body["answers"][0]["score"]) == ("桌面云无法登录", 0.857)
    assert responses.SingleAnswer().validate(body) == {}
    assert talk.counts() == {"direct": 1}


def test_the_threshold_hides_weak_matches(talk):
    """threshold_enable keeps answers and recommendations only; without it the weak ones show too."""
    everything = single(talk, "打不开桌面云", extends={"top": 10})
    filtered = single(talk, "打不开桌面云", extends={"top": 10}, threshold_enable=True)

    assert min(answer["score"] for answer in everything) < 0.5 <= min(answer["score"] for answer in filtered)
    assert all("answer" in answer for answer in everything)
    assert [("answer" in answer) == (answer["score"] >= 0.85) for answer in filtered] == [True] * len(
        filtered
    )
    assert len(filtered) < len(everything) == 10


def test_single_round_recommends_chats_and_misses(talk):
    """Without an answer the response has recommendations, small talk (D-12), or an empty list."""
    assert {"answer" in answer for answer in single(talk, "桌面云")} == {False}
    assert len(single(talk, "桌面云")) == 5
    assert [answer["answer"] for answer in single(talk, "你好")] == [OFFICE.small_talk[0].answer]
    assert single(talk, "你好", chat_enable=False) == []
    assert single(talk, "量子计算") == []
    assert single(talk, "???") == []
    assert talk.counts() == {"recommend": 2, "chat": 1, "notmatch": 2, "invalid": 1}


def test_single_round_knows_categories_by_name(talk):
    """extends.domains holds names; a pair of another category does not answer."""
    assert single(talk, "桌面云打不开", extends={"domains": ["网络与VPN", "桌面云"]})[0]["score"] == 1
    assert {answer["domain"] for answer in single(talk, "VPN", extends={"domains": ["网络与VPN"]})} == {
        "网络与VPN"
    }
    assert single(talk, "桌面云打不开", extends={"domains": ["nothing;桌面云"]})[0]["score"] == 1
    assert single(talk, "桌面云打不开", extends={"domains": ["nothing"]}) == []
