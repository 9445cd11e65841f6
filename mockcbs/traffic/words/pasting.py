"""Long texts around a question: the lines of a log, a conversation that is sent on, a mail, a tirade, or what
happened before, in several sentences.

They are put together from lines and sentences without keywords, so that hardly two of them are equal.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import accumulate

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.gaps import CHINESE, with_gaps_filled, without_gaps
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words.kinds import kind_of
from mockcbs.traffic.words.particulars import Moment

_MIXER = np.uint64(0xA0761D6478BD642F)
_LONG: dict[tuple[bool, Outcome], int] = {
    (True, "direct"): 4,
    (True, "notmatch"): 40,
    (False, "notmatch"): 60,
}
"""The number of 1024 questions in a long text, if the bot understands such texts, and by outcome."""
LONGEST = 500
"""The maximum number of characters; services take 512."""
_SHORTEST, _USUAL_MAX = 66, 300
"""The minimum number of characters, and the usual maximum without lines of a log."""
_NUMBER = 0xFFFFFFFF
_TOLD = 16
"""One in so many long texts without lines of a log tells what happened before."""

_SPEAKERS = 4
"""The maximum number of speakers of a conversation."""

_OPENS, _CLOSES = 9, 18
"""The office hours in which mails are written."""

_FAILING = (
    "[一开始|刚开始|起初|最早]我[以为|还以为|想着]是[我自己没弄对|我弄错了|哪一步漏了|手滑点错了]",
    "[后来|然后|接着][照着说明|按上面写的|照别人教的]又[一步一步来了一遍|重新弄了两遍|从头来过]",
    "结果[跟之前一模一样|还是那样|一点变化都没有|更糟了]",
    "[中间|中途]还[换了个地方试|找人帮忙试了试|歇了一会儿再弄|等了半个钟头]",
    "[旁边的人|隔壁的|我朋友|跟我一起的那位]说[他那边没事|他也碰到过|他从来没遇到过|他那边倒是好的]",
    "[昨天下午|昨天晚上|前天|上周五|大前天]还[好好的|能行|一切正常]",
    "[今天一早|中午|刚才|从早上起|睡了一觉起来]就[这样了|变成这样了|成这个样子了]",
    "[我什么都没动过|谁也没碰过|期间没做过别的|中间什么都没改]",
    "[前前后后|来来回回|断断续续][弄了|折腾了|搞了][快两个小时|一上午|三个多钟头|大半天|五六次|不下十次]",
    "[有时候行有时候不行|隔十几分钟又来一次|十次里面有八九次是这样]，[没什么规律|看不出规律|很随机]",
    "[第一次问的时候|上回|之前]说[等等就好|过会儿再看|会有人跟进|已经记下了]，[等到现在也没动静|再没下文了]",
    "[我怀疑|我猜|估计][跟前两天的调整有关|是上次改了以后才这样的|不是我一个人的事|是你们那边的事]",
    "[手头的事情全耽误了|那边一直在催我|后面还有一堆事排着|我一会儿还得出门]",
    "[能不能|可不可以|麻烦][今天之内|尽快|这两天]给个[准话|说法|结果]",
    "[需要我补什么|要我提供什么|还缺什么][随时说|尽管说|告诉我一声]，[我一直都在|我看到就回|我随时有空]",
)
_OTHERS = (
    "[是这样的|情况是这样|先说下情况|事情是这样的]",
    "[我第一次弄这个|这方面我一点不懂|我以前没碰过这些|我是替别人来问的]",
    "我[看了一遍|来回看了三遍|从头看到尾]还是[没太明白|一头雾水|不敢确定]",
    "[上面写的|网上看到的|别人发我的][跟我看到的不太一样|好像是老的|对不上]",
    "[问了几个人|打听了一圈|我也问过别人]，[说法都不一样|有的说可以有的说不行|都让我来问你们]",
    "我[怕弄错了又要重来|不想再折腾一回]，所以先[来问清楚|问一句|确认下]",
    "[上次|去年|有一回]就是[因为没问清楚|少带了一样|听了别人的]，[白弄了一遍|耽误了好几天]",
    "[不着急|时间还够|也不是马上就要]，[但是希望能说详细一点|能说细一点最好|慢慢说就行]",
    "[要准备什么|有什么要注意的|有没有什么坑]也[请一起告诉我|麻烦说一下|顺便讲讲]",
    "[以前|早几年|我记得原来]好像[不是这么规定的|没这么麻烦|当场就能办好]，[不知道今年有没有变|是不是改了]",
    "[先谢谢了|麻烦您了|辛苦了|说得有点乱，见谅]",
)
_JOINING = (
    "我也是[|啊|，刚发现|+1]", "+1[|00|，同求]", "我这[边|里]是好的[|呀|，刚试过]",
    "[早上|昨晚|中午|一来]就这样了", "[昨天|前天|上周|周一]就有了", "谁去说一下[|吧|呗]",
    "[已经|好像]有人说过了[吧|]", "@{name} [看下|帮看看|来一下|知道吗]", "收到，[我看看|稍等|一会儿看]",
    "还没好[？|吗|啊]", "又来了[|，服了|……]", "[等等吧|再等会儿|急也没用]", "我还以为就我一个[|人]",
    "一样一样[|，没法干活]", "刚才好了[一会儿|两分钟，又没了]", "没人管吗[|？]",
    "@{name} 你[那边呢|好了没|能行吗]", "[隔壁|楼下|对面]也这样", "别急，[在弄了|有人在看]",
    "我等[半天|一上午|到现在]了", "[刚刚|这会儿]好像[行了|能用了|又好了]",
    "我[换了台|换个地方|重开了一遍]就好了", "我试[了三遍|过了]，没用", "[上个月|上次|去年]也来过一回",
    "是不是在[弄什么|改东西]", "[下午|十点|三点]我这儿还好好的", "有[谁|人]好了吗", "拍个[照|图]发上来",
    "[先|要不先]弄别的吧", "[一会儿|两点]还要开会呢", "我[先去吃饭|下楼转转]了",
)  # fmt: skip
_WONDERING = (
    "不知道[啊|哎|，没注意过]", "我也[想知道|不清楚|是头一回]", "你问下[机器人|小助手|那边]",
    "上次谁弄过[|来着]", "@{name} 你弄过吧", "没弄过[|，同问]", "去问问[呗|吧|就知道了]", "有人知道吗[|？]",
    "好像要先问一下", "我那次[很快|半天就好|拖了两周]", "别听他的[|，早不是了]", "[说是|听说]改了",
    "@{name} [在不在|懂这个吗|求助]", "翻翻[上面的记录|前几天的]", "等下我也要弄", "求[答案|带|科普]",
    "我是[瞎弄的|照着别人弄的]", "上面写的我没看懂", "[以前|去年]不是这样的", "[群里|前天]有人问过",
    "[应该|大概]可以吧", "我记得[不用|要等两天|挺简单的]", "[谁|哪位]有空帮忙看看",
    "[这事|这个]归{name}管吧", "{name}[上周|昨天]刚弄完", "弄好了[说一声|告诉我]", "[好的|嗯嗯]，谢谢",
    "[哈哈|笑死]，你也在弄", "别一个人瞎猜了", "[急不急|什么时候要]？", "[先|还是]看看说明吧",
    "[我猜|估计]过两天就有了", "[换个说法|再说一遍]，没看明白", "[在外面|开会呢]，[晚点看|回头说]",
)  # fmt: skip
"""What colleagues say in a conversation about something that fails, and about other things."""
_AT_HOME_JOINING = (
    "我[那个|那次]也这样[|，早忘了]", "我的[还好|没事]呀", "[拍近一点|发个视频]我看看",
    "你[碰过|动过|自己弄过]没有", "我就说[别急|再想想|不靠谱]吧", "[先别动|放着吧]，[等我回来|晚上我看看]",
    "[你爸|我妈|我姐]说[算了|别生气|她那会儿也这样]", "[什么时候|哪天]的事", "[气人|真烦|太坑了]",
    "[上次|去年]我也[碰到过|遇到过]，[扯了半天|后来没下文了]", "[先吃饭吧|早点睡]，[回头再弄|别气了]",
    "@{name} 你[看看|来评评理|那次呢]", "问清楚[再说|了告诉我]", "他们[怎么说|回你没|认不认]",
    "[怪不得|难怪]你[半天不回|这么生气]", "[心疼|抱抱]你", "让{name}[帮你问|去说|教你]",
    "去找他们[啊|说|，别客气]", "[啊这|不会吧]，[真的假的|又来]", "[等下|一会儿]打给你",
)  # fmt: skip
_AT_HOME_WONDERING = (
    "[不知道|不清楚][啊|哎|诶]", "你[自己|直接]问他们[呗|吧|啊]", "我也[想知道|刚想问]",
    "@{name} 你[弄过|懂]吧", "{name}[上个月|前阵子]刚弄过", "我[记得|印象里][可以|不行|要等几天]",
    "[问到了|有消息]告诉我[|一声]", "[网上|别人]说的[不一定准|都不一样]", "[顺便|等下]帮我也问一下",
    "[等我到家|吃完饭]再[看|说]", "你又瞎操心[|了]", "[急什么|慢慢来]，[还早呢|又不是今天]",
    "[我帮你问|我去问]，你别管了", "[以前|我那次]好像不是这样", "[应该|大概]可以吧",
    "听{name}的[吧|，准没错]", "[好的|嗯嗯|知道啦]，谢啦", "[你爸|我妈|我姐]说[行|随你|问了再定]",
    "[到家|睡醒]再[聊|弄]", "怎么[突然|又]想起这个[|了]",
)  # fmt: skip
"""The same among families and friends."""
_MAIL = (
    "发件人：{sender}", "发送时间：{at}", "收件人：{name}", "主题：{re}%s", "",
    "[各位好|{name}你好|您好|同志们好]：",
    "[这个归谁看|麻烦看下是谁的事|转给你跟进一下]，[对方在等|今天要回|不急但别忘了|有结果回我一声]。", "",
    "{sender} [敬上|祝好|谢谢]",
)  # fmt: skip
_BURSTS = (
    "到底有没有人管", "都第几次了", "每次都说快了", "我等了一上午", "昨天说今天好", "今天又说明天",
    "耍人玩呢", "谁负责给个名字", "我就想要个准话", "别再复制粘贴了", "能不能说人话", "我要投诉",
    "你们领导是谁", "一问三不知", "越弄越糟", "服了真的服了", "我什么都没干成", "就这还智能",
    "问了八百遍了", "再这样我找上面了", "有没有点责任心", "听得懂吗", "浪费我时间",
)  # fmt: skip
"""What users cry who have lost patience."""
_BROKEN = (
    "[at first|to begin with] I thought [it was me|I did something wrong|I had missed a step]",
    "then I [went through the steps once more|started over twice|did it all again from the top]",
    "[the result is the same|no difference at all|it got worse if anything]",
    "it was fine [yesterday afternoon|last night|two days ago|before lunch]",
    "[this morning|an hour ago|around noon] it [started|began to act up|was like that]",
    "I [did not touch anything|changed nothing|was not even here]",
    "I have [spent two hours on it by now|tried it five or six times|been at it all morning]",
    "[sometimes it works for a minute|now and then it recovers], then [it is back|it starts again]",
    "the person next to me [has no trouble at all|sees the same|never had that]",
    "I [looked around and found nothing useful|asked two others and they shrugged]",
    "[last time|the week before] it [went away on its own|was gone soon], [now it stays|not now]",
    "I am supposed to [hand in something|present this|be done] [today|tonight|by noon]",
    "the first answer I got was to wait, [so I waited|that was hours ago]",
    "[tell me|say so|let me know] [what else you want to know|if you want more details], I am here all day",
)
_ASIDE = (
    "[this is the first time I do this|I am new to all that|I ask for somebody else]",
    "[somebody else|a friend] used to do it for us, [she left last month|he is away until spring]",
    "[nobody wrote anything down|there are no notes]",
    "I read the page [twice|three times], [it looks different from what I see here|I am still not sure]",
    "I asked [two people|around], [one says yes and the other one says no|everybody says something else]",
    "I do not want to [do it twice|break anything], so I ask first",
    "[there is no hurry|it can wait until next week], but [I like to know it in detail|be precise please]",
    "our case is a bit [special|unusual], [half of us are in another country|most of us are part time]",
    "last time [I did it wrong and had to start again|it took us three days]",
    "[tell me what I have to prepare|what do you need from me]",
    "I think it was different [before|last year], [not sure if that has changed|it took two clicks]",
    "[thanks in advance|sorry for the long text|I hope that makes sense]",
)
_ENGLISH_JOINING = (
    "same here", "+1", "works for me", "started this morning", "had that yesterday", "who tells them",
    "@{name} can you look", "still?", "not again", "just wait", "thought it was only me",
    "it was back for a minute", "@{name} how is it for you", "all of us here", "on it", "me too", "lol",
    "we are waiting as well",
)  # fmt: skip
_ENGLISH_WONDERING = (
    "no idea", "would like to know as well", "ask the bot", "who did that last time",
    "@{name} you did that once, right", "never did it", "I think it changed", "@{name} are you there",
    "scroll up, it was here", "I will have to do that too", "took me a minute", "the page did not tell me",
    "anyone", "somebody must know", "I just guessed",
)  # fmt: skip
_LETTER = (
    "from: {sender}", "sent: {at}", "to: {name}", "subject: {re}%s", "", "[hi {name}|hello|hi all|dear all],",
    "[whose is that|can you take that one|please have a look], [they are waiting|no hurry|by tonight].", "",
    "[best|regards|cheers], {sender}",
)  # fmt: skip
_ENGLISH_BURSTS = (
    "is anybody there at all", "third time I ask", "you said tomorrow yesterday", "who is in charge",
    "just give me an answer", "stop sending me the same text", "I want to complain",
    "this gets worse every week", "I cannot do anything", "so much for smart", "do you even read this",
    "what a waste of time", "I am done", "give me a name", "nobody cares",
)  # fmt: skip
_CHOICE = re.compile(r"\[([^]]*)]")
_CIVIL = re.compile(
    r"^(?:(?:请问|你好|您好|在吗|在不在|麻烦问下|想问下|hi|hello|hey)(?:一下)?[，,！!？? ]+|请问)+"
    r"|(?:[，, ]+(?:谢谢|多谢|谢了|麻烦了|辛苦了|thanks|thank you|thx|please|pls))?"
    r"[呢啊呀吧嘛哦啦？?！!。.～~…，, \U0001F000-\U0001FAFF]*$",
    re.IGNORECASE,
)
"""Greetings, thanks, particles and marks around a question, which no subject of a mail has."""


def _time(at: int) -> str:
    """The local time *at*, ms since 1970, as logs write it."""
    return f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%d %H:%M:%S},{at % 1000:03d}"


def pasting_rows(words: Words, outcomes: Sequence[Outcome], *, understands: bool) -> list[int]:
    """The turns with these *words* and *outcomes* in which users may paste a long text.

    *understands* is whether their bot understands such texts, as language models do.
    """
    drawn = (words * _MIXER >> np.uint64(54)).astype(np.int64)
    some = np.flatnonzero(drawn < max(_LONG.values())).tolist()
    return [row for row in some if drawn[row] < _LONG.get((understands, outcomes[row]), 0)]


class Pastes:
    """Makes long texts that have the keywords of the question in them."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        harmless: Callable[[Sequence[str]], list[str]],
        filled: Callable[[str, int, int, int], str],
    ) -> None:
        """*harmless* returns those of some texts that have no keyword; *filled* fills the gaps of a text."""
        self._logs, self._harmless, self._filled = knowledge.logs, harmless, filled
        self._at_work = "office" in knowledge.characters or not knowledge.characters
        """Whether colleagues write mails and talk about the matter; of a shop, families and friends talk."""

    def around(self, text: str, question: str, own: int, moment: Moment) -> str:
        """*text* with much more before or after it, chosen by the number *own*, in `LONGEST` characters.

        *text* is the *question* as its user phrases it. The subject of a mail is the question alone.
        """
        chinese, kind = bool(CHINESE.search(text)), kind_of(question)
        spread = (own >> 8 & 255) ** 2
        fails = kind in {"trouble", "mishap"}
        logs = next((lines for word, lines in self._logs.items() if word in text), ()) if fails else ()
        if logs and own & 3:
            length = _SHORTEST + spread * (LONGEST - _SHORTEST) // 65_536
            return _cut(_logged(text, logs, length, (own, moment)), text)
        length = _SHORTEST + 12 + spread * (_USUAL_MAX - _SHORTEST) // 65_536
        way = (own >> 4) % _TOLD
        if way == 0:
            pool = (_FAILING if fails else _OTHERS) if chinese else _BROKEN if fails else _ASIDE
            said = _some(self._drawn(pool, own), length - len(text), own)
            return _cut(_among(text, said, own, chinese=chinese), text)
        if way < 6 and fails:
            bursts = self._drawn(_BURSTS if chinese else _ENGLISH_BURSTS, own)
            return _cut(_cried(text, _some(bursts, 45 + length // 4, own), own), text)
        if way < 10 and self._at_work:
            mail = self._drawn(_MAIL if chinese else _LETTER, own)
            return _cut(self._mailed(_bare(question), mail, (own, moment)), text)
        pools: tuple[Sequence[str], Sequence[str]] = _ENGLISH_WONDERING, _ENGLISH_JOINING
        if chinese and self._at_work:
            pools = _WONDERING, _JOINING
        elif chinese:
            pools = _AT_HOME_WONDERING, _AT_HOME_JOINING
        replies = self._drawn(pools[fails], own)
        return _cut(self._talked(text, replies, 2 * length - _SHORTEST, (own, moment)), text)

    def _drawn(self, pool: Sequence[str], own: int) -> list[str]:
        """The sentences of *pool*, each in one of its wordings; none has a keyword."""

        def chosen(found: re.Match[str]) -> str:
            words = found[1].split("|")
            return words[bits.key(own, found.start(), found[1]) % len(words)]

        texts = (_CHOICE.sub(chosen, text) for text in pool)
        return [text for text in texts if self._harmless([without_gaps(text)])]

    def _talked(self, text: str, replies: list[str], length: int, about: tuple[int, Moment]) -> str:
        """A conversation in which somebody says *text* and others answer."""
        own, moment = about
        at = moment.local - HOUR - (own >> 16) % HOUR
        asker, *others = self._people(own, (text, moment.key))
        rows: list[str] = []
        size = 0
        for place, said in enumerate((text, *sorted(replies, key=lambda one: bits.key(own, one)))):
            if size > length:
                break
            number = bits.key(own, "who", place)
            at += number % (3 * HOUR // 60)
            who = others[number % len(others)] if place else asker
            line = said if place == 0 else said.format(name=self._named(number >> 32, (text, moment.key)))
            rows.append(f"{who} {_time(at)[5:16]}\n{line}")
            size += len(rows[-1])
        return "\n".join(rows)

    def _people(self, own: int, about: tuple[str, int]) -> list[str]:
        """Two persons or more, of different names if the bot's users know as many."""
        named = (self._named(bits.key(own, "speaker", place), about) for place in range(4 * _SPEAKERS))
        people = [*dict.fromkeys(named)]
        return [*people, people[0]][: max(2, min(_SPEAKERS, len(people)))]

    def _named(self, number: int, about: tuple[str, int]) -> str:
        """Somebody whom the users of a bot know, chosen by *number*; *about* is a text and the bot's key."""
        text, key = about
        if CHINESE.search(text):
            return self._filled("由{name}", number & _NUMBER, key, 0)[1:]
        return self._filled("{name}", number & _NUMBER, key, 0).lower()  # other names are keywords

    def _mailed(self, text: str, lines: list[str], about: tuple[int, Moment]) -> str:
        """A mail with the subject *text* that is sent on."""
        own, moment = about
        at = _in_office_hours(moment.local - (own >> 16) % (20 * HOUR), own >> 40)
        sender, *others = self._people(own, (text, moment.key))
        subject = ("转发：" if CHINESE.search(text) else "fw: ") * (own >> 5 & 1)
        sent = _time(at)[:16]
        rows = [line.format(at=sent, re=subject, name=others[0], sender=sender) for line in lines]
        return "\n".join(rows).replace("%s", text)


def _bare(question: str) -> str:
    """*question* as the subject of a mail."""
    return _CIVIL.sub("", question) or question


def _in_office_hours(at: int, own: int) -> int:
    """The local time *at*, or one in the last office hours before it, chosen by *own*."""
    now = datetime.fromtimestamp(at // 1000, UTC)
    weekend, opening = max(0, now.weekday() - 4), _OPENS * HOUR
    if not weekend and _OPENS <= now.hour < _CLOSES:
        return at
    day = at // DAY * DAY - DAY * (weekend or (now.hour < _OPENS) * (3 if now.weekday() == 0 else 1))
    return day + opening + own % ((_CLOSES - _OPENS) * HOUR)


def _logged(text: str, lines: Sequence[str], length: int, about: tuple[int, Moment]) -> str:
    """*text* before or after *lines* of a log, in their order, beginning with one that states a time."""
    own, moment = about
    at, rows = moment.local - (own >> 16) % HOUR, [""]
    begins = [place for place, line in enumerate(lines) if line.startswith("{at}")] or [0]
    place = begins[own % len(begins)]
    while sum(map(len, rows)) + len(rows) + len(text) < length:
        drawn = bits.key(own, len(rows))
        rows.append(_log_line(lines[place % len(lines)], drawn, at))
        at += drawn % 4_000
        place += 1
    return "\n".join([text, *rows[1:]] if own >> 2 & 1 else [*rows[1:], text])


def _log_line(line: str, drawn: int, at: int) -> str:
    """*line* with the time *at* and numbers chosen by *drawn* in its gaps; other braces stay."""
    values = {
        "at": _time(at),
        "ip": f"10.{drawn % 200}.{drawn >> 8 & 63}.{1 + drawn % 250}",
        "n": str(1 + drawn % 40),
        "line": str(20 + drawn % 460),
        "ms": str(1_000 + drawn % 29_000),
        "id": str(10_000 + drawn % 50_000),
    }
    return with_gaps_filled(line, lambda kind, _: values.get(kind, f"{{{kind}}}"))


def _cried(text: str, bursts: list[str], own: int) -> str:
    """*text* and what a user cries, in many marks; none follows what already ends with one."""
    marks = ("！", "！！", "！！！", "？", "？？？", " ", "，")
    cried = sorted((text, *bursts), key=lambda one: (one != text, bits.key(own, "cry", one)))
    joined = (one + (marks[bits.key(own, one) % len(marks)] if one[-1].isalnum() else " ") for one in cried)
    return "".join(joined).rstrip("， ")


def _some(pool: Sequence[str], length: int, own: int) -> list[str]:
    """Some of *pool* in its order, other ones for each number *own*, with about that *length*."""
    drawn = sorted(pool, key=lambda one: bits.key(own, one))
    until = accumulate(len(one) + 2 for one in drawn)
    chosen = {one for one, total in zip(drawn, until, strict=True) if total < length + len(one)}
    return [one for one in pool if one in chosen]


def _among(text: str, said: list[str], own: int, *, chinese: bool) -> str:
    """*text* among the sentences *said*."""
    place = (own >> 48) % (len(said) + 1)
    comma, stop, blank = ("，", "。", "") if chinese else (", ", ". ", " ")
    parts = [*said[:place], text, *said[place:]]
    before = "".join(
        one + (blank if not one[-1].isalnum() else stop if bits.key(own, number) % 3 == 0 else comma)
        for number, one in enumerate(parts[:-1])
    )
    return before + parts[-1]


def _cut(long: str, text: str) -> str:
    """*long* if it is not too long, else *text*."""
    return long if len(long) <= LONGEST else text
