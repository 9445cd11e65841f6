"""The replies of a bot to a question, and the choice among them (contract 5.5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mockcbs.traffic.answering import (
    DIRECT,
    FLOOR,
    RECOMMENDED,
    Answerer,
    Match,
    Passage,
    is_invalid,
    similarity,
)
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Skill, Utterance, derived_id
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words import skills

KNOWLEDGE, SKILL, CHAT, GRAPH, DOCUMENT, TABLE = range(6)
"""``reply_type``."""

_MEMBERS = {
    KNOWLEDGE: "qabot_answers",
    SKILL: "taskbot_answers",
    CHAT: "chat_answers",
    GRAPH: "kbqa_answers",
    DOCUMENT: "docqa_answers",
    TABLE: "tableqa_answers",
}
_FALLBACK = "抱歉，我还不明白您的意思，请换一种说法再问一次。"
_MAX_RECOMMENDED = 5
_MAX_DETAILS = 3
_SURE = 1000


@dataclass(frozen=True)
class Pending:
    """A skill that waits for the value of a slot."""

    skill: str
    known: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """A question, and the conditions on its answers."""

    question: str
    kinds: Sequence[int]
    """The requested kinds of answers; among equally similar answers, the kind named first wins."""
    fallback: bool = False
    """Whether small talk answers a question that has no other answer."""
    keep: Callable[[Pair], bool] = lambda _: True
    """Tells whether a pair may answer."""
    pending: Pending | None = None


@dataclass(frozen=True)
class Reply:
    """One answer."""

    kind: int
    outcome: Outcome
    content: Any
    """The response member of this kind of answer, in the vendor's form."""
    permille: int = 0
    pair: Pair | None = None
    pending: Pending | None = None
    """The skill that waits for a slot value after this reply."""

    def utterance(self, question: str) -> Utterance:
        """The utterance to record in the log."""
        return Utterance(question, self.outcome, self.pair, self.pair.domain if self.pair else None)


@dataclass(frozen=True)
class Replies:
    """The chosen reply, and the others."""

    best: Reply
    others: tuple[Reply, ...] = ()

    def members(self, *, everything: bool) -> dict[str, Any]:
        """The response members of the chosen reply, or of all replies."""
        shown = (self.best, *self.others) if everything else (self.best,)
        return {_MEMBERS[reply.kind]: reply.content for reply in shown}


def replies(answerer: Answerer, knowledge: KnowledgeBase, request: Request) -> Replies:
    """The replies of every requested kind to a question.

    The most similar reply wins; among equal ones, the kind named first. Recommendations count only if there
    is no answer. A waiting skill keeps waiting, unless the request names its kind and another kind answers.
    """
    finders: dict[int, Callable[[], Reply | None]] = {
        KNOWLEDGE: lambda: _pairs(answerer, request),
        SKILL: lambda: _skill(answerer, knowledge, request),
        CHAT: lambda: _small_talk(answerer, request),
        GRAPH: lambda: _fact(answerer, request),
        DOCUMENT: lambda: _document(answerer, request),
        TABLE: lambda: _cell(answerer, request),
    }
    if is_invalid(request.question):
        return Replies(replace(_nothing("invalid", fallback=request.fallback), pending=request.pending))
    found = [reply for kind in dict.fromkeys(request.kinds) if (reply := finders[kind]())]
    firm = [reply for reply in found if reply.outcome != "recommend"]
    best = max(firm or found, key=lambda reply: reply.permille, default=None)
    others = tuple(reply for reply in found if reply is not best)
    best = best or _nothing("notmatch", fallback=request.fallback)
    return Replies(best if SKILL in request.kinds else replace(best, pending=request.pending), others)


def single(
    answerer: Answerer,
    question: str,
    *,
    keep: Callable[[Pair], bool],
    top: int,
    threshold: bool,
    chat: bool,
) -> Reply:
    """The best matches for one question (contract 5.6).

    If the first match is an answer, all matches above the threshold are answers. Otherwise all of them are
    recommendations.
    """
    if is_invalid(question):
        return Reply(KNOWLEDGE, "invalid", [])
    matches = answerer.pairs(question, keep=keep, least=RECOMMENDED if threshold else FLOOR)[:top]
    best = matches[0].permille if matches else 0
    remark = answerer.small_talk(question) if chat else None
    if remark and remark.permille > best:
        talk = remark.entry
        shown = _shown(derived_id("chat", talk.question), talk.question, talk.answer, remark.permille, "")
        return Reply(CHAT, "chat", [shown])
    if not matches:
        return Reply(KNOWLEDGE, "notmatch", [])
    least = DIRECT if threshold or best < DIRECT else FLOOR
    answers = [_answer(match) if match.permille >= least else _recommendation(match) for match in matches]
    return Reply(KNOWLEDGE, "direct" if best >= DIRECT else "recommend", answers, pair=matches[0].entry)


def _nothing(outcome: Outcome, *, fallback: bool) -> Reply:
    if fallback:
        return Reply(CHAT, outcome, {"answer": _FALLBACK, "score": Decimal("0.0")})
    return Reply(KNOWLEDGE, outcome, {"answers": [], "recommend_answers": []})


