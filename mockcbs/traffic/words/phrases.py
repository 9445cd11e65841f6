"""What users say before and after their questions, in Chinese and English; frequent phrases come first.

Openings end with a punctuation mark or a blank, and closings begin with one or with a particle, so that no
new word arises. Names in braces are replaced: ``n`` by a small number, ``day`` by a past day of the month,
``ago`` by how many days ago that was and ``due`` by a future day, ``hour`` by a later hour, ``greeting`` and
``good_day`` by a greeting of that time of the day.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from mockcbs.traffic.words.fillers import CHINESE_FILLERS, ENGLISH_FILLERS, Filler
from mockcbs.traffic.words.kinds import Kind

End = Literal["particle", "mark", "number", "fault", "plain"]
"""How a text ends, which decides the closings that fit."""

_PARTICLES = "吗呢啊呀吧啦嘛哦"
_FAULT = re.compile(
    r"(不[上到出来进开动亮灵]|没反应|没有?声音|没有?信号|失败|断开|掉线|黑屏|蓝屏|死机|卡住|卡纸)$"
)
_ONCE = tuple(map(re.compile, (
    "急", "谢|thank|thx|cheers|appreciated| ty$", "麻烦|帮忙|帮个忙|帮帮忙", "pls|please",
    "问一下|问下|想问|问个|请问|请教|打听", "求助|求解|请教|指教", "分钟|天了|昨天|{n}天|{day}", "次",
    "没用|不行", "人知道|没找到|找半天|找了", "没写|说明", "提过|没人", "确认|问清楚|搞清楚|清楚",
    "听说|听人说", "让我|等", "给个",
)))  # fmt: skip
"""What users mention once in a text."""
_POLITE = re.compile(
    "请|您|你好|麻烦|打扰|不好意思|谢|🙏|抱拳|指教|拜托|please|thank|thx|cheers", re.IGNORECASE
)
_RUDE = re.compile(
    "快[点说]|啰嗦|垃圾|无语|真服|管不管|投诉|人话|服了|气死|烦死|破玩意|能不能行|没人管|怎么又"
    "|第几回|耽误|别再|给个|行不行|崩溃|看清楚|听明白"
    "|听不懂|看懂我|复制粘贴|没人答|到底有没有|joke|ridiculous|what a mess|already|seriously|not again"
)


_AT_FIRST = re.compile(
    "[你您]好|在吗|在不在|哈喽|打扰|求助|请教|有没有人|greeting|good_day|"
    r"分钟|^(hi|hello|hey)\b|excuse me|bother|help!|I am new",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"^第\{n\}次问|^还有|^另外|^对了|再问|^那|^哦，|^嗯，|又来了|按你说|还是不行|前面已经说|^也|上面没写|"
    r"^(and|also|ok|one more|again|still)\b",
    re.IGNORECASE,
)
"""Openings that only the first question of a session has, and those that only later ones have."""


_TRIED = re.compile("^(?!.*(怎么|如何|咋)(?!办|回事)).*(不[上了开进]|失败|报错|没反应)")
_RULE = re.compile("区别|规则|规定|标准|要求|条件|怎么算|要不要|需要|多久|多少|几")
_PROCESS = re.compile("申请|办|开通|绑定|设置|配置|安装|重置|备案|预约|创建|充|发票|导出|扩容|重装")
_LASTING = re.compile("^(?!.*(多久|多长|几天|什么时候)).*(申请|办|开通|审批|退|换|补|备案|重装|扩容)")
_FITTING = {
    "，试过重新弄没用": _TRIED,
    "，按步骤做了没用": _TRIED,
    "，一直没搞清楚": _RULE,
    "，说法不一样": _RULE,
    "，要多久": _LASTING,
    "，有教程吗": _PROCESS,
    "，有没有快一点的办法": _PROCESS,
}
"""Closings that only follow some questions: what can fail was tried again, and only a rule is unclear."""


def unfit(text: str) -> frozenset[str]:
    """The closings that do not fit what *text* asks."""
    return frozenset(closing for closing, fitting in _FITTING.items() if not fitting.search(text))


def end_of(text: str) -> End:
    """How *text* ends: with a particle, a mark, a letter or digit, a verb that fails, or otherwise."""
    last = text[-1:]
    if last in _PARTICLES:
        return "particle"
    if last.isascii() and last.isalnum():
        return "number"
    if not last.isalnum():
        return "mark"
    return "fault" if _FAULT.search(text) else "plain"


def fits(end: End, closing: str) -> bool:
    """Whether *closing* can follow a text with that *end*.

    No particle or mark follows another; 了 follows only what has just failed.
    """
    first = closing[0]
    if end == "mark":
        return (first.isspace() and "?" not in closing) or first == "[" or ord(first) > _EMOJI
    if first in _PARTICLES:
        return end in ("fault", "plain")
    return first != "了" or end == "fault"


@lru_cache(4096)
def topics(text: str) -> frozenset[int]:
    """The numbers of those among the things that are mentioned only once that *text* mentions."""
    return frozenset(place for place, stem in enumerate(_ONCE) if stem.search(text))


_NEW = re.compile("新来|第一次|刚刚|不太[懂熟]|I am new|first time|just noticed")
_OLD = re.compile(
    "次|之前|几回|天了|昨天|提过|投诉|没人管|还是|又|days|twice|times|third|before|since|again|last week"
)
"""What only newcomers say, and what only those say who have known a trouble for long."""


@lru_cache(4096)
def clash(opening: str, closing: str) -> bool:
    """Whether both say the same, or they contradict: one is polite and the other one rude, or one says that
    something is new and the other one that it is not.
    """
    if topics(opening) & topics(closing):
        return True
    if (_NEW.search(opening) and _OLD.search(closing)) or (_OLD.search(opening) and _NEW.search(closing)):
        return True
    return (is_polite(opening) and is_rude(closing)) or (is_rude(opening) and is_polite(closing))


@lru_cache(4096)
def is_polite(text: str) -> bool:
    """Whether *text* contains polite words."""
    return _POLITE.search(text) is not None


@lru_cache(4096)
def is_rude(text: str) -> bool:
    """Whether *text* contains impatient or rude words."""
    return _RUDE.search(text) is not None


def is_emoji(text: str) -> bool:
    """Whether *text* ends with an emoji."""
    return ord(text[-1:] or " ") > _EMOJI


def smiles(text: str) -> bool:
    """Whether *text* ends with a smile or praise, which no complaint does."""
    return text.endswith(("👍", "😂", "😊", ":)"))


def begs(text: str) -> bool:
    """Whether *text* thanks or requests something, so that 🙏 fits."""
    return _BEGS.search(text) is not None


_BEGS = re.compile("谢|麻烦|拜托|辛苦|求|帮|转人工|thank|thx|please|pls|help|cheers", re.IGNORECASE)
_AWAITED = re.compile("还没|还不(?!行)|没(到|收到|动静|更新)|不到账|这么慢|not arrive|has not|where is my")
_SUDDEN = re.compile(
    "还好好的|刚刚发现|刚才又|试了|试过|重新|每次都一样|按你说|按步骤|就发现了|worked|was fine|tried|noticed"
)
"""What is late, and what users do not say of it: it has not broken down, and cannot be tried again."""


def awaits(text: str) -> bool:
    """Whether *text* is about something that has not come yet."""
    return _AWAITED.search(text) is not None


def is_sudden(text: str) -> bool:
    """Whether *text* tells of something that has broken down, or was tried again."""
    return _SUDDEN.search(text) is not None


@lru_cache(4096)
def fits_place(opening: str, *, first: bool) -> bool:
    """Whether *opening* (or a closing) fits the *first* question of a session, or else a later one.

    Users greet once, and refer to earlier questions only when there are some. Only who has already asked
    something loses patience.
    """
    if first and is_rude(opening):
        return False
    return (_LATER if first else _AT_FIRST).search(opening) is None


_EMOJI = 0x1F000


class Phrases(NamedTuple):
    """The phrases of one language."""

    openings_of_questions: tuple[str, ...]
    openings: tuple[str, ...]
    """Openings before statements, such as that something is broken."""
    circumstances: Mapping[Kind, tuple[str, ...]]
    """Openings before both."""
    closings_of_questions: tuple[str, ...]
    closings: tuple[str, ...]
    reactions: tuple[str, ...]
    """Closings after statements that something is broken."""
    afterthoughts: Mapping[Kind, tuple[str, ...]]
    """Closings after both."""
    marks: tuple[str, ...]
    """Closings after short remarks."""
    fillers: tuple[Filler, ...]


CHINESE_PHRASES = Phrases(
    openings_of_questions=tuple((
        "请问 请问一下， 你好， 想问下， 您好， {greeting}， 你好，请问 问一下， 请教一下， 麻烦问下， "
        "还有， 再问一下， 您好，请问一下， 在吗， 不好意思， 你好。 另外， 想问问， 嗯， 我想问一下， "
        "对了， 在吗？ 哈喽， 打扰了， 你好！ 那请问"
    ).split()),
    openings=tuple((
        "你好， 您好， 在吗， {greeting}， 不好意思， 您好！ 在吗？ 在不在， 你好。 打扰了， 嗯， 那个， "
        "还有， "
        "对了， 另外，"
    ).split()),
    circumstances={
        "trouble": tuple((
            "试了几次都不行， 刚刚发现， 昨天还好好的， 麻烦看下， 有点着急， 帮忙看一下， 搞半天了， 急！ "
            "等了{n}分钟了， "
            "刚才又这样了， 急急急！ 上次也遇到过， 从{day}号开始， 都{n}天了， 之前问过没解决， "
            "同样的情况， "
            "重新试过了， {day}号提过一次， 急用， 按你说的做了还是不行， "
            "{day}号还好好的，今天早上过来就不行了， 试了{n}次，每次都一样， "
            "从{day}号到现在一直这样，弄了{n}次了， "
            "服了， 怎么又这样， 气死了， 到底能不能行， 你们管不管啊， 第{n}次问了， 有没有人啊，"
        ).split()),
        "mishap": tuple((
            "刚刚发现， 麻烦看下， 有点着急， 上次也遇到过， 哎， 之前问过没解决， {day}号就发现了， "
            "{day}号提过一次， 帮忙看一下， "
            "{day}号到今天都{ago}天了， 服了， 怎么又这样， 气死了， 你们管不管啊， 第{n}次问了， "
            "有没有人啊，"
        ).split()),
        "where": tuple((
            "找半天没找到， 第一次来， 帮别人问的， 问了一圈没人知道， 我不太熟， 找了{n}分钟了，"
        ).split()),
        "how": tuple((
            "第一次弄， 没找到入口， 看了说明没看懂， 我不太懂这个， 帮别人问的， 上次弄过忘了， "
            "找半天没找到， 弄到第{n}步卡住了，"
        ).split()),
        "fact": tuple((
            "确认一下， 帮别人问的， 想先了解下， 上面没写清楚， 打听一下， 想问清楚，"
        ).split()),
        "task": tuple((
            "麻烦一下， 帮个忙， 问个事， 第一次弄， 不太会， 帮别人问的，"
        ).split()),
        "other": tuple((
            "是这样， 说个事， 有个事， 麻烦一下， 帮个忙， 问个事，"
        ).split()),
    },
    closings_of_questions=tuple((
        "？ ? 呢 呢？ ，谢谢 啊 。 ？？ ？谢谢 呀 ?? … ，谢谢啦 ～ 呀？ 😂 ？？？ ，麻烦了 啊？ "
        "，多谢 ，谢了 🤔 。。。 ！"
    ).split()),
    closings=tuple((
        "。 ！ … 。。 ～ ？"
    ).split()),
    reactions=tuple((
        "，怎么办 了 ，怎么回事 ，为什么 ，啥情况 ，能处理吗 ，什么原因 ，咋整 ，崩溃"
    ).split()),
    afterthoughts={
        "trouble": tuple((
            "！！ ，急 ，帮忙看下 ，比较急 ，麻烦看一下 😭 ，今天要用 ，试过重新弄没用 ，今天能好吗 "
            "，在线等 [流泪] "
            "，{hour}点前要 ，已经第{n}次了 ，求助 ！！！ ，我这边很急 ，按步骤做了没用 "
            "，等了{n}天了 [捂脸] ，最好今天 ，无语 "
            "，没人管吗 ，再不弄好我要投诉了 ，到底管不管 ，耽误事 ，别再让我等了 ，这都第几回了 ，快点 "
            "，真服了"
        ).split()),
        "mishap": tuple((
            "，麻烦看一下 ！！ ，急 ，帮忙看下 ，比较急 😭 ，今天能处理吗 [流泪] ，帮帮忙 ，已经第{n}次了 "
            "，等了{n}天了 ！！！ [捂脸] ，无语 ，没人管吗 ，再不弄好我要投诉了 ，到底管不管 ，耽误事 "
            "，别再让我等了 ，这都第几回了 ，真服了"
        ).split()),
        "where": tuple((
            "，谢谢 ，上面没写 ，找半天了 ，没看到 ，麻烦了 ，有人知道吗 ，问了几个人都说不知道 ，第一次来"
        ).split()),
        "how": tuple((
            "，谢谢 ，有教程吗 ，谢谢🙏 ，能说详细点吗 ，麻烦了 ，有没有快一点的办法 ，上面没写 ，要多久 "
            "，不太会弄 ，求解答"
        ).split()),
        "fact": tuple((
            "，想确认下 ，上面没写 ，一直没搞清楚 ，不太确定 ，有人知道吗 ，说法不一样"
        ).split()),
        "task": tuple((
            "，怎么弄 ，谢谢 ，麻烦了 ，咋弄 ，谢谢！ ，麻烦了🙏 ，多谢 ，要什么手续 ，麻烦您了 "
            "，谢谢啦 ，找谁"
        ).split()),
        "other": tuple((
            "，谢谢 ，麻烦了 ，谢谢！ ，谢谢🙏 ，多谢 ，麻烦您了 ，谢谢啦"
        ).split()),
    },
    marks=tuple((
        "。 ！ ～ … ？ ? 🙏 😂 😊 . ~ 。。 👍 😅"
    ).split()),
    fillers=CHINESE_FILLERS,
)  # fmt: skip

ENGLISH_PHRASES = Phrases(
    openings_of_questions=(
        "hi, ", "hello, ", "hey, ", "hi ", "quick question: ", "hi there, ", "hey ", "please, ",
        "just wondering, ", "excuse me, ", "sorry, ", "ok, ", "and ", "also, ", "one more thing: ",
        "um, ", "{good_day}, ", "can you tell me, ", "sorry to bother you, ", "hello! ", "so ",
        "any idea, ", "hey guys, ",
    ),
    openings=(
        "hi, ", "hello, ", "hey, ", "hi ", "sorry, ", "hi there, ", "ok, ", "hey ", "{good_day}, ",
        "so ", "um, ", "also, ", "hello? ", "hey guys, ",
    ),
    circumstances={
        "trouble": (
            "help! ", "I tried it twice, ", "it worked yesterday, ", "please help, ", "for {n} days now, ",
            "in a hurry, ", "since this week, ", "ugh, ", "third time now, ", "nobody answers, ", "urgent: ",
            "I asked before, ", "again: ", "still the same, ", "same as last week, ", "seriously, ",
            "this is ridiculous, ", "what a mess, ",
            "so it was fine last week, I changed nothing, then it stopped, I have tried {n} times since, ",
        ),
        "mishap": (
            "just noticed, ", "please help, ", "I asked before, ", "ugh, ", "in a hurry, ",
            "third time now, ", "nobody answers, ", "seriously, ",
        ),
        "where": (
            "I am new here, ", "I looked everywhere, ", "asking for a friend, ", "first time for me, ",
            "not sure where to look, ", "silly question, ",
        ),
        "how": (
            "I am new here, ", "I read the help page, ", "not sure where to start, ",
            "asking for a colleague, ", "first time for me, ", "I looked everywhere, ", "silly question, ",
        ),
        "fact": (
            "just to be sure, ", "asking for a friend, ", "before I decide, ", "somebody told me to ask, ",
            "in short: ", "silly question, ",
        ),
        "other": ("one thing, ", "quick one, ", "ok so ", "hey team, ", "hm, ", "one request, "),
    },
    closings_of_questions=(
        "?", "? thanks", " thanks", "??", ", thanks", " pls", ", please", "? thank you", " thx", "? pls",
        "...", ", thx", "?!", " ???", " :)", "? 😅", "? cheers", ", any idea", ", please 🙏", " ty",
    ),
    closings=(
        ".", "!", "...", "..", " ?", "…",
    ),
    reactions=(
        ", what now", ", why", ". any ideas?", ", pls fix", ", not again", ", how come",
    ),
    afterthoughts={
        "trouble": (
            ", please help", ", it is urgent", "!!", ", help", ", asap", " :(", ", I need it by {hour}",
            ", since yesterday", " 😭", ", for {n} people", "!!!", ", tried it {n} times",
            " asap", ", fix it already", ", this is a joke",
        ),
        "mishap": (
            ", please help", ", what can I do", " :(", ", since yesterday", ", it is urgent", "!!", ", asap",
            " 😭", ", fix it already", ", this is a joke",
        ),
        "where": (
            ", thanks", ", I can not find it", ", I looked everywhere", ", a link would do",
            ", not in the menu", ", it moved I think", ", keep it short",
        ),
        "how": (
            ", thanks", ", step by step please", ", thank you 🙏", ", how long does it take",
            ", who can do it", ", in detail please", ", not in the help page", ", is there a shortcut",
        ),
        "fact": (
            ", just to be sure", ", yes or no", ", in short", ", nobody could tell me", ", not clear to me",
            ", if you know",
        ),
        "other": (
            " pls", ", please", ", thanks in advance", " thx", ", thank you", " :)", ", when you can",
            ", please and thanks", ", cheers", ", much appreciated",
        ),
    },
    marks=(
        "!", ".", " :)", "...", " 🙏", " 😊", "?", "..", " 👍", " 😅",
    ),
    fillers=ENGLISH_FILLERS,
)  # fmt: skip
