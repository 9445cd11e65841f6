"""What keywords are found in a question."""

import pytest

from mockcbs.traffic.keywords import KeywordExtractor


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("桌面云打不开了怎么办", ["桌面云"]),
        ("怎么重置密码", ["重置", "密码"]),
        ("弹性云服务器和云服务器", ["弹性云服务器", "云服务器"]),
        ("VPN断开", ["VPN", "断开"]),
        ("how do I reset the café password?", ["reset", "café", "password"]),
        ("cafe\u0301 menu", ["cafe\u0301", "menu"]),
        ("ลืมรหัสผ่าน", ["ลืมรหัสผ่าน"]),
        ("👩‍👧 ???", []),
        ("", []),
        ("Wi-Fi_setup", ["Wi-Fi", "setup"]),
    ],
)
def test_keywords_of_a_question(question, keywords):
    """Known words first, the longest of them; then what stands between stop words, marks included."""
    extract = KeywordExtractor(["桌面云", "云服务器", "弹性云服务器", "密码", "VPN"])

    assert extract(question) == keywords
