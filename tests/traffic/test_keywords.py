"""What keywords are found in a question."""

import pytest

from mockcbs.traffic.keywords import KeywordExtractor


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
