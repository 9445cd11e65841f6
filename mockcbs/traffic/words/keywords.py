"""The keywords of a question."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.words.spelling import usual

_STOP_WORDS = (
    "怎么办 怎么样 怎么 怎样 如何 为什么 什么 哪里 哪儿 哪些 哪个 多少 几个 是不是 能不能 "
    "可不可以 可以 能否 "
    "请问 帮我 我想 我要 我的 你们 我们 一下 有没有 需要 应该 还是 或者 以及 然后 但是 因为 "
    "所以 "
    "我是问 我问 我说 麻烦 咋弄 咋办 咋回事 咋 回事 好像 出问题 人管 找谁 谁能 特别 总是 老是 "
    "一直 突然 半天 已经 不冷 多少度 今天 明天 后天 昨天 请教 想问 问下 您好 你好 谢谢 多谢 感谢 "
    "在吗 在不在 着急 很急 急用 在线等 不好意思 打扰 拜托 求助 到底 究竟 才能 该怎么 怎么弄 "
    "怎么搞 咋整 为何 啥 答得 听懂 很多人 不小心 "
    "看懂 说详细点 在哪看 你确定 别的办法 要等 知道了 "
    "意思 没关系 非常 上面 搞错 理解错 看错 "
    "不好用 没反应 关于 弄不明白 什么情况 了解下 又不行 有点 这边 找谁弄 "
    "用着用着 打不开 不了 不上 不到 不出 不够 不对 不好 为啥 想要 能做 没有别的 几点 多久 多长 "
    "多少钱 哪一 第几 下次再聊 拜拜 再见 "
    "the an is are to of in on for and or my me you it how what why where when do does can please "
    "we our us your they them be been was were have has had with without from by at as this that "
    "these those there here not no new get got gets could should would will did after before into "
    "about too so still any all some who which than then also just want need mean help something "
    "somebody nobody am if long many much more most out up off one ok yes own make use uses used "
).split()
_PARTICLES = "的了吗呢吧啊呀哦 "
_IN_WORDS = "和与在是有不没就都也还又把被给让从到对我你他她它这那个"
"""Stop words of one character that also occur in words: the text beside one may be half a word."""
_CHINESE = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
"""Matches a letter, which every word has: a number alone is not a word."""


def _any_of(words: Iterable[str], *, whole: bool = False) -> str:
    """A pattern of any of *words*; of several at one place it finds the one that stands first.

    The words with the same first letter stand together, so that a text is not compared with hundreds of words
    at every place. *whole* means that a word in Latin letters is not part of a longer one.
    """
    rests: dict[str, list[str]] = {}
    for word in words:
        after = "(?![A-Za-z])" * (whole and word[-1].isascii())
        rests.setdefault(word[0], []).append(re.escape(word[1:]) + after)
    groups = (
        f"{'(?<![A-Za-z])' * (whole and first.isascii())}{re.escape(first)}(?:{'|'.join(same)})"
        for first, same in rests.items()
    )
    return f"(?=[{re.escape(''.join(rests))}])(?:{'|'.join(groups)})"


_STOP = re.compile(
    rf"{_any_of(word for word in _STOP_WORDS if not word.isascii())}"
    rf"|(?i:\b{_any_of(word for word in _STOP_WORDS if word.isascii())}\b)"
    rf"|[{_PARTICLES}]|(?P<doubt>[{_IN_WORDS}])"
)


_LOG_LINE = re.compile(
    r"^(?:\d{4}-\d\d-\d\d[ T]\d|\s+at |\s+\.\.\. |Caused by: |[\w.]+(?:Exception|Error): ).*$", re.MULTILINE
)
"""Matches a line of a log, whose names are not words of the user."""
_MAX_KNOWN = 0x10000
"""The characters below this are remembered; there are a million others, and clients may send them all."""


class _Letters(dict[int, int]):
    """For `str.translate`: a blank for every character that is not a letter, mark, digit or hyphen."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        kept = unicodedata.category(character)[0] in "LMN" or character == "-"
        letter = code if kept else ord(" ")
        if code < _MAX_KNOWN:
            self[code] = letter
        return letter


_LETTERS = _Letters()


class KeywordExtractor:
    """Finds the keywords of a question: the known words in it, and names such as VPN.

    Words that many users write wrong, such as 登陆, count as the usual ones, as do vpn for VPN and
    wifi for Wi-Fi.
    The lines of a log in a question have none.
    In a question without known words and names, keywords are guessed: the texts between stop words. A guess
    may be half a word, because Chinese has no blanks.
    """

    _LENGTHS = range(2, 13)

    def __init__(self, lexicon: Sequence[str]) -> None:
        words = dict.fromkeys(map(usual, lexicon))
        typed = {word.replace("-", ""): word for word in words if word.isascii()}
        typed |= zip(words, words, strict=True)
        known = f"({_any_of(sorted(typed, key=len, reverse=True), whole=True)})"
        self._known = re.compile(known, re.IGNORECASE) if lexicon else None
        self._words = {text.lower(): word for text, word in typed.items()} | typed
        """The known words by how users type them, also in small letters and without hyphens."""

    def __call__(self, question: str) -> list[str]:
        """The keywords in the order of their appearance; a repeated keyword appears repeatedly."""
        found = self._found(question)
        return [word for word, sure in found if sure] or [word for word, _ in found]

    def certain(self, question: str) -> list[str]:
        """The same without guesses."""
        return [word for word, sure in self._found(question) if sure]

    def is_certain(self, question: str) -> bool:
        """Whether *question* has a keyword that is not a guess."""
        return any(sure for _, sure in self._found(question))

    def _found(self, question: str) -> list[tuple[str, bool]]:
        if "\n" in question:
            question = _LOG_LINE.sub("", question)
        question = usual(question)
        pieces = self._known.split(question) if self._known else [question]
        found: list[tuple[str, bool]] = []
        for position, piece in enumerate(pieces):
            if position % 2:
                found.append((self._words.get(piece) or self._words.get(piece.lower(), piece), True))
            else:
                found += self._between(piece.translate(_LETTERS))
        return found

    def _between(self, text: str) -> Iterator[tuple[str, bool]]:
        """The texts between stop words, and whether each certainly is a whole word."""
        begin, sure = 0, True
        for stop in _STOP.finditer(text):
            beside = stop["doubt"] is None
            yield from self._piece(text[begin : stop.start()], sure=sure and beside)
            begin, sure = stop.end(), beside
        yield from self._piece(text[begin:], sure=sure)

    def _piece(self, text: str, *, sure: bool) -> Iterator[tuple[str, bool]]:
        """Return *text* if it can be a word."""
        if len(text) in self._LENGTHS and _LETTER.search(text):
            yield text, sure and not text.islower() and not _CHINESE.search(text)


@lru_cache(maxsize=8)
def extractor_of(knowledge: KnowledgeBase) -> KeywordExtractor:
    """What finds the keywords of a knowledge base; shared by all mocks of a process."""
    return KeywordExtractor(knowledge.lexicon)
