"""The dialogue operations: conversations, and what the statistics make of them."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockcbs.traffic.knowledge import derived_id
from tests.conftest import NOW, PROJECT
from tests.services.cbs.conversing import Talk
from tests.services.cbs.dialogues import OFFICE, UUID

RESOURCE_MISSING = (400, "CBS.3254", "RESOURCE_NOT_EXIST_EXCEPTION")
REQUEST_MISSING = (400, "CBS.2344", "request to change not exist")


def test_ids_of_conversations_are_not_kept(talk):
    """Each question has new ones, so memory would grow without an end."""
    talk.chat("桌面云打不开")
    kept = derived_id.cache_info().currsize

    for _ in range(3):
        talk.chat("桌面云打不开")

    assert derived_id.cache_info().currsize == kept


@pytest.mark.parametrize("question", ["???", "😀", " ", "。。。"])
def test_a_question_without_words_is_invalid(talk, question):
    """A question without words has no answer and counts as invalid."""
    answer = talk.chat(question)

    assert answer["qabot_answers"] == {"answers": [], "recommend_answers": []}
    assert talk.counts() == {"invalid": 1}


def test_asking_a_hot_question_works():
    """A question from the list of hot questions is answered by the same pair."""
    talk = Talk.start("everyday")
    hot = talk.statistics("qa-pairs/hots", start_time=0, top=20, exclude="true")["questions"]

    for question in hot:
        (answer,) = talk.chat(question["st_question"])["qabot_answers"]["answers"]
        assert (answer["qa_pair_id"], answer["domain"]) == (question["qa_pair_id"], question["domain"])
    assert len(hot) == 20


# Sessions


def test_a_conversation_goes_on_and_ids_have_the_documented_form(talk):
    """The session id that came with the last answer continues it; request ids end in the time."""
    first = talk.chat("桌面云打不开", user_id="anna")
    second = talk.chat("VPN", user_id="anna", session_id=first["session_id"])
    other = talk.chat("VPN", user_id="ben", session_id="")

    assert re.fullmatch(UUID, first["session_id"])
    assert re.fullmatch(f"{UUID}{NOW}", first["request_id"])
    assert second["session_id"] == first["session_id"] != other["session_id"]
    assert len({answer["request_id"] for answer in (first, second, other)}) == 3
    total = talk.statistics("requests/session-stats")["total"]
    assert (total["session_count"], total["user_count"], total["avg_request_count"]) == (2, 2, 1.5)


@pytest.mark.parametrize(("pause", "lives"), [(120_000, True), (120_001, False)])
def test_a_session_lives_two_minutes_after_the_last_answer(talk, pause, lives):
    """Every answer prolongs it; by mockcbs's clock it dies after 120 seconds, and a new one is opened."""
    session = talk.chat("桌面云打不开")["session_id"]
    talk.wait(100_000)
    assert talk.chat("VPN", session_id=session)["session_id"] == session
    talk.wait(pause)

    later = talk.chat("VPN", session_id=session)["session_id"]

    assert (later == session) == lives
    assert talk.sessions() == (1 if lives else 2)


def test_an_unknown_session_is_replaced(talk):
    """Chat takes any id; one it never issued, or issued for another bot, gets a new session."""
    session = talk.chat("VPN")["session_id"]
    elsewhere = Talk(talk.app, bot=talk.bot.replace("3", "4"))
    in_another_project = Talk(talk.app, project="0" * 31 + "1")

    ids = [
        talk.chat("VPN", session_id="no such session")["session_id"],
        elsewhere.chat("VPN", session_id=session)["session_id"],
        in_another_project.chat("VPN", session_id=session)["session_id"],
    ]

    assert len({session, *ids}) == 4
    assert all(re.fullmatch(UUID, issued) for issued in ids)


