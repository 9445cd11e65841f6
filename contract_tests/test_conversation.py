"""Conversations with a bot: answers, sessions, labor and satisfaction. They need permission to write."""

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from mockcbs.contract.cbs_shapes import check_shape
from mockcbs.contract.dialogue import Dialogue
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import Lacking, need, was_sent
from mockcbs.contract.targets import Answer

_MEMBERS = {
    0: "qabot_answers",
    1: "taskbot_answers",
    2: "chat_answers",
    3: "kbqa_answers",
    4: "docqa_answers",
    5: "tableqa_answers",
}
_GREETING = "你好"
_SKEW = 5 * 60


def idle_session(kit: Kit) -> tuple[str, float]:
    """A session that is opened and never used, with its opening time (`time.monotonic`, s)."""
    if "idle session" not in kit.memory:
        opened = Dialogue.writing(kit).chat(made_up()).json["session_id"]
        kit.memory["idle session"] = opened, time.monotonic()
    session: tuple[str, float] = kit.memory["idle session"]
    return session


@checks(
    "cbs.shape-chat",
    "cbs.number-scores",
    "cbs.chat-arrays",
    "cbs.D-20",
    "cbs.D-16",
    "cbs.request-id-form",
    "cbs.request-id-new",
)
def test_chat(kit: Kit) -> None:
    """Every question gets a response with the documented shape."""
    talk = Dialogue.writing(kit)
    idle_session(kit)

    for question in (talk.known()["st_question"], made_up(), _GREETING, "?!"):
        for more in ({}, {"chat_enable": True}, {"extends": {"return_all_answers": True}}):
            talk.chat(question, user_id=made_up(), **more)


@checks("cbs.reply-type", "cbs.direct-or-recommended")
def test_kinds_of_answers(kit: Kit) -> None:
    """Only the answer member that reply_type names is present."""
    talk = Dialogue.writing(kit)
    known = talk.known()["st_question"]
    session_id = talk.open()

    for question in (known, *talk.topics(), made_up(), _GREETING):
        for ask in (partial(talk.chat, chat_enable=True), partial(talk.execute, session_id)):
            with kit.part("cbs.reply-type"):
                answer = ask(question)
                content = answer.json
                present = [name for name in content if name.endswith("_answers")]
                found = sorted(name for name in present if was_sent(content[name]))
                expected = [_MEMBERS[need(content["reply_type"])]]
                kit.expect("cbs.reply-type", answer, found, expected, "answer members")
        with kit.part("cbs.direct-or-recommended"):
            pairs = talk.chat(question, query_types=[0])
            answers = pairs.json["qabot_answers"]
            direct = ["answer" in pair for pair in answers["answers"]]
            recommended = ["answer" in pair for pair in answers["recommend_answers"]]
            found = (all(direct), any(recommended))
            kit.expect("cbs.direct-or-recommended", pairs, found, (True, False), "answered")


@checks("cbs.exact-match", "cbs.chat-filters")
def test_known_question(kit: Kit) -> None:
    """A standard question is answered by its own pair, unless a filter excludes that pair."""
    talk = Dialogue.writing(kit)
    known = talk.known()
    session_id = talk.open()

    for ask in (talk.chat, partial(talk.chat, query_types=[0]), partial(talk.execute, session_id)):
        with kit.part("cbs.exact-match"):
            _check_exact(kit, ask(known["st_question"]), known)
    for extends in ({"domain_ids": [made_up()]}, {"tag_ids": {"should": [made_up()]}}):
        answer = talk.chat(known["st_question"], query_types=[0], extends=extends)
        found = answer.json["qabot_answers"]
        kit.expect(
            "cbs.chat-filters", answer, (found["answers"], found["recommend_answers"]), ([], []), "pairs"
        )


def _check_exact(kit: Kit, answer: Answer, known: dict[str, str]) -> None:
    """Check that a pair answers its own question."""
    found = answer.json.get("qabot_answers", {}).get("answers", [])
    if not found:
        kit.expect("cbs.exact-match", answer, "no answer", known["st_question"], "answer")
        return
    shown = {name: found[0][name] for name in ("qa_pair_id", "st_question", "domain")}
    kit.expect("cbs.exact-match", answer, shown, known, "pair")
    score = found[0].get("score")
    kit.expect("cbs.exact-match", answer, getattr(score, "text", score), 1, "score")


