"""Long texts around a question: the lines of a log, a mail, or what happened before, in several sentences.

They are put together from lines and sentences without keywords, so that hardly two of them are equal.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.periods import HOUR
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words.gaps import CHINESE
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
    "[手头的事情全耽误了|那边一直在催我|家里人都等着|后面还有一堆事排着|我一会儿还得出门]",
    "[能不能|可不可以|麻烦][今天之内|尽快|这两天]给个[准话|说法|结果]",
    "[需要我补什么|要我提供什么|还缺什么][随时说|尽管说|告诉我一声]，[我一直都在|我看到就回|我随时有空]",
)
_OTHERS = (
    "[是这样的|情况是这样|先说下情况|事情是这样的]",
    "[我第一次弄这个|这方面我一点不懂|我以前没碰过这些|我是替别人来问的]",
    "[之前|以前|原来]都是[别人|我对象|我姐|另一个人][帮我弄的|在管|代办的]，[上个月走了|最近联系不上|出远门了]",
    "[走的时候|当时|交给我的时候][没说清楚|只说了一半|什么都没写下来]",
    "我[看了一遍|来回看了三遍|从头看到尾]还是[没太明白|一头雾水|不敢确定]",
    "[上面写的|网上看到的|别人发我的][跟我看到的不太一样|好像是老的|对不上]",
    "[问了几个人|打听了一圈|我也问过别人]，[说法都不一样|有的说可以有的说不行|都让我来问你们]",
    "我[怕弄错了又要重来|担心白跑一趟|不想再折腾一回]，所以先[来问清楚|问一句|确认下]",
    "[另外|还有就是|再补充一句]，我[这边情况有点特殊|人不在本地|白天走不开|腿脚不太方便|只有下班以后有空]",
    "[上次|去年|有一回]就是[因为没问清楚|少带了一样|听了别人的]，[白跑了一趟|来回两个多小时|耽误了好几天]",
    "[不着急|时间还够|也不是马上就要]，[但是希望能说详细一点|能说细一点最好|慢慢说就行]",
    "[要准备什么|有什么要注意的|有没有什么坑]也[请一起告诉我|麻烦说一下|顺便讲讲]",
    "[以前|早几年|我记得原来]好像[不是这么规定的|没这么麻烦|当场就能办好]，[不知道今年有没有变|是不是改了]",
    "[先谢谢了|麻烦您了|辛苦了|说得有点乱，见谅]",
)
_MAIL = (
    "[各位好|大家好|您好|各位|同志们好]",
    "[关于上次会上说的|前几天提到的|按照上面的要求|根据最近的安排]，[有几点说明|补充几点|请留意|有几件事同步一下]",
    "1. [即日起|从下周一起|自本月起][统一按新的来|请提前三天说一声|一律以书面为准]",
    "2. [之前没弄完的|还没交的|上半年的]请[尽快补上|在周五前弄完|一并处理]",
    "3. [有出入的地方|不清楚的|特殊情况][请单独说明|可以直接回复|以最后通知为准]",
    "[没有回复的视同无异议|逾期不候|过期不再受理|请互相转告]",
    "[谢谢配合|以上|辛苦各位|祝好]",
)
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
_LETTER = (
    "[hi all|dear all|hello everybody|good day]",
    "[following up on what we said|as agreed on monday|just a reminder],",
    "1. [from next week on|starting today] [we do it the new way|please tell us three days ahead]",
    "2. [what is still open|the old ones] should be done by friday",
    "3. [if something does not add up|in special cases] please [reply to me|say so early]",
    "[no answer counts as a yes|please pass it on]",
    "[best|regards|cheers]",
)
_CHOICE = re.compile(r"\[([^]]*)]")
_LINES = (
    "{at} info  [main] c.e.gw.starter - up in {a}.{b}s",
    "{at} warn  [http-{c}] c.e.gw.proxy - no reply in {d}ms",
    "{at} error [http-{c}] c.e.gw.proxy - 10.{a}.{b}.{c}:8{c} refused",
    "{at} warn  [pool-{a}] c.e.jobs - try {b} of 99 in {d}ms",
    "{at} debug [pool-{a}] c.e.jobs - queue={b} idle={c}",
    "{at} error [pool-{a}] c.e.jobs - gave up after {d}ms",
    '{at} info  [http-{c}] c.e.gw.access - "get /v1/{d} http/1.1" 50{a} {b}',
    "    at c.e.gw.handler.run(handler.java:{d})",
    "    at c.e.gw.filters.next(filters.java:{b})",
    "    ... {a} more",
    "caused by: java.io.ioexception: broken pipe",
    "trace={d}{c}{a}{d}{b}",
    "errno={c} (etimedout)",
)
"""In small letters, so that no name in them is a keyword."""


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

    def __init__(self, harmless: Callable[[Sequence[str]], list[str]]) -> None:
        """*harmless* returns those of some texts that have no keyword."""
        self._harmless = harmless

    def around(self, text: str, own: int, moment: Moment) -> str:
        """*text* with much more before or after it, chosen by the number *own*, in `LONGEST` characters."""
        kind, chinese = kind_of(text), bool(CHINESE.search(text))
        spread = (own >> 8 & 255) ** 2
        if kind == "trouble" and own & 1:
            length = _SHORTEST + spread * (LONGEST - _SHORTEST) // 65_536
            return _cut(self._logged(text, length, own, moment), text)
        if own >> 4 & 3 == 0:
            mail = self._drawn(_MAIL if chinese else _LETTER, own)
            return _cut("\n> ".join([f"{text}\n", *mail]), text)
        failing = kind in {"trouble", "mishap"}
        pool = (_FAILING if failing else _OTHERS) if chinese else _BROKEN if failing else _ASIDE
        length = _SHORTEST + 12 + spread * (_USUAL_MAX - _SHORTEST) // 65_536 - len(text)
        said = _some(self._drawn(pool, own), length, own)
        return _cut(_among(text, said, own, chinese=chinese), text)

    def _drawn(self, pool: Sequence[str], own: int) -> list[str]:
        """The sentences of *pool*, each in one of its wordings; none has a keyword."""

        def chosen(found: re.Match[str]) -> str:
            words = found[1].split("|")
            return words[bits.key(own, found.start(), found[1]) % len(words)]

        return self._harmless([_CHOICE.sub(chosen, text) for text in pool])

    def _logged(self, text: str, length: int, own: int, moment: Moment) -> str:
        """*text* before or after the lines of a log."""
        at = moment.local - (own >> 16) % HOUR
        rows: list[str] = []
        while sum(map(len, rows)) + len(rows) + len(text) < length:
            drawn = bits.key(own, len(rows))
            line = self._lines[drawn % len(self._lines)]
            a, b, c, d = drawn % 7, 10 + drawn % 89, 100 + drawn % 900, 1000 + drawn % 9000
            rows.append(line.format(at=_time(at), a=a, b=b, c=c, d=d))
            at += drawn % 4_000
        return "\n".join([text, *rows] if own >> 4 & 1 else [*rows, text])

    @cached_property
    def _lines(self) -> list[str]:
        """The lines of logs without keywords."""
        return [line for line in _LINES if self._harmless([line.format(at="", a=1, b=2, c=3, d=4)])]


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
