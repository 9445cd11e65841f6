"""Counting: the statistics include each question once, in the right session and outcome."""

from collections import Counter
from functools import partial
from typing import Any

from mockcbs.contract.dialogue import Dialogue
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import known, sent

_GREETING = "你好"
_SKILL = "帮我查一下天气"
_MAX_WORDS = 50
_UNCOUNTED = 10**9
"""The frequency of a word if the target does not send it."""


@checks("cbs.counted", "cbs.counted-rounds", "cbs.counted-at-once", "cbs.S-19")
def test_chat_is_counted(kit: Kit) -> None:
    """A first question adds a question, a session and a user; the next one adds only a question."""
    talk = Dialogue.writing(kit)
    user = made_up()

    first = talk.counts_as(
        "cbs.counted",
        lambda: talk.chat(made_up(), user_id=user),
        questions=1, sessions=1, users=1, notmatch=1,
    )  # fmt: skip
    with kit.part("cbs.counted-rounds"):
        again = {"session_id": first.json["session_id"], "user_id": user}
        for _ in range(2):
            talk.counts_as(
                "cbs.counted-rounds", lambda: talk.chat(made_up(), **again), questions=1, notmatch=1
            )
        talk.counts_as(
            "cbs.counted-rounds",
            lambda: talk.chat(made_up(), user_id=user),
            questions=1, sessions=1, notmatch=1,
        )  # fmt: skip
    for nobody in ({}, {"user_id": ""}):
        talk.counts_as(
            "cbs.S-19", lambda who=nobody: talk.chat(made_up(), **who), questions=1, sessions=1, notmatch=1
        )  # type: ignore[misc]


@checks("cbs.counted-single", "cbs.counted-session", "cbs.counted-at-once", "cbs.uncounted")
def test_older_operations_are_counted(kit: Kit) -> None:
    """Single round and opened sessions are counted in the same way."""
    talk = Dialogue.writing(kit)
    own, user = made_up(), made_up()

    talk.counts_as(
        "cbs.counted-single",
        lambda: talk.single(made_up(), own, user_id=user),
        questions=1, sessions=1, users=1, notmatch=1,
    )  # fmt: skip
    talk.counts_as(
        "cbs.counted-single", lambda: talk.single(made_up(), own, user_id=user), questions=1, notmatch=1
    )
    talk.counts_as("cbs.uncounted", lambda: talk.post("sessions"))
    session_id = talk.open()
    ask = partial(talk.execute, session_id, chat_enable=False, user_id=user)
    with kit.part("cbs.counted-session"):  # a chat's session is already counted
        sent(session_id)
        talk.counts_as("cbs.counted-session", lambda: ask(made_up()), questions=1, sessions=1, notmatch=1)
    asked = talk.counts_as("cbs.counted-session", lambda: ask(made_up()), questions=1, notmatch=1)
    request = f"requests/{asked.json['request_id']}"
    for act in (
        lambda: talk.suggestions(talk.known()["st_question"][:2]),
        lambda: talk.post(f"{request}/labor"),
        lambda: talk.post(f"{request}/satisfaction", {"degree": -1}),
        lambda: talk.close(session_id),
    ):
        talk.counts_as("cbs.uncounted", act)


@checks("cbs.uncounted-refusal")
def test_refusals_are_not_counted(kit: Kit) -> None:
    """A rejected request is not counted."""
    talk = Dialogue.writing(kit)
    for tail, body in (
        ("chat", {"question": ""}),
        ("chat", {"question": made_up(), "query_types": [9]}),
        ("chat", {"question": "字" * 513}),
        ("requests", {"question": made_up()}),
        (f"sessions/{made_up()}", {"question": made_up()}),
    ):
        talk.counts_as("cbs.uncounted-refusal", partial(talk.post, tail, body))


