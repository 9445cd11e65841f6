"""Words that users replace by others of the same meaning, and where.

A word such as 怎么 has several meanings (how, why), and is a part of phrases (怎么回事) that have other
synonyms. So each entry states what has to stand before and after its word, and only has synonyms that read
well there.
"""

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
"""No verb or adverb that belongs to the word, so that 要, 该 or 到底 can stand before it."""
_ACTS = rf"{_WORDS}(?![样着了啦个说会能可是才就这那都又老总])"
"""What follows 怎么 in the meaning of how."""
_REASON = (
    "(?=还[没不在要是能会有]|[没不又]|变(?!更)|突然|老是|总是|一直|这么|那么|是|会|少了|多了"
    rf"|[{_HAN}]{{1,2}}不)"
)
"""What follows 怎么 in the meaning of why."""
_ACHIEVES = (
    "(?=申请|取消|修改|更改|更换|预约|挂号|报名|登录|绑定|解锁|找回|重置|恢复|开通|转移|转包月|转专业|报销|办理|联系|"
    "退[货课号钱]|换[货宿]|领用|成为|上网|连接|连手机|下载|安装|充值|访问|续[借期费]|补[办签]|挂失|选课|打印|投屏|"
    "请假|请病假|开发票|开在读|导出|扩容|重启|回家|删除|迁回|订去|复印|变更|升级)"
)
"""What users have trouble to achieve, so that 怎样才能 fits."""
_THINGS = rf"(?=[{_HAN}]{{2}})(?![样用事的都也人不好]|时候|意思|情况|关系|地方)"
"""A noun after 什么."""
_CAN = rf"{_WORDS}(?![吗的了啊呀吧呢么]|不可以)"
_FAILS = "(?<![还都也总老就又直然天是再才在么])"
"""No adverb before a verb that fails."""
_STARTS = rf"(?<![{_HAN}}}])"
"""The start of a clause."""

CHINESE_FILLERS = (
    Filler("怎么回事", ("咋回事", "啥情况", "什么情况", "怎么个情况"), "(?<!不)", _ENDS),
    Filler("怎么样", ("咋样", "怎样"), "(?<!不)", _ENDS),
    Filler("怎么了", ("咋了",), "(?<!不)", _ENDS),
    Filler(
        "怎么办",
        ("咋办", "咋整", "怎么弄", "该怎么办", "怎么搞", "咋弄", "要怎么办", "怎么破", "如何是好"),
        _FREE,
        _ENDS,
    ),
    Filler("怎么办", ("咋办", "咋整", "怎么弄", "怎么搞"), "(?<!不)", _ENDS),
    Filler("怎么", ("咋", "为什么", "为啥"), "(?<!不)", _REASON),
    Filler("怎么", ("咋", "到底怎么"), _FREE, "(?=说)"),
    Filler(
        "怎么",
        ("咋", "如何", "怎样", "要怎么", "该怎么", "到底怎么", "怎样才能", "怎么才能"),
        _FREE,
        _ACHIEVES,
    ),
    Filler("怎么", ("咋", "如何", "怎样", "要怎么", "该怎么", "到底怎么"), _FREE, _ACTS),
    Filler("怎么", ("咋", "如何", "怎样"), "(?<!不)", _ACTS),
    Filler("如何", ("怎么样", "咋样"), "(?<!不)", _ENDS),
    Filler("如何", ("怎么", "怎样", "咋", "要怎么", "该如何"), _FREE, rf"{_WORDS}(?!才|是好)"),
    Filler("如何", ("怎么", "怎样", "咋"), "", rf"{_WORDS}(?!是好)"),
    Filler("怎样", ("怎么样", "咋样", "如何"), "(?<!不)", _ENDS),
    Filler("怎样", ("怎么", "如何", "咋"), "(?<!不)", rf"{_WORDS}(?!的)"),
    Filler("在哪里", ("在哪", "在哪儿", "在啥地方", "到底在哪里"), "(?<![现正存都不底是])"),
    Filler("在哪里", ("在哪", "在哪儿"), "(?<![现正存不])"),
    Filler("哪里", ("哪儿", "哪", "什么地方"), "(?<=[去到从往])", "(?!人)"),
    Filler("哪里", ("哪儿", "什么地方"), "", "(?!人)"),
    Filler("为什么", ("为啥", "为何"), "", _ENDS),
    Filler("为什么", ("为啥", "怎么", "为何", "凭啥", "到底为什么"), _FREE, "(?=不[能让给行]|不可以)"),
    Filler("为什么", ("为啥", "怎么", "为何", "到底为什么"), _FREE, "(?=[不没被还我会又总])"),
    Filler("为什么", ("为啥", "为何", "凭啥", "到底为什么"), _FREE, "(?=要)"),
    Filler("为什么", ("为啥", "为何")),
    Filler("能不能", ("可以不可以", "可不可以", "能否", "是不是可以"), _FREE, rf"{_WORDS}(?![行够吗呢])"),
    Filler("什么时候", ("啥时候", "几时", "到底什么时候", "哪天"), _FREE),
    Filler("什么时候", ("啥时候",)),
    Filler("什么情况", ("啥情况", "怎么回事", "咋回事"), "(?<![有种])", _ENDS),
    Filler("什么", ("啥", "哪些", "什么样的"), "(?<=[有要])(?<!没有)", _THINGS),
    Filler("什么", ("啥", "什么样的"), "(?<=用)", _THINGS),
    Filler("什么", ("啥",), "(?<!为)", "(?!的)"),
    Filler("可以", ("能", "能够"), "(?<!不)", _CAN),
    Filler("可以", ("能",), "(?<!可以不)", _CAN),
    Filler("帮我", ("给我", "麻烦帮我", "请帮我", "帮忙"), _STARTS, "(?![的们])"),
    Filler("帮我", ("帮忙",), "", "(?=[代查看订写接转改找])"),
    Filler("打不开", ("又打不开",), _FAILS, "(?=了)"),
    Filler("打不开", ("开不了", "一直打不开", "老打不开", "又打不开"), _FAILS, "(?!了)"),
    Filler("打不开", ("开不了",), "", "(?!了)"),
    Filler("连不上", ("连接不上", "又连不上"), _FAILS, "(?=了)"),
    Filler("连不上", ("连接不上", "一直连不上", "老是连不上", "又连不上"), _FAILS, "(?!了)"),
    Filler("连不上", ("连接不上",)),
    Filler("多久", ("几天", "多长时间", "多少天"), "(?<![不没])"),
    Filler("是不是", ("是否", "会不会是"), "(?<!会)", "(?=[出被坏我你网]|系统)"),
    Filler("是不是", ("是否",), "", _WORDS),
)

ENGLISH_FILLERS = (
    Filler("how do i", ("how can i", "how to", "how would I", "how i", "what is the way to", "how do you")),
    Filler("how can i", ("how do i", "how to", "how could I", "is there a way to")),
    Filler("cannot", ("can't", "cant", "can not", "am not able to")),
    Filler("can i", ("could i", "may I", "is it possible to")),
    Filler("where", ("where exactly", "where on earth", "were")),
    Filler("why", ("why on earth", "how come")),
    Filler("please", ("pls", "plz")),
    Filler("what is", ("what's", "whats", "tell me what is")),
    Filler("does", ("does", "dose")),
    Filler("the", ("teh", "the", "this")),
)
