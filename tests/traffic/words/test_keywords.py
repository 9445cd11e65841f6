"""What keywords are found in a question."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.words import keywords
from mockcbs.traffic.words.keywords import KeywordExtractor


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("桌面云打不开了怎么办", ["桌面云"]),
        ("怎么重置密码", ["密码"]),
        ("怎么注销会员", ["注销会员"]),
        ("弹性云服务器和云服务器", ["弹性云服务器", "云服务器"]),
        ("VPN断开", ["VPN"]),
        ("how do I reset the café password?", ["reset", "café", "password"]),
        ("cafe\u0301 menu", ["cafe\u0301", "menu"]),
        ("ลืมรหัสผ่าน", ["ลืมรหัสผ่าน"]),
        ("👩‍👧 ???", []),
        ("", []),
        ("-- 2026112", []),
        ("上海今天冷不冷", ["上海"]),
        ("the VPN drops ERP", ["VPN", "ERP"]),
        ("my VPNs", ["VPNs"]),
        ("Wi-Fi_setup", ["Wi-Fi"]),
    ],
)
def test_keywords_of_a_question(question, keywords):
    """Known words, the longest of them, and names; other words only in a question that has neither."""
    extract = KeywordExtractor(["桌面云", "云服务器", "弹性云服务器", "密码", "VPN"])

    assert extract(question) == keywords


def test_latin_words_count_however_they_are_typed():
    """Who types vpn means VPN; a lexicon that has both spellings keeps both."""
    extract = KeywordExtractor(["VPN", "Wi-Fi", "oa", "OA", "C盘"])

    assert extract("vpn和wifi都断了, c盘满了") == ["VPN", "Wi-Fi", "C盘"]
    assert extract("WIFI") == extract("wi-fi") == ["Wi-Fi"]
    assert extract("oa OA") == ["oa", "OA"]
    assert extract("oasis") == ["oasis"]


_LEXICON = ("VPN密码", "VPN", "邮箱", "邮箱密码", "密码", "打印机", "wifi", "P卡", "卡P", "4G")


def _one_by_one(lexicon) -> re.Pattern[str]:
    """The words of a lexicon, the longest first, each compared at every place."""
    parts = []
    for word in sorted(lexicon, key=len, reverse=True):
        before = "(?<![A-Za-z])" if word[:1].isascii() else ""
        parts.append(before + re.escape(word) + ("(?![A-Za-z])" if word[-1:].isascii() else ""))
    return re.compile(f"({'|'.join(parts)})", re.IGNORECASE)


_STOPS = re.compile(
    "|".join(rf"\b{word}\b" if word.isascii() else word for word in keywords._STOP_WORDS)
    + rf"|[{keywords._PARTICLES}]|(?P<doubt>[{keywords._IN_WORDS}])",
    re.IGNORECASE,
)

texts = st.lists(
    st.sampled_from([*_LEXICON, *keywords._STOP_WORDS, *"的吗在是我 -xX4Gſ", "The", "VPNs", "ISTO"])
    | st.characters(codec="utf-8"),
    max_size=12,
).map("".join)


@given(texts)
def test_grouped_words_are_found_as_one_by_one(text):
    """Words that are grouped by their first letters divide a text as the same words in one long list do."""
    stops = [(found.span(), found["doubt"]) for found in keywords._STOP.finditer(text)]

    assert stops == [(found.span(), found["doubt"]) for found in _STOPS.finditer(text)]
    assert KeywordExtractor(_LEXICON)._known.split(text) == _one_by_one(_LEXICON).split(text)


@given(st.text())
def test_only_letters_marks_digits_and_hyphens_are_in_words(text):
    """Every other character becomes a blank, in and beyond the basic plane."""
    assert text.translate(keywords._LETTERS) == "".join(
        one if keywords.unicodedata.category(one)[0] in "LMN" or one == "-" else " " for one in text
    )
    assert all(code < 0x10000 for code in keywords._LETTERS)
