"""What some users always write otherwise: words of the same sound, as input methods offer them, numbers, and
words in Latin letters.

`mockcbs.traffic.words.spelling` says which of them are read as the usual words.
"""

import re
from functools import cache

import numpy as np

from mockcbs.traffic.bits import Words
from mockcbs.traffic.turns import Ints

_MIXER, _ALL = 0xD6E8FEB86659FD93, 0xFFFFFFFFFFFFFFFF
_HABITS = (
    (78, "登录/登陆"),
    (70, "账号/帐号 账户/帐户 账单/帐单 到账/到帐 转账/转帐 出账/出帐"),
    (11, "哪里/那里 在哪/在那 哪个/那个 哪些/那些 哪天/那天 哪儿/那儿"),
    (14, "慢得/慢的 卡得/卡的 来得及/来的及 记得/记的 觉得/觉的 显得/显的 突然地/突然的"),
    (10, "再试/在试 再说/在说 再等/在等 再问/在问 再发/在发 再买/在买 再弄/在弄 再来/在来"),
    (9, "怎么做/怎么作 能做/能作 要做/要作 做什么/作什么 做完/作完 没做/没作"),
    (8, "好像/好象 图像/图象 摄像/摄象 像是/象是"),
    (6, "已经/己经 自己/自已"),
    (12, "其他/其它 优惠券/优惠卷 领券/领卷 用券/用卷"),
    (128, "双十一/双11 双十二/双12"),
    (210, "Wi-Fi/WiFi"),
)
"""The number of 256 users who have each habit, and words with what they write for them. The last ones are no
mistakes: most users write so.
"""
_SMALL = 120
"""The number of 256 users who write vpn for VPN."""
_LATIN = re.compile("(?<![A-Za-z0-9{])(?:[A-Z]{2,4}|WiFi)(?![A-Za-z0-9])")


def habits_of(words: Words) -> Ints:
    """The habits of the users with these random words, as bits."""
    found = np.zeros(len(words), np.int64)
    for place, share in enumerate((*(share for share, _ in _HABITS), _SMALL)):
        drawn = (words * np.uint64(_MIXER * (2 * place + 1) & _ALL) >> np.uint64(56)).astype(np.int64)
        found |= (drawn < share).astype(np.int64) << place
    return found


def spelled(text: str, habits: int) -> str:
    """*text* as a user with these *habits* writes it."""
    words = _words(habits)
    text = words[0].sub(lambda found: words[1][found[0]], text) if words else text
    return _LATIN.sub(lambda found: found[0].lower(), text) if habits >> len(_HABITS) & 1 else text


@cache
def _words(habits: int) -> tuple[re.Pattern[str], dict[str, str]] | None:
    wrong = dict(
        entry.split("/")
        for place, (_, entries) in enumerate(_HABITS)
        if habits >> place & 1
        for entry in entries.split()
    )
    return (re.compile("|".join(wrong)), wrong) if wrong else None
