"""The responses of the dialogue operations."""

import pytest

from mockcbs.services.cbs import dialogue_responses as responses

PLAIN = {"answer": "您好"}
FRAME = {
    "intention": "weather_query",
    "confidence": 0.9,
    "current_slots": [],
    "history_slots": [],
    "candidate_words": [],
    "reply": "哪里?",
    "task_complete": False,
}
SKILL = {"skill_id": "s", "skill_version": "v8", "frame": FRAME, "candidate": {"candidate_confidence": 0}}


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ({"reply_type": 2, "chat_answers": PLAIN}, set()),
        ({"reply_type": 2}, {"chat_answers"}),
        ({"reply_type": 0, "chat_answers": PLAIN}, {"qabot_answers"}),
        ({"reply_type": 7}, {"reply_type"}),
    ],
)
def test_the_answer_that_reply_type_names(content, wrong):
    """An answer is in the member that belongs to its reply_type."""
    found = responses.SessionAnswer().validate({"request_id": "r", **content})

    assert found.keys() - {"request_id"} == wrong


@pytest.mark.parametrize(
    ("change", "is_wrong"),
    [({}, False), ({"locked": "no"}, True), ({"frame": {**FRAME, "confidence": "x"}}, True)],
)
def test_the_response_of_a_skill(change, is_wrong):
    """A skill states what it has understood; what the documented example leaves out may be missing."""
    assert bool(responses.SkillResponse().validate({**SKILL, **change})) == is_wrong


@pytest.mark.parametrize("member", sorted(SKILL))
def test_what_every_skill_states(member):
    """Without a member of the documented example a response is wrong."""
    content = {name: value for name, value in SKILL.items() if name != member}

    assert member in responses.SkillResponse().validate(content)