def test_a_session_is_opened_used_and_closed(talk):
    """Operations 7 to 9: greeting, answers with the request id in both places, an empty farewell."""
    opened = talk.post("/sessions")
    answer = talk.post(f"/sessions/{opened['session_id']}", question="桌面云打不开了")
    closed = talk.send("DELETE", f"/sessions/{opened['session_id']}")
    again = talk.send("DELETE", f"/sessions/{opened['session_id']}")

    assert list(opened) == ["session_id", "greeting"]
    assert re.fullmatch(UUID, opened["session_id"])
    assert opened["greeting"] == OFFICE.greeting
    assert list(answer) == ["reply_type", "qabot_answers", "request_id"]
    assert list(answer["qabot_answers"]) == ["answers", "request_id"]
    assert answer["qabot_answers"]["request_id"] == answer["request_id"]
    assert [(hit["st_question"], hit["score"]) for hit in answer["qabot_answers"]["answers"]] == [
        ("桌面云打不开", 1)
    ]
    assert [(response.status_code, response.data) for response in (closed, again)] == [(200, b"")] * 2
    assert talk.refusal("POST", f"/sessions/{opened['session_id']}", json={"question": "VPN"}) == (
        RESOURCE_MISSING
    )
    assert (talk.sessions(), talk.counts()) == (1, {"direct": 1})


def test_a_session_takes_no_body_or_any(talk):
    """CreateSession ignores what is sent; a session without questions is not counted."""
    for body in (b"", b"{}", b"not json", b"\xff"):
        response = talk.send("POST", "/sessions", data=body, content_type="application/json")
        assert response.status_code == 200
    assert talk.sessions() == 0


def test_a_session_that_is_not_there_is_an_error(talk):
    """ExecuteSession refuses unknown and expired sessions and those of other bots, and counts nothing."""
    session = talk.post("/sessions")["session_id"]
    elsewhere = Talk(talk.app, bot=talk.bot.replace("3", "4"))
    question = {"json": {"question": "VPN"}}

    assert talk.refusal("POST", "/sessions/none", **question) == RESOURCE_MISSING
    assert elsewhere.refusal("POST", f"/sessions/{session}", **question) == RESOURCE_MISSING
    elsewhere.send("DELETE", f"/sessions/{session}")
    talk.wait(120_000)
    assert talk.post(f"/sessions/{session}", question="VPN")["reply_type"] == 0
    talk.wait(120_001)
    assert talk.refusal("POST", f"/sessions/{session}", **question) == RESOURCE_MISSING
    assert (talk.sessions(), elsewhere.sessions()) == (1, 0)


def test_small_talk_is_on_in_opened_sessions(talk):
    """ExecuteSession chats by default, which can be switched off (D-12); recommendations have no answer."""
    session = talk.post("/sessions")["session_id"]

    chatting = talk.post(f"/sessions/{session}", question="你好")
    silent = talk.post(f"/sessions/{session}", question="你好", chat_enable=False)
    recommending = talk.post(f"/sessions/{session}", question="桌面云")

    assert list(chatting) == ["reply_type", "chat_answers", "request_id"]
    assert (chatting["reply_type"], silent["reply_type"]) == (2, 0)
    assert not [pair for pair in recommending["qabot_answers"]["answers"] if "answer" in pair]
    assert len(recommending["qabot_answers"]["answers"]) == 5


# Skills


def test_a_skill_asks_back_and_completes(talk):
    """A skill asks for the city of the weather; each round counts as dialog, and the skill then ends."""
    first = talk.chat("今天天气怎么样")
    session = first["session_id"]
    puzzled = talk.chat("火星", session_id=session)
    done = talk.chat("首都", session_id=session)
    after = talk.chat("首都", session_id=session)

    frames = [answer["taskbot_answers"]["skill_responses"][0]["frame"] for answer in (first, puzzled, done)]
    assert [frame["task_complete"] for frame in frames] == [False, False, True]
    assert first["taskbot_answers"]["answer"] == puzzled["taskbot_answers"]["answer"]
    assert "北京" in done["taskbot_answers"]["answer"]
    assert "##SPLIT##" in done["taskbot_answers"]["answer"]
    value = {"word": "首都", "norm_word": "北京", "begin_position": 0, "end_position": 2}
    assert frames[2]["current_slots"][0]["slot_values"] == [value]
    assert after["reply_type"] == 0
    assert talk.counts() == {"dialog": 3, "notmatch": 1}


