"""What users say before and after their questions, in Chinese and English; frequent phrases come first.

Openings end with a punctuation mark or a blank, and closings begin with one or with a particle, so that no
new word arises. Names in braces are replaced: ``n`` by a small number, ``id`` by five digits, ``order`` by a
date and six digits, ``day`` by a day of the month, ``hour`` by an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language."""

    openings_of_questions: tuple[str, ...]
    openings: tuple[str, ...]
    """Openings before statements, such as that something is broken."""
    circumstances: tuple[str, ...]
    """Openings before both."""
    closings_of_questions: tuple[str, ...]
    closings: tuple[str, ...]
    afterthoughts: tuple[str, ...]
    """Closings after both."""
    marks: tuple[str, ...]
    """Closings after short remarks."""
    fillers: Mapping[str, tuple[str, ...]]
    """Synonyms of words that are not keywords."""


CHINESE_PHRASES = Phrases(
    openings_of_questions=tuple((
        "请问， 请问一下， 你好， 想问下， 您好， 你好，请问 问一下， 请教一下， 麻烦问下， 请问 那 "
        "还有， 那个… 嗯， 再问一下， 您好，请问一下， 在吗， 不好意思， 你好 另外， 想问问， 哦， "
        "hi， 我想问一下， 对了， 在吗？ 哈喽， 额， 求助： 请教： 打扰了， 你好！ 那请问， 急问： "
        "诶，"
    ).split()),
    openings=tuple((
        "你好， 您好， 在吗， 麻烦看下， 不好意思， 那个… 急！ 帮忙看一下， 还是不行， 哎， 您好！ "
        "又来了， 求助： 在吗？ 在不在， 打扰了， 我这边 现在 刚刚 你好 急急急！ 额， 嗯， 啊， "
        "麻烦了， 拜托，"
    ).split()),
    circumstances=tuple((
        "试了几次都不行， 我是新来的， 昨天还好好的， 有点着急， 搞了半天了， 看了说明没看懂， "
        "等了{n}分钟了， 刚才又出现了， 没找到入口， 上次也遇到过， 从{day}号开始， 工号{id}， "
        "弄了一早上， 群里没人回， 我不太懂这个， 提过一次没人处理， 单号{order}， 都{n}天了， "
        "之前问过没解决， 换了个浏览器也一样， 编号{id}， 第{n}次问了， 同样的情况， 重新试过了， "
        "比较急， 帮别人问的， 按你说的做了还是不行， {day}号提的， 忙了一天了， 我第一次用， "
        "刚入门， 急用， 上周就说过， 身边的人都不知道，"
    ).split()),
    closings_of_questions=tuple((
        "？ ? 呢 呢？ ，谢谢 啊 。 ？？ ？谢谢 ，谢谢！ 呀 ?? … ，谢谢啦 ～ 呀？ ，急 ？？？ "
        "，在线等 🙏 ？🙏 ，求解答 ，麻烦了 啊？ 😭 ，求助 [流泪] ，多谢 ，有人知道吗 ，请指教 "
        "，谢了 [抱拳] 🤔 ！ 😂 ，帮忙看下 ?谢谢 。。。"
    ).split()),
    closings=tuple((
        "。 ！ ，怎么办 了 ，谢谢 ！！ … ，怎么回事 啊 ，急 ，帮忙看下 😭 ，为什么 ，麻烦看一下 "
        "，在线等 ！！！ 。。 ，啥情况 ，谢谢！ ～ 😂 [流泪] ，求助 ，帮帮忙 🙏 ，无语 [捂脸] "
        "，能处理吗 ，崩溃 ，什么原因 ？ ，咋整 ，快点 ，真服了"
    ).split()),
    afterthoughts=tuple((
        "，比较急 ，{hour}点前要 ，一般要多久 ，下班前要用 ，要找谁 ，工号{id} ，单号{order} "
        "，试过重新弄没用 ，有教程吗 ，尽快 ，今天能好吗 ，（编号{id}） ，已经第{n}次了 ，要收费吗 "
        "，需要几天 ，大概要等多久 ，我这边很急 ，别让我看说明 ，{day}号要用 ，上面没写 "
        "，能说详细点吗 ，按步骤做了没用 ，有没有快一点的办法 ，一共{n}个人都这样 ，要走什么流程 "
        "，昨天就这样了 ，截图发不上来 ，等了{n}天了 ，最好今天 ，谁负责"
    ).split()),
    marks=tuple((
        "。 ！ ～ ！！ … ? ？ 呀 啊 😊 🙏 😂 . ~ 。。 哦"
    ).split()),
    fillers={
        "怎么办": ("咋办", "咋整", "怎么弄", "该怎么办", "怎么搞", "咋弄", "要怎么办", "怎么破"),
        "怎么": ("咋", "如何", "怎样", "要怎么", "该怎么", "到底怎么", "怎样才能", "怎末", "怎么才能"),
        "如何": ("怎么", "怎样", "咋", "要怎么", "该如何"),
        "怎样": ("怎么", "如何", "咋"),
        "在哪里": ("在哪", "在哪儿", "在啥地方", "到底在哪里"),
        "哪里": ("哪儿", "哪", "什么地方"),
        "为什么": ("为啥", "怎么", "为何", "凭啥", "到底为什么"),
        "能不能": ("可以不可以", "可不可以", "能否", "是不是可以"),
        "什么时候": ("啥时候", "几时", "到底什么时候", "哪天"),
        "什么": ("啥", "哪些", "什么样的"),
        "可以": ("能", "能够"),
        "帮我": ("给我", "麻烦帮我", "请帮我", "帮忙"),
        "打不开": ("开不了", "一直打不开", "老打不开", "又打不开"),
        "连不上": ("连接不上", "一直连不上", "老是连不上", "又连不上"),
        "多久": ("几天", "多长时间", "多少天"),
        "是不是": ("是否", "会不会是"),
    },
)  # fmt: skip

