"""The keywords of a question."""

import re
import unicodedata
from collections.abc import Sequence

_STOP_WORDS = (
    "怎么办 怎么样 怎么 怎样 如何 为什么 什么 哪里 哪儿 哪些 哪个 多少 几个 是不是 能不能 可不可以 可以 能否 "
    "请问 帮我 我想 我要 我的 你们 我们 一下 有没有 需要 应该 还是 或者 以及 然后 但是 因为 所以 "
    "the an is are to of in on for and or my me you it how what why where when do does can please"
).split()
_STOP_CHARACTERS = "的了吗呢吧啊呀和与在是有不没就都也还又把被给让从到对我你他她它这那个"
_STOP = re.compile(
    "|".join(rf"\b{word}\b" if word.isascii() else word for word in _STOP_WORDS) + rf"|[{_STOP_CHARACTERS} ]",
    re.IGNORECASE,
)


class KeywordExtractor:
    """Finds the keywords of a question: known words first, then the texts between stop words."""

    _LENGTHS = range(2, 13)

    def __init__(self, lexicon: Sequence[str]) -> None:
        longest_first = sorted(lexicon, key=len, reverse=True)
        self._known = re.compile(f"({'|'.join(map(re.escape, longest_first))})") if lexicon else None

    def __call__(self, question: str) -> list[str]:
        """The keywords in the order of their appearance; a repeated keyword appears repeatedly."""
        pieces = self._known.split(question) if self._known else [question]
        found: list[str] = []
        for position, piece in enumerate(pieces):
            if position % 2:
                found.append(piece)
            else:
                found += [word for word in _STOP.split(_letters(piece)) if len(word) in self._LENGTHS]
        return found


def _letters(text: str) -> str:
    """*text* with blanks in place of everything but letters, marks, digits and hyphens."""
    return "".join(
        character if unicodedata.category(character)[0] in "LMN" or character == "-" else " "
        for character in text
    )
