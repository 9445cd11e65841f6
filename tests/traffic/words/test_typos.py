"""What goes wrong when users type."""

import re
from collections import Counter

import pytest

from mockcbs.traffic.words import typos
from mockcbs.traffic.words.typos import mistyped

TABLES = ("_CONFUSED_WORDS", "_OFFERED_WORDS", "_LETTERS_LEFT")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("我想申请退款", {"我想shenqing退款", "我想申qing退款", "我想申请tuikuan"}),
        ("VPN登录不了吗", {"VPN登录不了嘛", "PVN登录不了吗"}),
        ("怎么改优惠券", {"怎么改优惠卷", "zenme改优惠券", "怎改优惠券"}),
        ("in the app", {"in hte app", "in the pap", "in the ap", "in thhe app", "in the spp"}),
    ],
)
def test_typos_are_of_many_kinds(text, others):
    """Other words of the same sound, letters that stay, and keys beside the right ones."""
    found = {mistyped(text, number) for number in range(2_000)}

    assert others <= found


@pytest.mark.parametrize("text", ["桌面云打不开怎么办", "服务器打印机客户端", "门诊抽血空腹胃镜"])
def test_no_word_changes_within(text):
    """Input methods offer whole words: nobody writes 卓面云 for 桌面云."""
    found = {mistyped(text, number) for number in range(2_000)}

    within = {one for one in found if len(one) == len(text) and one[:3] != text[:3]}
    assert not within


@pytest.mark.parametrize("name", TABLES)
def test_tables_replace_whole_words(name):
    """Each entry is a word of two characters or more and another text in its place."""
    entries = [text.split("/") for text in getattr(typos, name)]

    for word, wrong in entries:
        assert re.fullmatch("[一-鿿]{2,3}", word)
        assert re.fullmatch("[a-z']{4,11}" if name == "_LETTERS_LEFT" else f"[一-鿿]{{{len(word)}}}", wrong)
        assert word != wrong
    assert len(entries) == len({word for word, _ in entries})


def test_only_short_characters_are_left_out():
    """Input methods offer whole words, so that a word has all its characters."""
    text = "请问怎么申请弹性云服务器"

    found = {mistyped(text, number) for number in range(2_000)}
    assert {one for one in found if len(one) < len(text)} == {"请问怎申请弹性云服务器"}


def test_no_typo_leads():
    """A text is mistyped in several ways, so that hardly two users of a bot do the same."""
    text = "请问怎么申请哪个云服务器"
    found = Counter(mistyped(text, number) for number in range(16_000))
    del found[text]

    assert len(found) > 5
    assert max(found.values()) < 0.3 * found.total()


def test_no_odd_word_of_the_same_sound():
    """Input methods learn: nobody gets 深情 for 申请 again and again."""
    texts = ("怎么申请", "预约专家", "查成绩", "打印机坏了", "报销多久", "座位满了", "邮箱密码")
    found = {mistyped(text, number) for text in texts for number in range(2_000)}

    assert not [one for one in found if any(odd in one for odd in ("深情", "愉悦", "转嫁", "乘机", "答应"))]


@pytest.mark.parametrize("text", ["", "???", "12"])
def test_a_text_without_letters_stays(text):
    """There is nothing to mistype in marks and digits."""
    assert {mistyped(text, number) for number in range(100)} == {text}


@pytest.mark.parametrize("entry", typos._LETTERS_LEFT)
def test_letters_stay_instead_of_a_word(entry):
    """Nobody writes deng登录 or 密密码: the letters stand where the word was, or its end."""
    word, letters = entry.split("/")
    found = {mistyped(f"我的{word}呢", number) for number in range(500)}

    left = {one for one in found if re.search("[a-z].", one)}
    assert len(left) == len(letters.split("'"))
    assert not [one for one in found if re.search("[一-鿿]s?h?e?n?me", one.removeprefix("我的"))]
    assert not [one for one in left if word in one]
    assert f"我的{letters.replace(chr(39), '')}呢" in left
    assert not [one for one in found if re.search(r"([一-鿿])\1", one)]
