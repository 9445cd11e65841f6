"""Turns a published list of hot questions or of keywords into a dataset that reproduces it exactly.

A response does not contain its range, so all questions are asked at one time, which the caller chooses.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mockcbs.core.clock import iso, real_now
from mockcbs.pinning.reading import LAST_INSTANT, MAX_TURNS, PinError, count, members, shown
from mockcbs.traffic.words.keywords import KeywordExtractor

OPERATIONS = ("qa-pairs/hots", "requests/keywords")
"""The ends of the paths of the operations."""
_HOT = ("qa_pair_id", "st_question", "domain")
_MAX_QUESTION = 512
"""The maximum length of a question, in characters."""
_MAX_WORD = 64
"""The maximum length of a keyword, in characters."""
_ONE_EACH = 1000
"""Up to this sum of frequencies, every mention of a keyword is a question of its own."""


def is_list(answer: Any) -> bool:
    """Whether a response is a list of hot questions or of keywords."""
    return isinstance(answer, dict) and len(answer) == 1 and bool(answer.keys() & {"questions", "keywords"})


def time_of(target: str) -> int:
    """A time in the range of a request, ms UTC: its end, or now; raises `PinError`."""
    given = parse_qs(urlsplit(target).query)
    try:
        start, end = (int(given.get(name, ["0"])[-1]) for name in ("start_time", "end_time"))
    except ValueError as error:
        raise PinError(f"the request {shown(target)}: start_time and end_time are numbers") from error
    return min(end or max(start, real_now()), LAST_INSTANT)


def pin(answer: Any, bot_id: str, at: int) -> dict[str, Any]:
    """The content of a dataset file whose bot *bot_id*, asked at *at* (ms UTC), reproduces the response.

    Raises `PinError` if no traffic can produce it.
    """
    name = next(iter(answer), "") if isinstance(answer, dict) else ""
    if name not in {"questions", "keywords"} or not isinstance(answer[name], list):
        raise PinError("not a response of hots or keywords: no list 'questions' or 'keywords'")
    members(answer, "the response", (name,))
    knowledge, turns = _hot(answer[name]) if name == "questions" else _frequent(answer[name])
    sessions = [{"turns": [{"at": at, **turn} for turn in turns]}] if turns else []
    return {
        "description": f"Pinned: a published list of {name}, asked at {iso(at)}.",
        "now": at,
        "knowledge": knowledge,
        "bots": [{"id": name, "sessions": sessions} for name in (bot_id, "*")],
    }


def _hot(rows: list[Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The knowledge base and the questions for hot questions: each was asked once more than the next."""
    pairs: dict[str, dict[str, str]] = {}
    turns: list[dict[str, Any]] = []
    seen = set()
    for place, row in enumerate(rows):
        where = f"questions[{place}]"
        pair_id, question, domain = (_text(row, name, where) for name in _HOT)
        if not pair_id or (pair_id, domain) in seen:
            raise PinError(f"{where}: qa_pair_id {shown(pair_id)} must be given, and only once in a domain")
        seen.add((pair_id, domain))
        pair = {"id": pair_id, "question": question}
        if (
            pairs.setdefault(pair_id, {**pair, **({"domain": domain} if domain else {})})["question"]
            != question
        ):
            raise PinError(f"{where}: qa_pair_id {shown(pair_id)} has another st_question above")
        turn = {"question": question, **({"domain": domain} if domain else {})}
        turns += [turn] * (len(rows) - place)
    texts = [pair["question"] for pair in pairs.values()]
    if repeated := next((text for text in texts if texts.count(text) > 1), None):
        raise PinError(f"st_question {shown(repeated)} has two values of qa_pair_id")
    return {"pairs": list(pairs.values())}, turns


def _text(row: Any, name: str, where: str) -> str:
    value = members(row, where, _HOT)[name]
    if not isinstance(value, str):
        raise PinError(f"{where}: {name} {shown(value)} is not a text")
    return value


def _frequent(rows: list[Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The knowledge base and the questions for keywords: the questions consist of the keywords."""
    found = [_keyword(row, f"keywords[{place}]") for place, row in enumerate(rows)]
    for place, ((_, more), (word, fewer)) in enumerate(pairwise(found), 1):
        if fewer > more:
            raise PinError(
                f"keywords[{place}]: freq {fewer} of {shown(word)} is above {more}, which precedes"
            )
    words = [word for word, _ in found]
    if repeated := next((word for word in words if words.count(word) > 1), None):
        raise PinError(f"keyword {shown(repeated)} occurs twice")
    mentions = max(1, -(-sum(number for _, number in found) // _ONE_EACH))
    extract = KeywordExtractor(words)
    texts = [text for word, number in found for text in _mentioning(word, number, mentions)]
    if len(texts) > MAX_TURNS:
        raise PinError(f"{len(texts)} questions are too many for a dataset file; the limit is {MAX_TURNS}")
    for word in words:
        if extract(word) != [word]:
            raise PinError(f"keyword {shown(word)} is not a keyword of the question {shown(word)}")
    return {"keywords": words}, [{"question": text, "outcome": "notmatch"} for text in texts]


def _keyword(row: Any, where: str) -> tuple[str, int]:
    word = members(row, where, ("keyword", "freq"))["keyword"]
    if not isinstance(word, str) or not 0 < len(word.strip()) == len(word) <= _MAX_WORD:
        raise PinError(f"{where}: keyword {shown(word)} is not a word of 1 to {_MAX_WORD} characters")
    number = count(row, "freq", where)
    if not number:
        raise PinError(f"{where}: freq is 0, but a keyword that does not occur is not in the list")
    return word, number


def _mentioning(word: str, number: int, mentions: int) -> Iterator[str]:
    """Questions that mention *word* *number* times, up to *mentions* times each."""
    each = max(1, min(mentions, (_MAX_QUESTION + 1) // (len(word) + 1)))
    while number > 0:
        yield " ".join([word] * min(each, number))
        number -= each