def _pairs(answerer: Answerer, request: Request) -> Reply | None:
    """The best pair if it is similar enough, with further candidates unless its text equals the question."""
    matches = answerer.pairs(request.question, keep=request.keep, least=RECOMMENDED)
    if not matches:
        return None
    best = matches[0]
    direct = [_answer(best)] if best.permille >= DIRECT else []
    others = [] if best.permille == _SURE else matches[len(direct) :][:_MAX_RECOMMENDED]
    recommended = [_recommendation(match) for match in others]
    content = {"answers": direct, "recommend_answers": recommended}
    return Reply(KNOWLEDGE, "direct" if direct else "recommend", content, best.permille, best.entry)


def _answer(match: Match[Pair]) -> dict[str, Any]:
    pair = match.entry
    return _shown(pair.pair_id, pair.question, pair.answer, match.permille, pair.domain or "")


def _recommendation(match: Match[Pair]) -> dict[str, Any]:
    shown = _answer(match)
    del shown["answer"]
    return shown


def _shown(pair_id: str, question: str, answer: str, permille: int, domain: str) -> dict[str, Any]:
    return {
        "qa_pair_id": pair_id,
        "st_question": question,
        "answer": answer,
        "score": similarity(permille),
        "domain": domain,
    }


def _small_talk(answerer: Answerer, request: Request) -> Reply | None:
    match = answerer.small_talk(request.question)
    if match is None:
        return None
    return Reply(CHAT, "chat", {"answer": match.entry.answer, "score": match.score}, match.permille)


def _fact(answerer: Answerer, request: Request) -> Reply | None:
    match = answerer.fact(request.question)
    if match is None:
        return None
    return Reply(GRAPH, "direct", {"answer": match.entry.value, "score": match.score}, match.permille)


def _cell(answerer: Answerer, request: Request) -> Reply | None:
    match = answerer.cell(request.question)
    if match is None:
        return None
    content = {"answer": match.entry.value, "score": match.score, "table_id": match.entry.table_id}
    return Reply(TABLE, "direct", content, match.permille)


def _document(answerer: Answerer, request: Request) -> Reply | None:
    matches = answerer.passages(request.question)[:_MAX_DETAILS]
    if not matches:
        return None
    best = matches[0].entry
    content = {
        "answer": best.text,
        "score": matches[0].score,
        "question": request.question,
        "answer_detail": best.document.paragraphs[best.paragraph],
        "details": [_detail(match) for match in matches],
    }
    return Reply(DOCUMENT, "direct", content, matches[0].permille)


def _detail(match: Match[Passage]) -> dict[str, Any]:
    passage = match.entry
    return {
        "answer": passage.text,
        "doc_id": passage.document.id,
        "end_index": passage.end,
        "paragraph_score": match.score,
        "paragraph_text": passage.document.paragraphs[passage.paragraph],
        "phrase_score": match.score,
        "start_index": passage.start,
        "total_score": match.score,
        "paragraph_number": passage.paragraph,
    }


def _skill(answerer: Answerer, knowledge: KnowledgeBase, request: Request) -> Reply | None:
    """Fill a slot of the waiting skill; or start a skill; or ask for the slot again."""
    waiting = _waiting(knowledge.skills, request.pending)
    again = skills.step(waiting, _known(request.pending), request.question) if waiting else None
    if again and again.found:
        return _step_reply(again, _SURE, request.pending)
    if start := answerer.skill(request.question):
        step = skills.step(start.entry, {}, request.question, starting=True)
        return _step_reply(step, start.permille, None)
    return _step_reply(again, 0, request.pending) if again else None


def _waiting(known_skills: Iterable[Skill], pending: Pending | None) -> Skill | None:
    return next((skill for skill in known_skills if pending and skill.name == pending.skill), None)


def _known(pending: Pending | None) -> Mapping[str, tuple[str, str]]:
    return pending.known if pending else {}


def _step_reply(step: skills.Step, permille: int, before: Pending | None) -> Reply:
    skill = step.skill
    response = {
        "skill_id": skill.skill_id,
        "skill_version": "v1",
        "frame": _frame(step, permille, before),
        "candidate": {"candidate_confidence": 0},
        "locked": not step.complete,
        "related_intenions": [],
    }
    content = {"answer": step.reply, "skill_id": skill.skill_id, "skill_responses": [response]}
    pending = None if step.complete else Pending(skill.name, step.known)
    return Reply(SKILL, "dialog", content, permille, pending=pending)


def _frame(step: skills.Step, permille: int, before: Pending | None) -> dict[str, Any]:
    return {
        "intention": step.skill.intention or step.skill.name,
        "confidence": similarity(permille),
        "current_slots": [
            {
                "slot_id": derived_id("slot", f"{step.skill.name}/{filling.slot.name}"),
                "slot_name": filling.slot.name,
                "slot_values": [
                    {
                        "word": filling.word,
                        "norm_word": filling.norm_word,
                        "begin_position": filling.begin,
                        "end_position": filling.end,
                    }
                ],
                "slot_identification": filling.slot.name,
            }
            for filling in step.found
        ],
        "history_slots": [
            {
                "slot_name": name,
                "slot_values": [{"word": word, "norm_word": norm_word}],
                "slot_identification": name,
            }
            for name, (word, norm_word) in _known(before).items()
        ],
        "candidate_words": [],
        "reply": step.reply,
        "task_complete": step.complete,
        "flow_complete": step.complete,
        "intention_alias": step.skill.name,
    }
