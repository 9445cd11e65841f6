"""Words that users replace by others of the same meaning, and where.

A word such as 怎么 has several meanings (how, why), and is a part of phrases (怎么回事) that have other
synonyms. So each entry states what has to stand before and after its word, and only has synonyms that read
well there.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Filler(NamedTuple):
    """A word that is no keyword, with its synonyms in one context.

    Of two fillers that match at one place, the first one counts.
    """

    word: str
    others: tuple[str, ...]
    before: str = ""
    """A regular expression, without width, of what stands before the word."""
    after: str = ""
    """A regular expression, without width, of what stands after the word."""


_HAN = r"\u3400-\u9fff"
_ENDS = rf"(?=[啊呀呢]?(?![{_HAN}{{]))"
"""The end of a clause, or a particle that ends it."""
_WORDS = rf"(?=[{_HAN}A-Za-z{{])"
"""More words of the same clause."""
_FREE = "(?<![不要该能想会得才底是都还就])"
"""No verb or adverb that belongs to the word, so that 要 can stand before it."""
_ACTS = rf"{_WORDS}(?![样着了啦个说会能可是才就这那都又老总])"
"""What follows 怎么 in the meaning of how."""
_REASON = (
    "(?=还[没不在要是能会有]|[没不又]|变(?!更)|突然|老是|总是|一直|这么|那么|是|会|少了|多了"
    rf"|[{_HAN}]{{1,2}}不)"
)
"""What follows 怎么 in the meaning of why."""

CHINESE_FILLERS = (
    Filler("怎么回事", ("咋回事", "什么情况", "啥情况"), "(?<!不)", _ENDS),
    Filler("怎么办", ("咋办", "咋整", "怎么弄", "怎么搞"), "(?<!不)", _ENDS),
    Filler("怎么", ("咋", "为什么", "为啥"), "(?<!不)", _REASON),
    Filler("怎么", ("咋", "如何", "要怎么"), _FREE, _ACTS),
    Filler("如何", ("怎么", "咋"), "", rf"{_WORDS}(?!是好|才)"),
    Filler("在哪里", ("在哪", "在哪儿"), "(?<![现正存不])"),
    Filler("哪里", ("哪儿", "哪"), "(?<=[去到从往])", "(?!人)"),
    Filler("为什么", ("为啥", "怎么"), _FREE, "(?=[不没被还又])"),
    Filler("为什么", ("为啥",)),
    Filler("能不能", ("可不可以", "能否"), _FREE, rf"{_WORDS}(?![行够吗呢])"),
    Filler("什么时候", ("啥时候", "几号"), "", "(?=到账|发工资)"),
    Filler("什么时候", ("啥时候",)),
    Filler("什么", ("啥",), "(?<!为)", "(?!的)"),
    Filler("多久", ("多长时间",), "(?<![不没])"),
    Filler("可以", ("能",), "(?<![不也还都])", rf"{_WORDS}(?![吗的了啊呀吧呢么]|不可以)"),
    Filler("没有", ("没",), "(?<!有)", "(?=收到|声音|信号|反应)"),
    Filler("里的", ("里面的", "里头的")),
    Filler("取不出来", ("拿不出来", "弄不出来", "抽不出来")),
    Filler("打不开", ("开不了", "点不开"), "", _ENDS),
    Filler("一直", ("老是", "总是"), "", "(?=提示|报|显示|失败|转|连|没|不)"),
    Filler("特别", ("超级", "太", "好"), "", "(?=慢|卡)"),
    Filler("突然", ("忽然", "一下子"), "", _WORDS),
    Filler("的时候", ("时",), "(?<![么有])", _WORDS),
    Filler("自己", ("自个儿",), "(?<![到我你他])", "(?=[付装选做])"),
    Filler("半天", ("好久", "老半天"), "", _ENDS),
    Filler("吗", ("嘛", "么", "不"), "(?<=[\u3400-\u9fff])(?<![了过的没行有好不])", "$"),
)

ENGLISH_FILLERS = (
    Filler("How do I", ("how do i", "how do I", "How can I", "how can i", "how to")),
    Filler("how do I", ("how do i", "how can I", "how can i", "how to", "what is the way to")),
    Filler("Why do I", ("why do I", "why do i", "how come I")),
    Filler("Where do I", ("where do I", "where do i", "where can I")),
    Filler("What is", ("what is", "what's", "whats")),
    Filler("what is", ("what's", "whats")),
    Filler("where is", ("where's", "wheres")),
    Filler("Can I", ("can I", "can i", "could I", "is it possible to")),
    Filler("can I", ("can i", "could I", "is it possible to", "am I able to")),
    Filler("can't", ("cannot", "cant", "can not")),
    Filler("cannot", ("can't", "cant", "can not")),
    Filler("does not", ("doesn't", "doesnt")),
    Filler("do not", ("don't", "dont")),
    Filler("please", ("pls", "plz")),
    Filler("Is there", ("is there", "do you have")),
    Filler("is there", ("do you have",)),
)


def pattern(fillers: Iterable[Filler], *, whole: bool) -> re.Pattern[str]:
    """A pattern with a group for each of *fillers*; only whole words in a language with blanks."""
    edge = r"\b" if whole else ""
    return re.compile("|".join(f"{one.before}{edge}({one.word}){edge}{one.after}" for one in fillers))
