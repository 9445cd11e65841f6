"""How users write long texts."""

from mockcbs.traffic.words.punctuation import punctuated


def test_most_users_write_commas():
    """Half of them; the others leave them out, or write something else instead."""
    text = "昨天交的单，主管批了，财务没收到"
    found = [punctuated(text, number) for number in range(64)]

    assert found.count(text) == 32
    assert "昨天交的单 主管批了 财务没收到" in found
    assert "昨天交的单\n主管批了\n财务没收到" in found


def test_a_user_keeps_a_way_of_writing():
    """All commas of a text become the same, and the words stay."""
    for number in range(16):
        one = punctuated("a text, of parts, in English", number)
        assert one.replace("a text", "").replace("in English", "").count("of parts") == 1
        first, second = one.removeprefix("a text").removesuffix("in English").split("of parts")
        assert first == second
