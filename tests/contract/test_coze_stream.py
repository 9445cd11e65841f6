"""Checks of the stream of a chat."""

import pytest

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_stream import STREAM_CLAUSES, adds_up, check_stream
from mockcbs.contract.kit import NotReachedError
from mockcbs.contract.targets import Answer
from tests.contract.kits import broken, kit_of_mock


@pytest.fixture(scope="module")
def stream():
    """The response of a mock to a question."""
    kit = kit_of_mock()
    message = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
    body = {"bot_id": kit.coze_bot_id, "user_id": "u", "stream": True, "additional_messages": [message]}
    return Coze.of(kit).post("/v3/chat", body)


def checked(stream, change):
    """The clauses that a stream breaks after *change* of its text."""
    kit = kit_of_mock()
    kit._declared = STREAM_CLAUSES
    text = change(stream.text).encode()
    with kit.part():
        check_stream(kit, Answer(stream.call, 200, stream.headers, text, stream.sent, stream.received))
    return broken(kit)


def without(name):
    """A stream without the events of that name."""

    def change(text):
        return "".join(f"{one}\n\n" for one in text[:-2].split("\n\n") if f"event:{name}\n" not in f"{one}\n")

    return change


def put(old, new):
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    ("change", "clauses"),
    [
        (lambda text: text, set()),
        (put('data:"[DONE]"', 'data:"END"'), {"coze.stream.done"}),
        (without("conversation.chat.in_progress"), {"coze.stream.order"}),
        (put('"content":"', '"content":"x'), {"coze.stream.deltas"}),
        (put('"token_count":', '"token_count":1'), {"coze.stream.usage"}),
        (put('"status":"in_progress"', '"status":"created"'), {"coze.stream.order"}),
        (put("generate_answer_finish", "finished"), {"coze.stream.verbose"}),
    ],
)
def test_a_stream_breaks_the_clause_about_what_is_wrong_with_it(stream, change, clauses):
    """A faulty stream breaks the clause about its fault; the mock's stream breaks none."""
    assert checked(stream, change) == clauses


@pytest.mark.parametrize(
    "change", [put("\n\n", "\n"), put('"[DONE]"', "[DONE]"), lambda _: "{}"], ids=["lines", "data", "JSON"]
)
def test_what_cannot_be_read_ends_the_check(stream, change):
    """A stream that cannot be read breaks the clause about its lines; the other clauses are not reached."""
    kit = kit_of_mock()
    kit._declared = STREAM_CLAUSES
    text = change(stream.text).encode()

    with pytest.raises(NotReachedError, match="the stream is unreadable"):
        check_stream(kit, Answer(stream.call, 200, stream.headers, text, stream.sent, stream.received))

    assert broken(kit) == {"coze.stream.lines"}


@pytest.mark.parametrize(("usage", "whether"), [((3, 1, 2), True), ((0, 0, 0), False), ((4, 1, 2), False)])
def test_usage_adds_up(usage, whether):
    """A positive total, which is the sum of input and output."""
    assert adds_up(dict(zip(("token_count", "input_count", "output_count"), usage, strict=True))) is whether
