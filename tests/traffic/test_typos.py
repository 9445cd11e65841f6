"""What goes wrong when users type."""

from collections import Counter

import pytest

from mockcbs.traffic.typos import mistyped


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("我想申请退款", {"我想深情退款", "我想申请腿款"}),
        ("VPN连不上", {"VPN练不上", "VPN连不不上", "VPN连上"}),
        ("in the app", {"in hte app", "in the pap", "in the ap", "in thhe app"}),
    ],
)
def test_typos_are_of_many_kinds(text, others):
    """Other words of the same sound, and characters that are confused, missing, doubled or swapped."""
    found = {mistyped(text, number) for number in range(2_000)}

    assert others <= found
    assert len(found) > 6


def test_no_typo_leads():
    """The typos of a text are spread: none is more than half of them."""
    found = Counter(mistyped("请问怎么申请弹性云服务器", number) for number in range(16_000))

    assert max(found.values()) < 8_000


@pytest.mark.parametrize("text", ["", "???", "12"])
def test_a_text_without_letters_stays(text):
    """There is nothing to mistype in marks and digits."""
    assert {mistyped(text, number) for number in range(100)} == {text}
