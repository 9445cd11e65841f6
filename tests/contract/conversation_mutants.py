"""Servers of CBS that are right but for one thing in conversations and what they count."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from flask import request

from mockcbs.services.cbs import dialogue, dialogue_schemas, replies
from mockcbs.services.cbs.dialogue import Dialogue
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.web import context
from tests.contract.dialogue_mutants import (
    CHAT,
    EXECUTE,
    SINGLE,
    Mutant,
    by_default,
    constant,
    good,
    instead,
    late,
    pairs,
)


def recorded(change: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    """Turns that are recorded otherwise, or, where *change* gives nothing, not at all."""

    def make(original: Any) -> Any:
        def record(self: TrafficLog, turn: Any, scope: str) -> None:
            for changed in change(turn):
                original(self, changed, scope)

        return record

    return instead(TrafficLog, "record", make)


def said(**changes: Any) -> Callable[[Any], list[Any]]:
    return lambda turn: [replace(turn, said=turn.said._replace(**changes))]


def _counts_opening(original: Any) -> Any:
    def open_session(self: Dialogue) -> Any:
        answer = original(self)
        with self.mock.documents.transaction():
            self._record(
                answer["session_id"],
                {"question": "", "user_id": ""},
                replies._nothing("invalid", fallback=False),
                "r",
            )
        return answer

    return open_session


def _counts_tags(original: Any) -> Any:
    def tag(self: Dialogue, request_id: str, **tags: Any) -> Any:
        answer = original(self, request_id, **tags)
        with self.mock.documents.transaction():
            nothing = replies._nothing("invalid", fallback=False)
            self._record("s", {"question": "", "user_id": ""}, nothing, "r")
        return answer

    return tag


def _counts_suggesting(original: Any) -> Any:
    def suggestions(self: Dialogue, asked: Any) -> Any:
        with self.mock.documents.transaction():
            nothing = replies._nothing("notmatch", fallback=False)
            self._record("s", {"question": "", "user_id": ""}, nothing, "r")
        return original(self, asked)

    return suggestions


def _accepts_once(original: Any) -> Any:
    def tag(self: Dialogue, request_id: str, **tags: Any) -> Any:
        known = self._get("request", request_id)
        if known and "degree" in known and "degree" in tags:
            raise dialogue.ApiError(dialogue.errors.REQUEST_NOT_FOUND, "once is enough")
        return original(self, request_id, **tags)

    return tag


def _chat_of_single(original: Any) -> Any:
    return lambda *args, **more: replace(
        original(*args, **more), content=original(*args, **more).content[::-1]
    )


def _elsewhere(original: Any) -> Any:
    """Questions of a session, counted in another."""

    def execute_session(self: Dialogue, session_id: str, asked: Any) -> Any:
        record = self._record
        with patch.object(
            Dialogue,
            "_record",
            lambda self, _, *rest: record(dialogue.derived_id("s", rest[0]["question"]), *rest),
        ):
            return original(self, session_id, asked)

    return execute_session


def _counted_refusal(original: Any) -> Any:
    def refuse(*args: Any, **more: Any) -> Any:
        mock = context.mock()
        bot, project = request.path.split("/")[4], request.path.split("/")[2]
        mock.log.record(Turn(bot, "s", "", context.now(), Utterance("x", "notmatch")), project)
        return original(*args, **more)

    return refuse


def _once_closed(original: Any) -> Any:
    def close_session(self: Dialogue, session_id: str) -> None:
        if self._get("session", session_id) is None:
            raise dialogue.ApiError(dialogue.errors.RESOURCE_NOT_FOUND, "")
        original(self, session_id)

    return close_session


def outcome(old: str, new: str) -> Callable[[], AbstractContextManager[Any]]:
    """One outcome, counted as another."""
    return recorded(
        lambda turn: [
            replace(
                turn, said=turn.said._replace(outcome=new if turn.said.outcome == old else turn.said.outcome)
            )
        ]
    )


CONVERSATION = [
    # conversation
    Mutant("sessions never end", "cbs.session-life", patched=constant(dialogue, "SESSION_LIFE", 10**9)),
    Mutant("sessions live one minute", "cbs.session-life", patched=constant(dialogue, "SESSION_LIFE", 60_000)),
    Mutant("every question has a session of its own", "cbs.chat-session", patched=instead(Dialogue, "_living", lambda f: lambda self, session_id: None)),
    Mutant("an unknown session id is kept", "cbs.chat-session", patched=instead(Dialogue, "_living", lambda f: lambda self, session_id: f(self, session_id) or ({"answered_at": self.now} if session_id else None))),
    Mutant("closing a session does nothing", "cbs.session-closed", patched=constant(Dialogue, "close_session", lambda self, session_id: None)),
    Mutant("closing twice is refused", "cbs.close-again", patched=instead(Dialogue, "close_session", _once_closed)),
    Mutant("small talk is on in chat", "cbs.D-12", patched=by_default("chat_enable", "chat", True)),
    Mutant("small talk is off in sessions", "cbs.D-12", patched=by_default("chat_enable", "execute_session", False)),
    Mutant("small talk is off in single round", "cbs.D-12", patched=by_default("chat_enable", "single_round", False)),
    Mutant("small talk that fills a gap scores 1", "cbs.no-match", after=good(CHAT, lambda c: c["chat_answers"].update(score=1) if "chat_answers" in c else None)),
    Mutant("nothing matched is small talk", "cbs.no-match", patched=instead(replies, "_nothing", lambda f: lambda outcome, fallback: f(outcome, fallback=True))),
    Mutant("categories are ignored", "cbs.chat-filters", patched=constant(Dialogue, "_wanted", lambda self, domain_ids, labels: lambda pair: True)),
    Mutant("tags are ignored", "cbs.chat-filters", patched=instead(Dialogue, "_wanted", lambda f: lambda self, domain_ids, labels: f(self, domain_ids, []))),
    Mutant("another pair answers", "cbs.exact-match", after=good(CHAT, pairs(lambda found: [p.update(st_question="怎么") for p in found]))),
    Mutant("single round shows the worst first", "cbs.single-order", patched=instead(dialogue, "single", _chat_of_single)),
    Mutant("single round lists ten by default", "cbs.single-order", patched=instead(Dialogue, "single_round", lambda f: lambda self, asked: f(self, {**asked, "extends": {**asked["extends"], "top": asked["extends"]["top"] if b"top" in request.get_data() else 10}}))),
    Mutant("an element holds one category", "cbs.several-domains", patched=constant(dialogue_schemas, "_limit_domains", lambda extends, member: None)),
    Mutant("single round ignores categories", "cbs.single-domains", patched=constant(dialogue, "_of_domains", lambda names: lambda pair: True)),
    Mutant("single round says another question", "cbs.single-echo", after=good(SINGLE, lambda c: c.update(question=c["question"].strip("?？").lower()[:3]))),
    Mutant("single round trims the question", "cbs.single-echo", after=good(SINGLE, lambda c: c.update(question=c["question"].strip()))),
    Mutant("what nothing matches scores 0", "cbs.no-match", after=good(CHAT, lambda c: c["chat_answers"].update(score=0) if "chat_answers" in c and not c["chat_answers"]["score"] else None)),
    Mutant("small talk is of type 0", "cbs.reply-type", after=good(EXECUTE, lambda c: c.update(reply_type=c["reply_type"] % 2))),
    Mutant("a request is rated once", "cbs.rated-again", patched=instead(Dialogue, "tag", _accepts_once)),
    # counting
    Mutant("chat is not counted", "cbs.counted", patched=recorded(lambda turn: [])),
    Mutant("questions are counted twice", "cbs.counted", patched=recorded(lambda turn: [turn, turn])),
    Mutant("users are not kept", "cbs.counted", patched=recorded(lambda turn: [replace(turn, user_id="")])),
    Mutant("every question is a session", "cbs.counted-rounds", patched=recorded(lambda turn: [replace(turn, session_id=f"{turn.session_id}{id(turn)}{len(turn.said.template)}{hash(turn.said.template)}")])),
    Mutant("a user's sessions are one", "cbs.counted-rounds", patched=recorded(lambda turn: [replace(turn, session_id=turn.user_id or turn.session_id)])),
    Mutant("single round is not counted", "cbs.counted-single", patched=instead(Dialogue, "single_round", lambda f: lambda self, asked: {"request_id": f"{dialogue.derived_id('r', asked['question'])}{self.now}", "question": asked["question"], "answers": []})),
    Mutant("single round ignores the caller's session", "cbs.counted-single", patched=instead(Dialogue, "single_round", lambda f: lambda self, asked: f(self, {**asked, "session_id": dialogue.derived_id("s", asked["question"])}))),
    Mutant("sessions are counted under another id", "cbs.counted-session", patched=instead(Dialogue, "execute_session", _elsewhere)),
    Mutant("what is direct is counted as recommended", "cbs.counted-outcome", patched=outcome("direct", "recommend")),
    Mutant("small talk counts as direct", "cbs.counted-outcome", patched=outcome("chat", "direct")),
    Mutant("skills count as direct", "cbs.counted-outcome", patched=outcome("dialog", "direct")),
    Mutant("a polite reply counts as small talk", "cbs.counted-outcome", patched=instead(replies, "_nothing", lambda f: lambda outcome, fallback: replace(f(outcome, fallback=fallback), outcome="chat" if fallback else outcome))),
    Mutant("punctuation matches nothing", "cbs.counted-invalid", patched=outcome("invalid", "notmatch")),
    Mutant("questions are of no category", "cbs.counted-domain", patched=recorded(said(domain=None))),
    Mutant("every question is of a category", "cbs.counted-domain", patched=recorded(lambda turn: [replace(turn, said=turn.said._replace(domain=turn.said.domain or "费用与发票"))]), world={"dataset": "year-boundary"}),
    Mutant("direct answers make nothing hot", "cbs.counted-hots", patched=recorded(said(pair=None))),
    Mutant("words of questions are not counted", "cbs.counted-keywords", patched=recorded(said(template="???"))),
    Mutant("counts come late", "cbs.counted-at-once", patched=late),
    Mutant("an opened session is counted", "cbs.uncounted", patched=instead(Dialogue, "open_session", _counts_opening)),
    Mutant("tags are counted", "cbs.uncounted", patched=instead(Dialogue, "tag", _counts_tags)),
    Mutant("suggesting is counted", "cbs.uncounted", patched=instead(Dialogue, "suggestions", _counts_suggesting)),
    Mutant("what is refused is counted", "cbs.uncounted-refusal", patched=instead(dialogue_schemas, "_refuse", _counted_refusal)),
    Mutant("who is nobody is a user", "cbs.S-19", patched=recorded(lambda turn: [replace(turn, user_id=turn.user_id or turn.session_id)])),
]  # fmt: skip
