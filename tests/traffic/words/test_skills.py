"""Skills: what they ask, understand and say."""

import pytest

from mockcbs.traffic.knowledge import Skill, Slot, SlotValue
from mockcbs.traffic.words.skills import step

CITY = Slot("城市", "哪个城市?", (SlotValue("北京", ("北京市", "首都")), SlotValue("上海")))
DAY = Slot("日期", "哪一天?", (SlotValue("今天"), SlotValue("明天", ("次日",))))
WEATHER = Skill("天气", slots=(CITY, DAY), replies=("{日期}{城市}晴。", "还有吗?"))


def test_it_asks_for_one_slot_after_the_other_and_then_replies():
    """The first missing slot is requested; when all are known, the replies are filled in and joined."""
    first = step(WEATHER, {}, "天气怎么样", starting=True)
    second = step(WEATHER, first.known, "首都")
    third = step(WEATHER, second.known, "次日")

    assert (first.reply, first.complete, first.found) == ("哪个城市?", False, ())
    assert (second.reply, second.complete, dict(second.known)) == (
        "哪一天?",
        False,
        {"城市": ("首都", "北京")},
    )
    assert (third.reply, third.complete) == ("明天北京晴。##SPLIT##还有吗?", True)


def test_one_question_may_say_it_all():
    """All missing values are taken from one question, with their places in it."""
    done = step(WEATHER, {}, "北京市明天怎么样", starting=True)

    assert done.complete
    assert [(found.word, found.norm_word, found.begin, found.end) for found in done.found] == [
        ("北京市", "北京", 0, 3),
        ("明天", "明天", 3, 5),
    ]


def test_what_is_known_is_not_asked_again():
    """A value once given stays; another one for the same slot is not looked for."""
    again = step(WEATHER, {"城市": ("上海", "上海")}, "北京")

    assert again.found == ()
    assert dict(again.known) == {"城市": ("上海", "上海")}
    assert again.reply == "哪一天?"


def test_a_slot_without_values_takes_any_words_once_asked_for():
    """Any words fill a requested slot, but not those of the question that starts the skill."""
    skill = Skill("留言", slots=(Slot("内容", "说什么?"),), replies=("已记下：{内容}",))

    assert step(skill, {}, "我要留言", starting=True).reply == "说什么?"
    assert step(skill, {}, " 明天开会 ").reply == "已记下：明天开会"


@pytest.mark.parametrize(
    ("skill", "reply"), [(Skill("签到"), "签到已完成。"), (Skill("a", replies=("b",)), "b")]
)
def test_a_skill_without_slots_is_done_at_once(skill, reply):
    """A skill without slots gives its reply, or a default one, at once."""
    done = step(skill, {}, "开始", starting=True)

    assert (done.complete, done.reply) == (True, reply)
