"""Suggestions, which do not change statistics, and accepted forms of a body."""

import json

from mockcbs.contract.dialogue import Dialogue
from mockcbs.contract.kit import Kit, checks, made_up


@checks("cbs.shape-suggestions", "cbs.suggested", "cbs.suggested-nothing")
def test_suggestions(kit: Kit) -> None:
    """A standard question suggests itself; a made-up text suggests nothing."""
    talk = Dialogue.of(kit)
    question = talk.known()["st_question"]

    answer, nothing = talk.suggestions(question), talk.suggestions(made_up())

    found = answer.json["questions"]
    kit.judge("cbs.suggested", answer, question, " | ".join(found), held=question in found)
    empty = talk.post("suggestions", {"question": ""})
    for none in (nothing, empty):
        kit.expect(
            "cbs.suggested-nothing", none, (none.status, none.json), (200, {"questions": []}), "answer"
        )


@checks("cbs.suggested-top", "cbs.suggestions-top")
def test_top(kit: Kit) -> None:
    """A list has at most the requested length, by default 5, and a shorter list is a prefix of a longer
    one.
    """
    talk = Dialogue.of(kit)
    longest: list[str] = []
    for text in _texts(talk):
        found = talk.suggestions(text, top=10).json["questions"]
        longest = max(longest, found, key=len)
        if found is longest:
            typed = text
    for top in (1, 2, 5, 10):
        answer = talk.suggestions(typed, top=top)
        kit.expect("cbs.suggested-top", answer, answer.json["questions"], longest[:top], f"list (top={top})")
        kit.expect("cbs.suggested-top", answer, len(set(longest)), len(longest), "different texts")
    bare = talk.suggestions(typed)
    kit.expect("cbs.suggestions-top", bare, bare.json["questions"], longest[:5], "list by default")


def _texts(talk: Dialogue) -> list[str]:
    """Parts of a standard question that several questions may contain."""
    question = talk.known()["st_question"]
    return [
        *talk.topics(),
        question[:2],
        *(question[place : place + 1] for place in range(min(6, len(question)))),
    ]


@checks("cbs.body-escapes", "cbs.body-type", "cbs.body-stranger")
def test_lenient_bodies(kit: Kit) -> None:
    """The same body is accepted in the forms that clients send."""
    talk = Dialogue.of(kit)
    body = {"question": talk.known()["st_question"][:2], "top": 2}
    usual = talk.post("suggestions", body)
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    for clause, answer in (
        ("cbs.body-escapes", talk.post("suggestions", raw)),
        ("cbs.body-escapes", talk.post("suggestions", json.dumps(body, indent=2).encode())),
        (
            "cbs.body-type",
            talk.post("suggestions", body, headers={"Content-Type": "application/json;charset=utf-8"}),
        ),
        ("cbs.body-stranger", talk.post("suggestions", {**body, "extend": {"a": 1}, "limit": 7})),
    ):
        kit.expect(clause, answer, (answer.status, answer.text), (200, usual.text), "answer")
