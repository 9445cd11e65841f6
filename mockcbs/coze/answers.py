"""What a bot answers: from the knowledge base, else that it does not know."""

from functools import lru_cache

import simplejson

from mockcbs.traffic.knowledge import KnowledgeBase, Utterance

_NO_ANSWER = "抱歉，我还没有学会回答这个问题。"
_GREETING = "你好，有什么可以帮您？"


def reply(knowledge: KnowledgeBase, question: str, greeting: str) -> tuple[Utterance, str]:
    """What was said, as the log keeps it, and the answer to it."""
    text = plain(question)
    if not text:
        return Utterance("", "chat"), greeting or knowledge.greeting or _GREETING
    pair = knowledge.by_question.get(text)
    if pair and not pair.deleted:
        return Utterance(text, "direct", pair, pair.domain), pair.answer or pair.question
    for remark in knowledge.small_talk:
        if text in (remark.question, *remark.variants):
            return Utterance(text, "chat"), remark.answer or remark.question
    return Utterance(text, "notmatch"), _NO_ANSWER


@lru_cache(1024)
def plain(content: str) -> str:
    """The text of a message, also of one made of parts (an ``object_string``)."""
    text = content.strip()
    if text.startswith("["):
        try:
            parts = simplejson.loads(text)
            return "".join(str(part["text"]) for part in parts if part.get("type") == "text").strip()
        except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
            return text
    return text