@checks("cbs.counted-outcome", "cbs.counted-invalid", "cbs.counted-at-once")
def test_outcomes(kit: Kit) -> None:
    """A question is counted under the outcome that its answer shows."""
    talk = Dialogue.writing(kit)
    known = talk.known()["st_question"]
    for question, more in (
        (known, {}),
        (known[: len(known) // 2], {}),
        *((topic, {"query_types": [0]}) for topic in talk.topics()),
        (made_up(), {}),
        (made_up(), {"chat_enable": True}),
        (_GREETING, {"chat_enable": True}),
        (_SKILL, {"query_types": [1]}),
    ):
        ask = partial(talk.chat, question, **more)
        with kit.part("cbs.counted-outcome"):
            talk.counts_as_shown(
                "cbs.counted-outcome", ask, lambda a: {"questions": 1, "sessions": 1, _outcome(a.json): 1}
            )
    talk.counts_as("cbs.counted-invalid", lambda: talk.chat("？！…"), questions=1, sessions=1, invalid=1)


def _outcome(content: dict[str, Any]) -> str:
    """The outcome under which an answer of chat is counted."""
    if content["reply_type"] == 1:
        return "dialog"
    if content["reply_type"] == 2:
        return "chat" if content["chat_answers"].get("score", 1) else "notmatch"
    if content["reply_type"] == 0 and not content["qabot_answers"]["answers"]:
        return "recommend" if content["qabot_answers"]["recommend_answers"] else "notmatch"
    return "direct"


@checks("cbs.counted-hots", "cbs.counted-domain")
def test_direct_answers_are_hot(kit: Kit) -> None:
    """A pair that answers becomes a hot question of that time, and its category gets one more question."""
    talk = Dialogue.writing(kit)
    known = talk.known()
    moment = talk.counts().answer.json["endutc"]
    ask = partial(talk.chat, known["st_question"], query_types=[0])

    pairs = ask().json["qabot_answers"]["answers"]
    if not pairs:
        not_reached("no standard question was answered by its own pair")
    hots = talk.cbs.answer("hots", start_time=moment, top=20)
    found = [pair["qa_pair_id"] for pair in hots.json["questions"]]
    kit.expect(
        "cbs.counted-hots", hots, pairs[0]["qa_pair_id"] in found, True, "the hot questions list the pair"
    )

    if domain := known["domain"]:
        once = {"questions": 1, "sessions": 1}
        talk.counts_as("cbs.counted-domain", ask, domain=domain, direct=1, in_domain=1, **once)
        unknown = partial(talk.chat, chat_enable=False)
        talk.counts_as("cbs.counted-domain", lambda: unknown(made_up()), domain=domain, notmatch=1, **once)


@checks("cbs.counted-keywords")
def test_words_are_counted(kit: Kit) -> None:
    """Repeating a question doubles the frequency of its words."""
    talk = Dialogue.writing(kit)
    question = talk.known()["st_question"]
    start = talk.counts()
    moment = start.answer.json["endutc"]

    before = _words(talk, moment)
    talk.chat(question)
    once = _words(talk, moment)
    answer = talk.chat(question)
    twice = _words(talk, moment)

    if max(map(len, (before, once, twice))) >= _MAX_WORDS:
        not_reached("too many words were used at the same time")
    if talk.counts().since(start)["questions"] > 2:
        not_reached("other users talk to the bot")
    if _UNCOUNTED in twice.values():
        kit.judge("cbs.counted-keywords", answer, "keywords of the question", str([*twice]), held=bool(twice))
        return
    first, second = once - before, twice - once
    kit.judge("cbs.counted-keywords", answer, "at least one keyword", str(dict(first)), held=bool(first))
    kit.expect("cbs.counted-keywords", answer, dict(second), dict(first), "increase of each keyword")


def _words(talk: Dialogue, moment: int) -> Counter[str]:
    answer = talk.cbs.answer("keywords", start_time=moment, top=_MAX_WORDS)
    return Counter({entry["keyword"]: known(entry["freq"], _UNCOUNTED) for entry in answer.json["keywords"]})
