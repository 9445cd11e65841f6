"""A client for dialogues with a CBS bot that checks the shape of every response."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockcbs.contract.cbs import Cbs, total_of
from mockcbs.contract.cbs_shapes import check_shape
from mockcbs.contract.client import Client
from mockcbs.contract.kit import Kit, NotApplicableError, made_up, not_reached
from mockcbs.contract.lacking import Lacking, derived, known, need, was_sent
from mockcbs.contract.targets import Answer

SESSION_LIFE = 120_000
"""How long a session lives after its last answer, in milliseconds."""
OUTCOMES = ("direct", "recommend", "notmatch", "chat", "invalid", "dialog")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REQUEST_ID = re.compile(rf"{_UUID.pattern}(\d{{13}})")
_SKEW = 5 * 60_000
_ANYWHERE = {"cbs.D-16", "cbs.counted-at-once", "cbs.request-id-form", "cbs.request-id-new"}
"""The clauses about session ids, request ids and counts, which any call of a dialogue can break."""
_TOPICS = 3
_WORDS = 5
_PAIR = ("qa_pair_id", "st_question", "domain")
_UNSENT = Lacking("unsent")
_TRIES = 3
_LOOKS = 4
"""How often counts are read again while they have not changed."""
_PAUSE = 0.25
"""Seconds between two reads."""


@dataclass(frozen=True)
class Counts:
    """The statistics since the epoch, as read at one moment."""

    answer: Answer
    figures: dict[str, int]
    """Numbers of questions, sessions and users, and of questions by outcome."""

    def since(self, before: "Counts") -> Counter[str]:
        """The increases since *before*, without unchanged figures."""
        grown = {name: count - before.figures[name] for name, count in self.figures.items()}
        return Counter(self.readable({name: count for name, count in grown.items() if known(count, 1)}))

    def readable(self, figures: dict[str, int]) -> dict[str, int]:
        """The *figures* that the target sends."""
        return {name: count for name, count in figures.items() if not isinstance(self.figures[name], Lacking)}


class Dialogue(Client):
    """The dialogue operations on one bot."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        kit.anywhere |= _ANYWHERE
        self.cbs = Cbs.of(kit)
        self._served: set[str] = set()

    @classmethod
    def writing(cls, kit: Kit) -> "Dialogue":
        """The client of this run; raises `NotApplicableError` if writing is not allowed."""
        if not kit.writes:
            raise NotApplicableError("writing is not allowed (--allow-writes)")
        return cls.of(kit)

    def post(self, tail: str, body: object = b"", **options: Any) -> Answer:
        """Send a request; a *body* other than bytes is encoded as JSON, like the Python SDK does."""
        data = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
        answer = self.cbs.get(tail, method=options.pop("method", "POST"), body=data, **options)
        if answer.status == 404 and "0101" in answer.text and tail.partition("/")[0] not in self._served:
            raise NotApplicableError(f"the target does not serve {tail.partition('/')[0]}")
        self._served.add(tail.partition("/")[0])
        return answer

    def good(self, operation: str, tail: str, body: object = b"") -> Answer:
        """The response to a valid request, after a check of its shape."""
        answer = self.post(tail, body)
        check_shape(self.kit, operation, answer)
        return answer

    def chat(self, question: str, **more: Any) -> Answer:
        """Ask a question with ``chat``, and check shape and ids of the response."""
        answer = self._ids(self.good("chat", "chat", {"question": question, **more}))
        if known(answer.json["reply_type"], 0) == 0 and "qabot_answers" not in answer.json:
            reason = "chat: qabot_answers is missing (cbs.reply-type)"
            answer.json["qabot_answers"] = Lacking(reason, "cbs.reply-type", is_part=True)
        return answer

    def single(self, question: str, session_id: str, **more: Any) -> Answer:
        """Ask a question with single round, and check shape and ids of the response."""
        body = {"question": question, "session_id": session_id, **more}
        return self._ids(self.good("single", "requests", body))

    def execute(self, session_id: str, question: str, **more: Any) -> Answer:
        """Ask a question in an open session, and check shape and ids of the response."""
        return self._ids(self.good("execute", f"sessions/{session_id}", {"question": question, **more}))

    def open(self) -> str:
        """Open a session; if the response has no id, open another session with a chat."""
        answer = self.good("open", "sessions")
        session_id: Any = answer.json["session_id"]
        if isinstance(session_id, Lacking):
            other: str = derived(self.chat(made_up()).json["session_id"], session_id)
            return other
        self.kit.expect("cbs.D-16", answer, bool(_UUID.fullmatch(session_id)), True, "a UUID with dashes")
        return str(session_id)

    def close(self, session_id: str) -> Answer:
        """Close a session; returns the response unchecked."""
        return self.post(f"sessions/{session_id}", method="DELETE")

    def suggestions(self, question: str, **more: Any) -> Answer:
        """Request suggestions for a typed text."""
        return self.good("suggestions", "suggestions", {"question": question, **more})

    def _ids(self, answer: Answer) -> Answer:
        """Check the session id and the request id of a response."""
        content, kit = answer.json, self.kit
        with kit.part("cbs.D-16"):
            if "session_id" in content:
                held = _UUID.fullmatch(need(content["session_id"])) is not None
                kit.expect("cbs.D-16", answer, held, True, "a UUID with dashes")
        with kit.part("cbs.request-id-form", "cbs.request-id-new"):
            self._check_request_id(answer, need(content["request_id"]))
        return answer

    def _check_request_id(self, answer: Answer, request_id: str) -> None:
        match = _REQUEST_ID.fullmatch(request_id)
        skew = _SKEW if self.kit.now is None else 0
        held = match is not None and abs(int(match[2]) - self.kit.present(answer)) <= skew
        words = "a UUID and the current time in 13 digits"
        self.kit.judge("cbs.request-id-form", answer, words, self._masked(request_id), held=held)
        seen: set[str] = self.kit.memory.setdefault("cbs request ids", set())
        self.kit.expect("cbs.request-id-new", answer, request_id not in seen, True, "a new id")
        seen.add(request_id)

    def _masked(self, request_id: str) -> str:
        return re.sub(r"[0-9a-f]", "x", request_id)

    # Knowledge and counts

    def known(self) -> dict[str, str]:
        """A pair that has already given a direct answer: its id, standard question and category."""
        return self._hots()[0]

    def topics(self) -> list[str]:
        """Some frequent categories of the bot's questions."""
        domains = (known(hot["domain"], "") for hot in self._hots())
        return list(dict.fromkeys(domain for domain in domains if domain))[:_TOPICS]

    def _hots(self) -> list[dict[str, str]]:
        span = self.cbs.span
        content = self.cbs.read("hots", start_time=span.start, end_time=span.end, top=20, exclude="true")
        found: list[dict[str, str]] = known(content["questions"], [{}])
        if not found:
            not_reached("the bot has no frequent questions")
        complete = [hot for hot in found if all(was_sent(hot.get(name, _UNSENT)) for name in _PAIR)]
        return complete or [self._recovered(found[0])]

    def _recovered(self, hot: dict[str, str]) -> dict[str, str]:
        """A pair that answers directly, for a target whose hot questions have missing members."""
        if "recovered pair" not in self.kit.memory:
            self.kit.memory["recovered pair"] = self._answering_pair(hot)
        pair: dict[str, str] = self.kit.memory["recovered pair"]
        return pair

    def _answering_pair(self, hot: dict[str, str]) -> dict[str, str]:
        lack = Lacking("hots: members of questions[] are missing (cbs.shape-hots)", "cbs.shape-hots")
        pair: dict[str, Any] = {name: hot.get(name, lack) for name in _PAIR}
        question = hot.get("st_question", lack)
        texts = self._suggested() if isinstance(question, Lacking) else [question]
        for text in texts if self.kit.writes else texts[:1]:
            pair["st_question"] = text
            if not self.kit.writes:
                break
            answers = known(self.chat(text, query_types=[0]).json["qabot_answers"]["answers"], [])
            if answers:
                return {name: answers[0][name] for name in _PAIR}
        return pair

    def _suggested(self) -> list[str]:
        """Some questions that the bot suggests for frequent keywords."""
        span = self.cbs.span
        words = self.cbs.read("keywords", start_time=span.start, end_time=span.end, top=_WORDS)["keywords"]
        return [text for word in words for text in self.suggestions(word["keyword"]).json["questions"][:1]]

    def counts(self, domain: str = "") -> Counts:
        """The current statistics since the epoch; with *domain*, also the number of its questions."""
        rates = self.cbs.answer("reply-rates").json
        answer = self.cbs.answer("session-stats")
        figures = {outcome: total_of(rates, f"{outcome}_count") for outcome in OUTCOMES}
        figures["questions"] = total_of(rates, "question_count")
        figures["sessions"] = total_of(answer.json, "session_count")
        figures["users"] = answer.json["total"]["user_count"]
        if domain:
            figures["in_domain"] = total_of(self.cbs.read("reply-rates", domain=domain), "question_count")
        return Counts(answer, figures)

    def counts_as(self, clause: str, act: Callable[[], Answer], *, domain: str = "", **added: int) -> Answer:
        """Check that *act* increases the statistics by exactly the figures *added*."""
        return self.counts_as_shown(clause, act, lambda _: added, domain=domain)

    def counts_as_shown(
        self,
        clause: str,
        act: Callable[[], Answer],
        added: Callable[[Answer], dict[str, int]],
        *,
        domain: str = "",
    ) -> Answer:
        """Check that *act* increases the statistics by the figures that *added* derives from its response.

        Other users may cause an extra increase, so it must repeat with *act* and not occur without it.
        """
        seen: list[Counter[str]] = []
        restless = False
        for _ in range(_TRIES):
            count = partial(self.counts, domain)
            before, answer = count(), act()
            wanted = Counter(before.readable(added(answer)))
            first, grown = self._growth(count, before, wanted)
            if grown == wanted or grown["questions"] < wanted["questions"]:
                break
            seen.append(grown)
            restless = (
                restless or grown["questions"] != seen[0]["questions"] or bool(count().since(before) - grown)
            )
        if grown != wanted and restless:
            not_reached("other users talk to the bot, so the count of one call cannot be measured")
        if self.kit.expect(clause, answer, dict(grown), dict(wanted), "counted figures") and wanted:
            self.kit.expect(
                "cbs.counted-at-once", answer, dict(first), dict(wanted), "figures counted at the first read"
            )
        return answer

    def _growth(
        self, count: Callable[[], Counts], before: Counts, wanted: Counter[str]
    ) -> tuple[Counter[str], Counter[str]]:
        """The increases at the first read and at the last."""
        first = grown = count().since(before)
        for _ in range(_LOOKS):
            if grown["questions"] >= wanted["questions"]:
                break
            time.sleep(_PAUSE)
            grown = count().since(before)
        return first, grown

    def wait(self, milliseconds: int, since: float) -> None:
        """Move the mock's clock by that time; for a server, end the check unless it has passed *since*."""
        if self.kit.skip is not None:
            self.kit.skip(milliseconds)
        elif self.kit.now is not None:
            not_reached("the target's clock is stopped")
        elif 1000 * (time.monotonic() - since) < milliseconds:
            not_reached(f"the run took less than {milliseconds // 1000} s")