ENGLISH_PHRASES = Phrases(
    openings_of_questions=(
        "hi, ", "hello, ", "hey, ", "quick question: ", "hi there, ", "please, ",
        "just wondering, ", "excuse me, ", "sorry, ", "ok, ", "and ", "also, ", "one more thing: ",
        "um, ", "good morning, ", "can you tell me, ", "sorry to bother you, ", "hello! ", "so ",
        "I need to know, ", "any idea, ",
    ),
    openings=(
        "hi, ", "hello, ", "hey, ", "help! ", "sorry, ", "urgent: ", "hi there, ", "again: ",
        "ok, ", "um, ", "ugh, ", "good morning, ", "so ", "still the same, ", "hello? ",
        "please help, ",
    ),
    circumstances=(
        "I tried it twice, ", "it worked yesterday, ", "I am new here, ", "for {n} days now, ",
        "in a hurry, ", "asking for a friend, ", "I read the help page, ", "since this morning, ",
        "case {id}, ", "third time now, ", "nobody answers, ", "reference {order}, ",
        "I asked before, ", "not sure where to start, ",
    ),
    closings_of_questions=(
        "?", "? thanks", "??", ", thanks", ", please", "? thank you", "...", "? pls", "?!",
        ", thx", " ???", "? 🙏", ", any idea", "!", " 🤔", "? cheers", ", asap",
    ),
    closings=(
        ".", "!", ", please help", "...", ", thanks", "!!", ", what now", " 😭", ", why", ", help",
        " :(", ", asap", ". any ideas?", "!!!", ", pls fix", " 🙏",
    ),
    afterthoughts=(
        ", it is urgent", ", I need it by {hour}", ", how long does it take", ", case {id}",
        ", since yesterday", ", for {n} people", ", tried it {n} times", ", in detail please",
        ", who can do it", ", reference {order}", ", and is it free", ", step by step please",
    ),
    marks=(
        "!", ".", " :)", "!!", "...", " 🙏", " 😊", "?",
    ),
    fillers={
        "how do i": ("how can i", "how to", "how would I", "how i", "what is the way to", "how do you"),
        "how can i": ("how do i", "how to", "how could I", "is there a way to"),
        "cannot": ("can't", "cant", "can not", "am not able to"),
        "can i": ("could i", "may I", "is it possible to"),
        "where": ("where exactly", "where on earth", "were"),
        "why": ("why on earth", "how come"),
        "please": ("pls", "plz"),
        "what is": ("what's", "whats", "tell me what is"),
        "does": ("does", "dose"),
        "the": ("teh", "the", "this"),
    },
)  # fmt: skip
