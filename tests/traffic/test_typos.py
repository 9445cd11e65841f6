"""What goes wrong when users type."""

from collections import Counter

import pytest

from mockcbs.traffic.typos import mistyped


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("我想申请退款", {"我想深情退款", "我想申请腿款"}),
        ("VPN连不上了吗", {"VPN练不上了吗", "VPN连不上了吗吗", "VPN连不上了嘛", "VPN连不上了"}),
        ("in the app", {"in hte app", "in the pap", "in the ap", "in thhe app", "in the spp"}),
    ],
)
def test_typos_are_of_many_kinds(text, others):
    """Other words of the same sound, ends that are missing or doubled, and keys beside the right ones."""
    found = {mistyped(text, number) for number in range(2_000)}

    assert others <= found


def test_no_character_is_missing_within_a_chinese_text():
    """Input methods offer whole words, so only the end gets lost."""
    text = "请问怎么申请弹性云服务器"

    found = {mistyped(text, number) for number in range(2_000)}

    assert {one for one in found if len(one) < len(text)} == {text[:-1]}


def test_no_typo_leads():
    """The typos of a text are spread: none is more than half of them."""
    found = Counter(mistyped("请问怎么申请弹性云服务器", number) for number in range(16_000))

    assert max(found.values()) < 8_000


@pytest.mark.parametrize("text", ["", "???", "12"])
def test_a_text_without_letters_stays(text):
    """There is nothing to mistype in marks and digits."""
    assert {mistyped(text, number) for number in range(100)} == {text}