@checks("cbs.no-match", "cbs.D-12")
def test_nothing_matches(kit: Kit) -> None:
    """A made-up word has no match: empty arrays, or with small talk a reply with score 0.0."""
    talk = Dialogue.writing(kit)
    silent, polite = talk.chat(made_up(), chat_enable=False), talk.chat(made_up(), chat_enable=True)
    session = talk.open()

    kit.expect("cbs.no-match", silent, silent.json["reply_type"], 0, "reply_type")
    nothing = {"answers": [], "recommend_answers": []}
    kit.expect("cbs.no-match", silent, silent.json.get("qabot_answers"), nothing, "qabot_answers")
    kit.expect("cbs.no-match", polite, polite.json["reply_type"], 2, "reply_type")
    score = polite.json.get("chat_answers", {}).get("score")
    kit.expect("cbs.no-match", polite, getattr(score, "text", score), "0.0", "score")
    with kit.part("cbs.D-12"):
        usual = talk.chat(made_up())
        kit.expect(
            "cbs.D-12", usual, usual.json["reply_type"], silent.json["reply_type"], "reply_type by default"
        )
    with kit.part("cbs.D-12"):
        usual, stated = talk.execute(session, made_up()), talk.execute(session, made_up(), chat_enable=True)
        kit.expect(
            "cbs.D-12", usual, usual.json["reply_type"], stated.json["reply_type"], "reply_type by default"
        )
    own = made_up()
    usual, on = talk.single(_GREETING, own), talk.single(_GREETING, own, chat_enable=True)
    kit.expect("cbs.D-12", usual, usual.json["answers"], on.json["answers"], "answers by default")


@checks("cbs.chat-session")
def test_sessions_of_chat(kit: Kit) -> None:
    """A chat continues in its session; an unknown session id gets a new session."""
    talk = Dialogue.writing(kit)
    first = talk.chat(made_up(), user_id=made_up())
    session_id = first.json["session_id"]

    for more in ({"user_id": made_up()}, {}):
        answer = talk.chat(made_up(), session_id=session_id, **more)
        kit.expect("cbs.chat-session", answer, answer.json["session_id"] == session_id, True, "same session")
    seen = {session_id}
    for more in ({}, {"session_id": ""}, {"session_id": made_up()}):
        answer = talk.chat(made_up(), **more)
        other = answer.json["session_id"]
        fresh = other not in seen and other != more.get("session_id")
        kit.expect("cbs.chat-session", answer, fresh, True, "a new session")
        seen.add(other)


@checks(
    "cbs.shape-open", "cbs.shape-execute", "cbs.D-16", "cbs.D-19", "cbs.body-none",
    "cbs.close", "cbs.close-again", "cbs.session-closed",
)  # fmt: skip
def test_session(kit: Kit) -> None:
    """A session can be opened, used and closed; after that it rejects questions."""
    talk = Dialogue.writing(kit)
    session_id, other = talk.open(), talk.open()
    for tail, body in (("sessions", b""), ("sessions", b"{}")):
        opened = talk.post(tail, body)
        kit.expect("cbs.body-none", opened, opened.status, 200, "status")

    for question in (talk.known()["st_question"], made_up(), _GREETING):
        for chat_enable in (True, False):
            answer = talk.execute(session_id, question, user_id=made_up(), chat_enable=chat_enable)
            content = answer.json
            inside = content.get("qabot_answers", content).get("request_id")
            kit.expect(
                "cbs.D-19",
                answer,
                inside == content["request_id"],
                True,
                "request_id is equal in both places",
            )
    closed = talk.close(session_id)
    kit.expect("cbs.close", closed, (closed.status, closed.text), (200, ""), "status and body")
    refused = talk.post(f"sessions/{session_id}", {"question": made_up()})
    kit.expect("cbs.session-closed", refused, refused.status, 400, "status")
    elsewhere = talk.chat(made_up(), session_id=session_id).json["session_id"]
    kit.expect("cbs.session-closed", refused, elsewhere != session_id, True, "chat uses another session")
    for gone in (session_id, made_up()):
        again = talk.close(gone)
        kit.expect("cbs.close-again", again, (again.status, again.text), (200, ""), "status and body")
    talk.execute(other, made_up())


