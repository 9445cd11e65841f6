"""The gaps of questions."""

import pytest

from mockcbs.traffic.gaps import has_gaps, with_gaps_filled, without_gaps


def test_each_gap_gets_a_word_of_its_kind():
    """The word can depend on the place, so that two numbers in one text differ."""
    assert with_gaps_filled("{name}的{order}和{order}", lambda kind, place: f"<{kind}{place}>") == (
        "<name0>的<order1>和<order2>"
    )


@pytest.mark.parametrize(
    ("text", "gaps"),
    [("我是{name}", True), ("电脑坏了", False), ("{name}的{thing}", False), ("f'{x}'", False)],
)
def test_braces_around_other_words_are_text(text, gaps):
    """A text has gaps only if all of them are of known kinds."""
    assert has_gaps(text, {"name", "city"}) is gaps


def test_a_text_without_names_keeps_the_rest():
    """Gaps become blanks."""
    assert without_gaps("{name}在{company}吗") == " 在 吗"