def test_a_skill_remembers_what_it_was_told(talk):
    """A skill requests slots in turn, and returns earlier slots as history."""
    session = talk.chat("帮我订一个会议室")["session_id"]
    talk.chat("下午吧", session_id=session)

    done = talk.chat("五个人", session_id=session)["taskbot_answers"]

    frame = done["skill_responses"][0]["frame"]
    assert [slot["slot_name"] for slot in frame["history_slots"]] == ["时间"]
    assert [slot["slot_name"] for slot in frame["current_slots"]] == ["人数"]
    assert "下午" in done["answer"]
    assert "十人以内" in done["answer"]


def test_a_waiting_skill_gives_way_to_a_clear_answer(talk):
    """A question the knowledge base answers ends the skill; an invalid one does not."""
    session = talk.chat("今天天气怎么样")["session_id"]
    talk.chat("???", session_id=session)
    still = talk.chat("深圳", session_id=session)
    talk.chat("今天天气怎么样", session_id=session)
    left = talk.chat("桌面云打不开", session_id=session)
    gone = talk.chat("深圳", session_id=session)

    assert [answer["reply_type"] for answer in (still, left, gone)] == [1, 0, 0]
    assert talk.counts() == {"dialog": 3, "invalid": 1, "direct": 1, "notmatch": 1}


def test_a_skill_waits_while_others_are_asked_for(talk):
    """A question that leaves skills out does not disturb the one that waits, nor does another session."""
    session = talk.chat("今天天气怎么样")["session_id"]
    talk.chat("桌面云打不开", session_id=session, query_types=[0])

    assert talk.chat("深圳")["reply_type"] == 0
    assert talk.chat("深圳", session_id=session)["reply_type"] == 1


def test_the_callers_own_session_ids_tell_sessions_apart(talk):
    """Any text is a session id (D-11), and the session lasts as long as it is used."""
    for session, user in (("a", "anna"), ("b", "ben"), ("a", "anna"), ("🤖", "")):
        talk.post("/requests", question="VPN", session_id=session, user_id=user)
        talk.wait(200_000)

    total = talk.statistics("requests/session-stats")["total"]
    assert (total["session_count"], total["user_count"], total["avg_request_count"]) == (3, 2, 1.333)
    assert total["avg_session_time"] == 133_333.333


# Suggestions, labor, satisfaction


def test_suggestions_hold_what_was_typed_and_count_nothing(talk):
    """Standard questions, five by default, at most ten."""
    assert talk.post("/suggestions", question="桌面云", top=2) == {
        "questions": ["桌面云打不开", "桌面云无法登录"]
    }
    assert len(talk.post("/suggestions", question="桌面云")["questions"]) == 5
    assert len(talk.post("/suggestions", question="桌面云", top=10)["questions"]) == 10
    assert talk.post("/suggestions", question="量子计算") == {"questions": []}
    assert talk.post("/suggestions", question="???") == {"questions": []}
    assert talk.counts() == {}


@pytest.mark.parametrize(
    "tag", [("labor", {}), ("satisfaction", {"degree": 1}), ("satisfaction", {"degree": -1})]
)
def test_every_request_can_be_tagged_and_is_counted_once(talk, tag):
    """Labor and satisfaction note something about a request of any operation, and count as no question."""
    path, body = tag
    session = talk.post("/sessions")["session_id"]
    ids = [
        talk.chat("VPN")["request_id"],
        talk.post("/requests", question="VPN", session_id="s")["request_id"],
        talk.post(f"/sessions/{session}", question="VPN")["request_id"],
    ]
    talk.wait(1_234)

    for request_id in ids * 2:
        tagged = talk.post(f"/requests/{request_id}/{path}", **body)
        assert tagged == {"request_id": request_id, "updated_time": "2026-11-22T00:00:01Z"}
        assert list(tagged) == ["request_id", "updated_time"]

    kept = talk.app.extensions["mockcbs"].documents.select("request", PROJECT)
    assert [request["updated_time"] for request in kept] == ["2026-11-22T00:00:01Z"] * 3
    assert [request.get("labor", request.get("degree")) for request in kept] == [body.get("degree", True)] * 3
    assert talk.counts() == {"recommend": 3}


