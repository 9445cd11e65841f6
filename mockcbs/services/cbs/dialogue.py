"""The dialogue operations: their sessions, and the turns that they record (contract 5.5 to 7)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from mockcbs.core import clock
from mockcbs.core.errors import ApiError
from mockcbs.services.cbs import errors
from mockcbs.services.cbs.replies import (
    CHAT,
    KNOWLEDGE,
    SKILL,
    Pending,
    Replies,
    Reply,
    Request,
    replies,
    single,
)
from mockcbs.state import State
from mockcbs.traffic.knowledge import Pair, Turn, derived_id, uuid_from

SESSION_LIFE = 120_000
"""Milliseconds from the last answer of a session to its end (contract 5.5)."""

_CHAT_ORDER = (
    "reply_type",
    "qabot_answers",
    "chat_answers",
    "taskbot_answers",
    "docqa_answers",
    "tableqa_answers",
    "session_id",
    "kbqa_answers",
    "request_id",
)
_SESSION_ORDER = ("reply_type", "qabot_answers", "chat_answers", "taskbot_answers", "request_id")

Body = dict[str, Any]
Document = dict[str, Any]


@dataclass(frozen=True)
class Dialogue:
    """The dialogue with one bot at one instant. Each method is one operation in one transaction."""

    mock: State
    project_id: str
    bot_id: str
    now: int
    """ms UTC."""

    def chat(self, body: Body) -> Body:
        """Answer a question in a conversation (5.5)."""
        kinds = body["query_types"] or [KNOWLEDGE, SKILL]
        if body["chat_enable"] and CHAT not in kinds:
            kinds = [*kinds, CHAT]
        with self.mock.documents.transaction():
            session_id = body["session_id"]
            session = self._living(session_id)
            # before the first write, from which on other workers wait
            found = self._replies(session, body, kinds)
            if session is None:
                session, (session_id, request_id) = self._fresh, self._next_ids("session", "request")
            else:
                [request_id] = self._next_ids("request")
            self._keep(session_id, session, body, found.best, request_id)
        members = found.members(everything=body["extends"]["return_all_answers"])
        members |= {"reply_type": found.best.kind, "session_id": session_id, "request_id": request_id}
        return {member: members[member] for member in _CHAT_ORDER if member in members}

    def single_round(self, body: Body) -> Body:
        """Return the best matches for one question (5.6)."""
        extends = body["extends"]
        reply = single(
            self.mock.answerer_of(self.bot_id),
            body["question"],
            keep=_of_domains(extends["domains"]),
            top=extends["top"],
            threshold=body["threshold_enable"],
            chat=body["chat_enable"],
        )
        with self.mock.documents.transaction():
            [request_id] = self._next_ids("request")
            self._record(body["session_id"], body, reply, request_id)
        return {"request_id": request_id, "question": body["question"], "answers": reply.content}

    def open_session(self) -> Body:
        """Open a session (5.7)."""
        with self.mock.documents.transaction():
            [session_id] = self._next_ids("session")
            self._put("session", session_id, self._fresh)
        return {"session_id": session_id, "greeting": self.mock.dataset.knowledge.greeting}

    def execute_session(self, session_id: str, body: Body) -> Body:
        """Answer a question in an open session (5.8); a recommended pair has no ``answer``."""
        kinds = [KNOWLEDGE, SKILL, *([CHAT] if body["chat_enable"] else [])]
        with self.mock.documents.transaction():
            session = self._living(session_id)
            if session is None:
                reason = f"session {session_id!r} of this bot was never opened, was closed or has expired"
                raise ApiError(errors.RESOURCE_NOT_FOUND, reason)
            found = self._replies(session, body, kinds)
            [request_id] = self._next_ids("request")
            self._keep(session_id, session, body, found.best, request_id)
        members = found.members(everything=body["extends"]["return_all_answers"])
        if pairs := members.get("qabot_answers"):
            answers = pairs["answers"] or pairs["recommend_answers"]
            members["qabot_answers"] = {"answers": answers, "request_id": request_id}
        members |= {"reply_type": found.best.kind, "request_id": request_id}
        return {member: members[member] for member in _SESSION_ORDER if member in members}

    def close_session(self, session_id: str) -> None:
        """Close a session (5.9); an unknown one counts as closed."""
        with self.mock.documents.transaction():
            if self._get("session", session_id):
                self.mock.documents.delete("session", self.project_id, session_id)

    def suggestions(self, body: Body) -> Body:
        """Return standard questions that contain the typed text (5.10)."""
        return {"questions": self.mock.answerer_of(self.bot_id).suggestions(body["question"], body["top"])}

    def tag(self, request_id: str, **tags: Any) -> Body:
        """Mark an earlier question (5.11, 5.12); a new mark replaces an earlier one of the same kind."""
        updated = clock.iso(self.now // 1000 * 1000, timespec="seconds")
        with self.mock.documents.transaction():
            request = self._get("request", request_id)
            if request is None:
                raise ApiError(errors.REQUEST_NOT_FOUND, f"this bot answered no request {request_id!r}")
            self._put("request", request_id, {**request, **tags, "updated_time": updated})
        return {"request_id": request_id, "updated_time": updated}

    def _replies(self, session: Document | None, body: Body, kinds: Collection[int]) -> Replies:
        """The answers within a session, which is new if it is `None`."""
        extends, skill = body["extends"], (session or {}).get("skill")
        request = Request(
            body["question"],
            tuple(kinds),
            fallback=body["chat_enable"],
            keep=self._wanted(extends["domain_ids"], extends["tag_ids"]["should"]),
            pending=Pending(skill["name"], _as_known(skill["known"])) if skill else None,
        )
        return replies(self.mock.answerer_of(self.bot_id), self.mock.knowledge_of(self.bot_id), request)

    def _keep(self, session_id: str, session: Document, body: Body, reply: Reply, request_id: str) -> None:
        """Record the question, and extend the session's life."""
        pending = reply.pending
        kept = {"name": pending.skill, "known": _as_json(pending)} if pending else None
        self._put("session", session_id, {**session, "answered_at": self.now, "skill": kept})
        self._record(session_id, body, reply, request_id)

    def _record(self, session_id: str, body: Body, reply: Reply, request_id: str) -> None:
        """Record the question in the log, and keep it for a later rating."""
        said = reply.utterance(body["question"])
        request = {"session_id": session_id, "question": said.question, "outcome": said.outcome}
        self._put("request", request_id, request)
        self.mock.log.record(
            Turn(self.bot_id, session_id, body["user_id"], self.now, said), scope=self.project_id
        )

    def _living(self, session_id: str) -> Document | None:
        session = self._get("session", session_id) if session_id else None
        if session and self.now - session["answered_at"] <= SESSION_LIFE:
            return session
        return None

    @property
    def _fresh(self) -> Document:
        """A new session."""
        return {"answered_at": self.now}

    def _get(self, kind: str, key: str) -> Document | None:
        """A document of this bot."""
        document = self.mock.documents.get(kind, self.project_id, key)
        return document if document and document["bot_id"] == self.bot_id else None

    def _put(self, kind: str, key: str, document: Document) -> None:
        self.mock.documents.put(kind, self.project_id, key, {**document, "bot_id": self.bot_id})

    def _next_ids(self, *kinds: str) -> list[str]:
        """A new id of each kind, which depends only on the project and its earlier calls (law 1).

        A session has a dashed UUID, and a request has one that is followed by the time in ms UTC.
        """
        store = self.mock.documents
        before = store.get("counter", self.project_id, "dialogue") or {}
        counted = before | {kind: before.get(kind, 0) + 1 for kind in kinds}
        store.put("counter", self.project_id, "dialogue", counted)
        return [self._id(kind, counted[kind]) for kind in kinds]

    def _id(self, kind: str, number: int) -> str:
        found = uuid_from(f"{kind}/{self.mock.seed}/{self.project_id}/{self.now}/{number}")
        return f"{found}{self.now}" if kind == "request" else found

    def _wanted(self, domain_ids: Collection[str], labels: Collection[str]) -> Callable[[Pair], bool]:
        """Whether a pair has one of the requested categories and one of the labels, by id or name."""
        knowledge = self.mock.knowledge_of(self.bot_id)

        def wanted(pair: Pair) -> bool:
            domain = pair.domain or ""
            in_domain = not domain_ids or not {domain, knowledge.domain_id(domain)}.isdisjoint(domain_ids)
            names = {*pair.labels, *(derived_id("label", label) for label in pair.labels)}
            return in_domain and (not labels or not names.isdisjoint(labels))

        return wanted


def _of_domains(names: Collection[str]) -> Callable[[Pair], bool]:
    return lambda pair: not names or pair.domain in names


def _as_json(pending: Pending) -> dict[str, list[str]]:
    return {slot: list(words) for slot, words in pending.known.items()}


def _as_known(document: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    return {slot: (word, norm_word) for slot, (word, norm_word) in document.items()}
