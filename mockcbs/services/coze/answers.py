"""The answers of a bot: from the knowledge base, or that it does not know."""

from functools import lru_cache
from typing import Any

import simplejson

from mockcbs.traffic.answering import DIRECT, Answerer, is_invalid
from mockcbs.traffic.knowledge import SmallTalk, Utterance

_NO_ANSWER = "抱歉，我还没有学会回答这个问题。"
_GREETING = "你好，有什么可以帮您？"


def reply(answerer: Answerer, question: str, greeting: str) -> tuple[Utterance, str]:
    """The utterance for the log, and the answer to it."""
    text = plain(question)
    if not text and not is_audio(question):
        return Utterance("", "chat"), greeting or _GREETING
    if not text or is_invalid(text):
        return Utterance(text, "invalid" if text else "notmatch"), _NO_ANSWER
    found = answerer.best(text)
    if found is None:
        return Utterance(text, "notmatch"), _NO_ANSWER
    known = found.entry
    if isinstance(known, SmallTalk):
        return Utterance(text, "chat"), known.answer or found.text
    if found.permille >= DIRECT:
        return Utterance(text, "direct", known, known.domain), known.answer or known.question
    return Utterance(text, "recommend", known, known.domain), f"您是不是想问：{known.question}"


def is_audio(content: str) -> bool:
    """Whether a message holds audio, which mockcbs does not understand."""
    return any(part.get("type") == "audio" for part in _parts(content))


def file_ids(content: str) -> list[str]:
    """The uploaded files in a message."""
    return [part["file_id"] for part in _parts(content) if part.get("file_id")]


def _parts(content: str) -> list[dict[str, Any]]:
    """The parts of an ``object_string``; an empty list for other content."""
    text = content.strip()
    if not text.startswith("["):
        return []
    try:
        parts = simplejson.loads(text)
    except (ValueError, RecursionError):
        return []
    return [part for part in parts if isinstance(part, dict)]


@lru_cache(1024)
def plain(content: str) -> str:
    """The text of a message, including the texts in an ``object_string``."""
    text = content.strip()
    if text.startswith("["):
        try:
            parts = simplejson.loads(text)
            return "".join(str(part["text"]) for part in parts if part.get("type") == "text").strip()
        except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
            return text
    return text