def test_a_later_rating_replaces_an_earlier_one_and_leaves_labor(talk):
    """Repeating overwrites; the two kinds of tags do not touch each other."""
    request_id = talk.chat("VPN")["request_id"]

    talk.post(f"/requests/{request_id}/satisfaction", degree=1)
    talk.post(f"/requests/{request_id}/labor")
    talk.post(f"/requests/{request_id}/satisfaction", degree=-1)

    (request,) = talk.app.extensions["mockcbs"].documents.select("request", PROJECT)
    assert (request["degree"], request["labor"]) == (-1, True)


def test_requests_of_others_cannot_be_tagged(talk):
    """A request id is known to its bot in its project only."""
    request_id = talk.chat("VPN")["request_id"]
    others = [Talk(talk.app, bot=talk.bot.replace("3", "4")), Talk(talk.app, project="0" * 31 + "1")]

    for other in others:
        assert other.refusal("POST", f"/requests/{request_id}/labor") == REQUEST_MISSING
    assert talk.refusal("POST", "/requests/none/labor") == REQUEST_MISSING
    assert talk.refusal("POST", "/requests/none/satisfaction", json={"degree": 1}) == REQUEST_MISSING


# What is counted where


def test_a_question_is_in_every_statistic_at_once(talk):
    """Sessions, rates, category, hot questions, keywords and rows of its project contain the question."""
    talk.chat("VPN连不上怎么办", user_id="anna")

    rates = talk.statistics("requests/reply-rates", domain="网络与VPN")["total"]
    assert (rates["question_count"], rates["direct_count"]) == (1, 1)
    assert talk.statistics("requests/reply-rates", domain="桌面云")["total"]["question_count"] == 0
    assert talk.statistics("requests/session-stats")["total"]["user_count"] == 1
    assert [hit["st_question"] for hit in talk.statistics("qa-pairs/hots")["questions"]] == [
        "VPN连不上怎么办"
    ]
    keywords = talk.statistics("requests/keywords")["keywords"]
    assert {"keyword": "VPN", "freq": 1} in keywords
    mock = talk.app.extensions["mockcbs"]
    day = NOW // 86_400_000
    rows = [row for rows in mock.log.rows(talk.bot, range(day, day + 1), NOW, PROJECT) for row in rows]
    assert [(row.user_id, row.said.question, row.said.outcome) for row in rows] == [
        ("anna", "VPN连不上怎么办", "direct")
    ]
    assert Talk(talk.app, project="0" * 31 + "1").sessions() == 0


@pytest.mark.parametrize("questions", [10, pytest.param(40, marks=pytest.mark.slow)])
def test_threads_that_ask_while_others_read_lose_nothing(talk, monkeypatch, questions):
    """Threads of one process that ask at the same time: each question counts once, and ids are unique."""
    store = talk.app.extensions["mockcbs"].documents
    monkeypatch.setattr(store, "get", _then_let_others_run(store.get))

    def ask(thread: int) -> list[str]:
        session, ids = "", []
        for number in range(questions):
            answer = talk.chat(f"第{thread}个人的第{number}个问题", session_id=session, user_id=f"u{thread}")
            session = answer["session_id"]
            ids.append(answer["request_id"])
            talk.statistics("requests/keywords")
        return ids

    with ThreadPoolExecutor(8) as pool:
        ids = [request_id for own in pool.map(ask, range(8)) for request_id in own]

    total = talk.statistics("requests/session-stats")["total"]
    assert len(set(ids)) == 8 * questions
    assert talk.counts() == {"notmatch": 8 * questions}
    assert (total["session_count"], total["user_count"], total["avg_request_count"]) == (8, 8, questions)


def _then_let_others_run(function):
    def wrapped(*arguments):
        result = function(*arguments)
        time.sleep(0)  # lets go of the interpreter for a moment, where a race would be lost
        return result

    return wrapped


def test_equal_mocks_give_equal_bytes():
    """The same calls after the same start get the same ids and bytes (law 1)."""
    bodies = []
    for _ in range(2):
        talk = Talk.start("everyday")
        bodies.append(
            [
                talk.send("POST", path, json={"question": "VPN", "session_id": "s"}).data
                for path in ("/chat", "/requests")
            ]
            + [talk.send("POST", "/sessions").data]
        )

    assert bodies[0] == bodies[1]
