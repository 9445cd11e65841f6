"""Other wordings of questions that a bot did not match."""

import pytest

from mockcbs.traffic.words.rewording import reworded, understood_wordings
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.bases import SHIPPED, shipped


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("名片怎么印", "怎么印名片"),
        ("{goods}怎么清洗", "怎么清洗{goods}"),
        ("打印店在哪里", "打印店的位置"),
        ("安全帽在哪领", "去哪领安全帽"),
        ("浴室几点开门", "浴室开门时间"),
        ("礼盒包装有吗", "有没有礼盒包装"),
        ("军训可以请假吗", "军训能不能请假"),
        ("拆线要挂号吗", "拆线要不要挂号"),
        ("怎么请病假", "请病假的流程"),
        ("can I use it offline", "is it possible to use it offline"),
        ("is there a linux version", "do you have a linux version"),
    ],
)
def test_users_say_it_in_other_words(text, other):
    """The same question, with the same names."""
    assert other in reworded(text, [])


@pytest.mark.parametrize(
    "text",
    [
        "我的红包怎么不见了",
        "理发店会员卡能退吗",
        "我爱你",
        "饭卡怎么退钱",
        "蓝色还有吗",
        "密码必须有特殊字符吗",
        "where is data stored",
        "line\nline",
    ],
)
def test_no_wording_is_torn_apart(text):
    """A rule that does not fit leaves the question alone."""
    torn = {"怎么不见了我的红包", "理发店会不会员卡能退", "怎么退钱饭卡"}
    torn |= {"有没有蓝色还", "密码必须有没有特殊字符", "I cannot find data stored"}
    assert not torn & {*reworded(text, [])}


def test_keywords_alone_are_a_wording():
    """Users who find no answer try the thing alone, unless they name somebody besides."""
    assert reworded("夜班补贴多少", ["夜班", "补贴"]) == ["夜班 补贴"]
    assert reworded("{name}的工位在几楼", ["工位"]) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_second_tries_hardly_repeat_the_first(name):
    """The most frequent second try of a question does not contain it."""
    knowledge = shipped(name)
    subjects = Subjects(knowledge)
    said = [one.template for one in subjects.utterances]
    forms = [
        [[said[subjects.items[first + place]] for place in range(count)] for first, count in spans[:5]]
        for spans, section in zip(subjects.spans, subjects.sections, strict=True)
        if section == next(iter(subjects.fixed.values()))
    ]

    repeated = [form for form in forms if form[0][0] in form[3][0] and form[0][0] not in knowledge.scraps]
    assert len(repeated) < 0.05 * len(forms)


def test_no_capital_follows_other_words():
    """Users write I mean is there an API, but a name keeps its capital."""
    said = {one.template for one in Subjects(shipped("cloud-en")).utterances}

    meant = [one.removeprefix("I mean ") for one in said if one.startswith("I mean ")]
    assert len(meant) > 20
    assert not [one for one in meant if one[:1].isupper() and one[1:2].islower()]


def test_a_language_model_understands_other_words():
    """Other wordings and those of the pair itself are more frequent than keywords alone and vague words."""
    questions = {"桌面云怎么安装软件": ["桌面云", "安装", "软件"], "能自己装软件吗": ["软件"]}

    found = understood_wordings(questions, ["想了解下软件", "关于软件的", "软件咋弄"])

    plain = ["可不可以自己装软件", *questions]
    assert found == [*plain, "想了解下软件", "桌面云 安装 软件", *plain[1:], "关于软件的"]
    assert understood_wordings({"停车": []}, ["关于停车的"]) == []