@checks(
    "cbs.shape-single",
    "cbs.single-echo",
    "cbs.single-order",
    "cbs.single-domains",
    "cbs.several-domains",
    "cbs.exact-match",
)
def test_single_round(kit: Kit) -> None:
    """Single round returns the best matches first, at most the requested number, and the question."""
    talk = Dialogue.writing(kit)
    known, own = talk.known(), made_up()
    texts = [known["st_question"][:length] for length in (512, 4, 2)] + [*talk.topics(), f" {made_up()}  "]
    for question in texts:
        ten = talk.single(question, own, extends={"top": 10}, chat_enable=False)
        longest = ten.json["answers"]
        scores = [pair["score"] for pair in longest]
        kit.expect("cbs.single-echo", ten, ten.json["question"], question, "question")
        kit.expect("cbs.single-order", ten, scores, sorted(scores, reverse=True), "scores")
        for more, most in (({"extends": {"top": 1}}, 1), ({"extends": {"top": 3}}, 3), ({}, 5)):
            answer = talk.single(question, own, chat_enable=False, **more)
            kit.expect(
                "cbs.single-order", answer, _pairs(answer.json["answers"]), _pairs(longest[:most]), "answers"
            )
        none = talk.single(question, own, chat_enable=False, extends={"domains": [made_up()]})
        kit.expect("cbs.single-domains", none, none.json["answers"], [], "answers of an unknown category")
    both = {"domains": [f"{made_up()};{known['domain']}"]}
    one = talk.single(known["st_question"], own, chat_enable=False, extends={"domains": [known["domain"]]})
    either = talk.single(known["st_question"], own, chat_enable=False, extends=both)
    found = _pairs(either.json["answers"])
    kit.expect("cbs.several-domains", either, found, _pairs(one.json["answers"]), "answers of two categories")
    best = talk.single(known["st_question"], own, chat_enable=False).json["answers"][:1]
    found = [(pair["st_question"], getattr(pair["score"], "text", pair["score"])) for pair in best]
    kit.expect("cbs.exact-match", answer, found, [(known["st_question"], 1)], "best match")


def _pairs(answers: list[dict[str, Any]]) -> list[str]:
    return [pair["qa_pair_id"] for pair in answers]


@checks("cbs.shape-tag", "cbs.D-18", "cbs.tag-echo", "cbs.tag-time", "cbs.rated-again", "cbs.body-none")
def test_tags(kit: Kit) -> None:
    """A request can be passed to a human agent and rated, also repeatedly."""
    talk = Dialogue.writing(kit)
    asked = [talk.chat(made_up()), talk.single(made_up(), made_up())]
    with kit.part():
        asked.append(talk.execute(talk.open(), made_up()))

    for request_id in _sent_ids(asked):
        labor = talk.post(f"requests/{request_id}/labor")
        kit.expect("cbs.body-none", labor, labor.status, 200, "status")
        for clause, body in (
            ("cbs.tag-echo", None),
            ("cbs.rated-again", {"degree": 1}),
            ("cbs.rated-again", {"degree": -1}),
            ("cbs.rated-again", {"degree": -1}),
        ):
            tail = f"requests/{request_id}/{'labor' if body is None else 'satisfaction'}"
            answer = talk.post(tail, b"" if body is None else body)
            kit.expect(clause, answer, answer.status, 200, "status")
            check_shape(kit, "tag", answer)
            kit.expect(
                "cbs.tag-echo",
                answer,
                answer.json["request_id"] == request_id,
                True,
                "request_id of the path",
            )
            with kit.part("cbs.tag-time"):
                _check_time(kit, answer)


def _sent_ids(asked: list[Answer]) -> list[str]:
    """The ids of the questions; raises `LackingError` if the target sends none of them."""
    ids = [answer.json["request_id"] for answer in asked]
    return [one for one in ids if not isinstance(one, Lacking)] or [need(ids[0])]


def _check_time(kit: Kit, answer: Answer) -> None:
    text = need(answer.json["updated_time"])
    if not text.endswith("Z"):
        not_reached(f"updated_time {text!r} has a wrong format")
    now = kit.present(answer) // 1000
    off = int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()) - now
    kit.judge(
        "cbs.tag-time", answer, "the current time in UTC", f"{text}, {off} s off", held=abs(off) <= _SKEW
    )
