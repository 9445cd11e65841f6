"""What a bot says to a question: every kind of answer it has, and which of them wins (contract 5.5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mockcbs.traffic import skills
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
    """A skill that waits for a slot."""

    skill: str
    known: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """A question and how it may be answered."""

    question: str
    kinds: Sequence[int]
    """Kinds of answers to look for; of equally good ones, the first named wins."""
    fallback: bool = False
    """Whether small talk answers what nothing else does."""
    keep: Callable[[Pair], bool] = lambda _: True
    """Which pairs may answer."""
    pending: Pending | None = None


@dataclass(frozen=True)
class Reply:
    """One answer."""

    kind: int
    outcome: Outcome
    content: Any
    """The member of the response that belongs to the kind, in the vendor's shape."""
    permille: int = 0
    pair: Pair | None = None
    pending: Pending | None = None
    """The skill that now waits for a slot."""

    def utterance(self, question: str) -> Utterance:
        """What goes into the log."""
        return Utterance(question, self.outcome, self.pair, self.pair.domain if self.pair else None)


@dataclass(frozen=True)
class Replies:
    """The answer that won, and the others."""

    best: Reply
    others: tuple[Reply, ...] = ()

    def members(self, *, everything: bool) -> dict[str, Any]:
        """Response members of the winner, or of every kind of answer there is."""
        shown = (self.best, *self.others) if everything else (self.best,)
        return {_MEMBERS[reply.kind]: reply.content for reply in shown}


def replies(answerer: Answerer, knowledge: KnowledgeBase, asked: Asked) -> Replies:
    """Every kind of answer to a question.

    The most similar wins, of equals the kind named first. A recommendation only counts if nothing answers.
    A skill goes on waiting unless it was looked for and something else answered.
    """
    finders: dict[int, Callable[[], Reply | None]] = {
        KNOWLEDGE: lambda: _pairs(answerer, asked),
        SKILL: lambda: _skill(answerer, knowledge, asked),
        CHAT: lambda: _small_talk(answerer, asked),
        GRAPH: lambda: _fact(answerer, asked),
        DOCUMENT: lambda: _document(answerer, asked),
        TABLE: lambda: _cell(answerer, asked),
    }
    if is_invalid(asked.question):
        return Replies(replace(_nothing("invalid", fallback=asked.fallback), pending=asked.pending))
    found = [reply for kind in dict.fromkeys(asked.kinds) if (reply := finders[kind]())]
    firm = [reply for reply in found if reply.outcome != "recommend"]
    best = max(firm or found, key=lambda reply: reply.permille, default=None)
    others = tuple(reply for reply in found if reply is not best)
    best = best or _nothing("notmatch", fallback=asked.fallback)
    return Replies(best if SKILL in asked.kinds else replace(best, pending=asked.pending), others)


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

    If the first is an answer, so are all that the threshold lets through; if not, they are recommended.
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


def _pairs(answerer: Answerer, asked: Asked) -> Reply | None:
    """The best pair if it is good enough, and others it might have been; the very words leave no doubt."""
    matches = answerer.pairs(asked.question, keep=asked.keep, least=RECOMMENDED)
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


def _small_talk(answerer: Answerer, asked: Asked) -> Reply | None:
    match = answerer.small_talk(asked.question)
    if match is None:
        return None
    return Reply(CHAT, "chat", {"answer": match.entry.answer, "score": match.score}, match.permille)


def _fact(answerer: Answerer, asked: Asked) -> Reply | None:
    match = answerer.fact(asked.question)
    if match is None:
        return None
    return Reply(GRAPH, "direct", {"answer": match.entry.value, "score": match.score}, match.permille)


def _cell(answerer: Answerer, asked: Asked) -> Reply | None:
    match = answerer.cell(asked.question)
    if match is None:
        return None
    content = {"answer": match.entry.value, "score": match.score, "table_id": match.entry.table_id}
    return Reply(TABLE, "direct", content, match.permille)


def _document(answerer: Answerer, asked: Asked) -> Reply | None:
    matches = answerer.passages(asked.question)[:_MAX_DETAILS]
    if not matches:
        return None
    best = matches[0].entry
    content = {
        "answer": best.text,
        "score": matches[0].score,
        "question": asked.question,
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


def _skill(answerer: Answerer, knowledge: KnowledgeBase, asked: Asked) -> Reply | None:
    """The skill that waits goes on if it understands, else one may start, else it asks again."""
    waiting = _waiting(knowledge.skills, asked.pending)
    again = skills.step(waiting, _known(asked.pending), asked.question) if waiting else None
    if again and again.found:
        return _step_reply(again, _SURE, asked.pending)
    if start := answerer.skill(asked.question):
        step = skills.step(start.entry, {}, asked.question, starting=True)
        return _step_reply(step, start.permille, None)
    return _step_reply(again, 0, asked.pending) if again else None


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
