"""How users phrase what they say: politeness, fillers, punctuation, circumstances and numbers around a
question.

The log numbers texts without phrasing, so that the index stays small. The phrasing of a generated turn is a
pure function of its bot, its user and its time, and is added when the turn is read. It never changes the
keywords of a question, because everything that it adds consists of stop words, or is added beside a certain
keyword. The names in a question are filled in here, too: each user of each bot asks about other persons and
companies.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.fillers import Filler
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import CHINESE, KnowledgeBase, Utterance, filled, gaps, without_names
from mockcbs.traffic.phrases import (
    CHINESE_PHRASES,
    ENGLISH_PHRASES,
    End,
    Kind,
    Phrases,
    clash,
    end_of,
    fits,
    good_day,
    greeting,
    is_polite,
    is_rude,
    topics,
)
from mockcbs.traffic.turns import Ints, Turns

_KEY = bits.key("phrasing")
_ENTRIES = 1024
_MANNERS = np.repeat(np.arange(4), (28, 17, 13, 6))
"""How each of 64 users writes: tersely, politely, chattily or with care."""
_OPENING_PERCENT = (8, 42, 30, 16)
_CLOSING_PERCENT = (18, 34, 48, 88)
"""By manner: how often something is said before a question, and after it, in percent."""
_SWAPPED = 60
"""The number of 256 questions with a filler that get another one."""
_FULL: dict[str, bool] = {
    "direct": True,
    "notmatch": True,
    "recommend": False,
    "chat": False,
    "dialog": False,
}
"""By outcome: whether questions get openings; others only get punctuation. Invalid ones do not change."""
_EIGHT_HOURS, _MAX_AGE = 8 * 3_600_000, 9 * 86_400
"""In ms, the offset of China's time zone. In seconds, the maximum age of a date that users name."""
_TOGETHER = 13
"""Questions of one user within 2**13 ms, such as one that is sent twice, have the same phrasing."""
_NAMES, _NAMES_BITS = bits.key("names"), 16
"""A question has one of 2**16 names."""
_NAMES_TRIED = 24
"""The number of names that are tried to find one without a keyword, such as 网络 in that of a company."""
_SUBJECT_LASTS, _ANONYMOUS_LASTS = 29, 22
"""A user asks about the same persons for 2**29 ms; users without an id cannot be told apart for 2**22 ms."""
_ERRORS = (
    "0x8{a:07x}", "http {b}", "status={b}", "errno {c}", "code={d}", "connection reset by peer",
    "{b} bad gateway", "err_code: -{d}", "timed out after {c}000ms", "0xc00000{c:02x}", "{d}", "{b}",
)  # fmt: skip
"""Parts of errors that users paste, in lower case, so that none of them is a keyword."""


class Voice(NamedTuple):
    """What the words of one bot's users depend on."""

    key: int = 0
    """A key of seed and bot."""
    utc_offset: int = _EIGHT_HOURS
    """The offset of the users' time zone, ms."""


NO_BOT = Voice()
"""The voice of texts that belong to no bot."""


class _Moment(NamedTuple):
    """When a question is asked, and of which bot."""

    local: int
    """The local time, ms since 1970."""
    key: int


@dataclass(frozen=True, slots=True)
class _Style:
    """The openings and closings that a text can get, for each manner and each of 1024 numbers."""

    openings: tuple[list[str], ...]
    closings: tuple[list[str], ...]
    fillers: re.Pattern[str] | None
    """One group for each filler."""
    others: list[list[str]]
    """The synonyms of each filler."""


class _Form(NamedTuple):
    """What decides which phrases fit a text."""

    chinese: bool
    full: bool
    """Whether the text gets openings."""
    again: bool
    """Whether the text is a question that is asked again."""
    asks: bool
    last_asks: bool
    """Whether the last clause is a question."""
    kind: Kind
    end: End
    rude: bool
    topics: frozenset[int]
    """What phrases need not say, because the text does."""


class Phrasing:
    """The phrasing of the turns that one knowledge base generates."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that phrasing must not change."""
        self._extractor, self._lexicon = extractor, knowledge.lexicon
        self._references = knowledge.references or ("",)
        self._joined = {word[place : place + 2] for word in self._lexicon for place in range(len(word) - 1)}
        """The pairs of characters that occur in keywords."""
        self._asked_again = {
            wrap.replace("{question}", text): text
            for text in knowledge.unmatched
            for wrap in knowledge.rephrasings
            if wrap != "{question}"
        }
        self._styles: dict[tuple[str, str], _Style | None] = {}
        self._made = cache(self._make)
        self._is_harmless = cache(self._contains_none)

    def of(self, turns: Turns, said: Sequence[Utterance], voice: Voice = NO_BOT) -> list[Utterance]:
        """The texts that users of a bot with that *voice* wrote, given the utterance of each of *turns*."""
        words = bits.words(_KEY ^ voice.key, (turns.at >> _TOGETHER) * 8191 + turns.user)
        habit = np.where(turns.user < 0, words, bits.words((_KEY ^ voice.key) + 1, turns.user))
        manners = _MANNERS[(habit >> np.uint64(58)).astype(np.int64)]
        found = [
            self._phrased(one, word, manner, _Moment(at + voice.utc_offset, voice.key))
            for one, word, manner, at in zip(
                said, words.tolist(), manners.tolist(), turns.at.tolist(), strict=True
            )
        ]
        named = [row for row, one in enumerate(said) if one.variation]
        names = _names(voice, turns.take(np.array(named, np.intp)), [said[row].variation for row in named])
        for row, name in zip(named, names.tolist(), strict=True):
            text = found[row].phrased or said[row].template
            found[row] = replace(said[row], phrased=filled(text, self._without_keywords(text, name)))
        return found

    def _without_keywords(self, text: str, number: int) -> int:
        """The first number from *number* on whose names for the gaps of *text* contain no own keyword.

        Names in Latin letters always count as keywords, so their number stays.
        """
        if not CHINESE.search(text):
            return number
        names = f"的{'的'.join(gaps(text))}的"
        tried = range(number, number + _NAMES_TRIED)
        known = self._certain(without_names(names))
        return next((one for one in tried if self._certain(filled(names, one)) == known), number)

    def _certain(self, text: str) -> list[str]:
        """The keywords of *text* that are not guesses."""
        return self._extractor(text) if self._extractor.is_certain(text) else []

    def _phrased(self, said: Utterance, word: int, manner: int, moment: "_Moment") -> Utterance:
        style = self._style(said)
        if style is None:
            return said
        opening = style.openings[manner][word & 1023]
        closing = style.closings[manner][word >> 10 & 1023]
        swaps = style.fillers is not None and (word >> 20 & 255) < _SWAPPED
        if not (opening or closing or swaps):
            return said
        if opening and closing and clash(opening, closing):
            closing = ""
        swaps = swaps and closing[:1] != "了"  # not 一直打不开了
        text = said.template
        if text.startswith(opening[:2]):  # 那个…那个发票
            opening = ""
        if swaps and style.fillers:
            text = style.fillers.sub(lambda found: self._other(found, style.others, word >> 28), text, 1)
        if "{" in opening or "{" in closing:
            opening, closing = (
                _stated(one, word >> 36, moment, self._references) for one in (opening, closing)
            )
        return replace(said, phrased=opening + text + closing)

    def _other(self, found: re.Match[str], others: list[list[str]], number: int) -> str:
        """Another filler than the one found.

        The filler stays if one of both and a character beside it can be parts of a keyword, or if the other
        one would repeat the character beside it.
        """
        texts = others[(found.lastindex or 1) - 1]
        other = texts[(number & 255) * len(texts) >> 8]
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        if other[0] == before or other[-1] == after:
            return found[0]
        seams = {before + found[0][0], found[0][-1] + after, before + other[0], other[-1] + after}
        return other if seams.isdisjoint(self._joined) else found[0]

    def _style(self, said: Utterance) -> _Style | None:
        key = said.template, said.outcome
        try:
            return self._styles[key]
        except KeyError:
            found = self._styles[key] = self._choose(said)
            return found

    def _choose(self, said: Utterance) -> _Style | None:
        full = _FULL.get(said.outcome)
        if full is None or not said.template:
            return None
        text = said.template
        asked = self._asked_again.get(text, text)
        return self._made(
            _Form(
                chinese=bool(CHINESE.search(text)),
                full=full and self._extractor.is_certain(said.bare),
                again=asked != text,
                asks=_asks(asked),
                last_asks=_asks(_CLAUSES.split(text)[-1]),
                kind=kind_of(asked),
                end=end_of(text),
                rude=is_rude(text),
                topics=topics(text),
            )
        )

    def _make(self, form: _Form) -> _Style:
        phrases = CHINESE_PHRASES if form.chinese else ENGLISH_PHRASES
        if not form.full:
            marks = [text for text in phrases.marks if fits(form.end, text)]
            return _Style(_tables([], (0,) * 4), _tables(marks, (6, 10, 22, 30)), None, [])
        openings = phrases.openings_of_questions if form.asks else phrases.openings
        openings = phrases.interjections if form.again else openings + phrases.circumstances[form.kind]
        closings = phrases.closings_of_questions if form.last_asks else phrases.closings
        if form.kind == "trouble" and not (form.asks or form.last_asks):
            closings = closings + phrases.reactions
        closings = closings + phrases.afterthoughts[form.kind]
        openings, closings = (
            tuple(text for text in texts if form.topics.isdisjoint(topics(text)))
            for texts in (openings, closings)
        )
        closings = tuple(
            text for text in closings if fits(form.end, text) and not (form.rude and is_polite(text))
        )
        fillers = self._fillers(phrases)
        return _Style(
            _tables(self._harmless(openings), _OPENING_PERCENT),
            _tables(self._harmless(closings), _CLOSING_PERCENT),
            _pattern(fillers, whole=not form.chinese) if fillers else None,
            [list(filler.others) for filler in fillers],
        )

    def _fillers(self, phrases: Phrases) -> list[Filler]:
        """The fillers that no keyword of this knowledge base contains, each with its harmless synonyms."""
        inside = "\n".join(self._lexicon)
        kept = (filler for filler in phrases.fillers if filler.word not in inside)
        found = (filler._replace(others=tuple(self._harmless(filler.others))) for filler in kept)
        return [filler for filler in found if filler.others]

    def _harmless(self, texts: Sequence[str]) -> list[str]:
        """Those of *texts* that contain no keyword of this knowledge base."""
        return [text for text in texts if self._is_harmless(text)]

    def _contains_none(self, text: str) -> bool:
        """Whether *text* contains no keyword, whatever its numbers are."""
        return not any(map(self._extractor.is_certain, self._examples(text)))

    def _examples(self, text: str) -> list[str]:
        """*text* with several numbers and times."""
        if "{" not in text:
            return [text]
        return [
            _stated(text, number, _Moment(number * 7 * 3_600_000, 0), self._references)
            for number in range(48)
        ]


def kind_of(text: str) -> Kind:
    """What *text* is about."""
    if _TROUBLE.search(text):
        return "trouble" if _SOFTWARE.search(text) and not _DAMAGE.search(text) else "mishap"
    if _WHERE.search(text):
        return "where"
    if _HOW.search(text):
        return "how"
    return "fact" if _asks(text) else "other"


def _asks(text: str) -> bool:
    """Whether the words of *text* make it a question."""
    return _QUESTION.search(text) is not None


_QUESTION = re.compile(
    "怎|如何|哪|什么|多少|多久|几|吗|呢|咋|啥|能不能|是不是|可以|有没有|是否|谁"
    r"|^(how|what|where|why|when|who|which|can|could|is|are|do|does|will)\b",
    re.IGNORECASE,
)


_CLAUSES = re.compile("[，,：:]")
_TROUBLE = re.compile(
    "(?!开不开|进不进)[打开登连收发进用传装约抢看听找取]不[了上到出来进开]|没反应|没有?声音|没有?信号|失败|报错|错误|超时|很卡|太卡|特别卡|卡纸|卡住|"
    "太?慢了|很慢|特别慢|断开|断了|掉线|黑屏|蓝屏|坏了|弄坏|死机|异常|丢了|漏水|漏发|破损|碎了|裂了|锁定|被锁|没收到|没有收到|(?<!行)不行|(?<!对)不对|不足|(?<!够)不够|"
    "停了|没了|没网|拦截|问题|还没|怎么(?:没|不|突然)|不好用|错了|误删|不见了|不亮|不灵|不更新|没更新|不一样"
    r"|\b(cannot|can't|not working|broken|fail|failed|error|locked|stuck|lost|slow|trouble|wrong|weird)\b",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(
    "打不开|连不上|连接|登|报错|错误|失败|超时|黑屏|蓝屏|死机|异常|断开|断了|掉线|很卡|太卡|特别卡|没网|网页|网络|网速|网站|校园网|"
    "云|服务器|客户端|系统|软件|账号|密码|口令|验证码|权限|域名|邮箱|数据库|磁盘|硬盘|[a-z]{2}",
    re.IGNORECASE,
)
"""What can show an error code."""
_DAMAGE = re.compile("[丢坏碎烂漏破偷]|卡纸|遗失|误删|写错|填错|开错")
_WHERE = re.compile(r"哪里|在哪|哪儿|^where\b", re.IGNORECASE)
_HOW = re.compile(r"怎么|如何|怎样|流程|申请|办理|咋|^how\b", re.IGNORECASE)


def _pattern(fillers: Iterable[Filler], *, whole: bool) -> re.Pattern[str]:
    """A pattern with a group for each of *fillers*; only whole words in a language with blanks."""
    edge = r"\b" if whole else ""
    return re.compile("|".join(f"{one.before}{edge}({one.word}){edge}{one.after}" for one in fillers))


def _tables(texts: Sequence[str], percents: Sequence[int]) -> tuple[list[str], ...]:
    """For each of *percents*, a table of 1024 entries; that share are *texts*, the first ones most often."""
    running = [0]
    for rank in range(len(texts)):
        running.append(running[-1] + 100_000 // (rank + 3))
    tables = []
    for percent in percents:
        some = _ENTRIES * percent // 100 if texts else 0
        places = [(2 * entry + 1) * running[-1] // (2 * some) for entry in range(some)]
        tables.append(
            [texts[bisect_right(running, place) - 1] for place in places] + [""] * (_ENTRIES - some)
        )
    return tuple(tables)


def _names(voice: Voice, turns: Turns, variations: Sequence[int]) -> Ints:
    """The numbers of the names in questions: the same when a user repeats one, others for other users."""
    since = turns.at >> np.where(turns.user < 0, _ANONYMOUS_LASTS, _SUBJECT_LASTS)
    place = (since * 8191 + turns.user) * 64 + np.array(variations, np.int64)
    return (bits.words(_NAMES ^ voice.key, place) >> np.uint64(64 - _NAMES_BITS)).astype(np.int64)


def _stated(text: str, number: int, moment: _Moment, references: Sequence[str]) -> str:
    """*text* with the names in braces replaced by numbers, dates and greetings."""
    if "{" not in text:
        return text
    now = datetime.fromtimestamp(moment.local // 1000, UTC)
    local = now - timedelta(seconds=number % _MAX_AGE)
    name = references[number % len(references)]
    return text.format(
        n=2 + number % 8,
        reference=name + _reference(bits.key(moment.key, name) & 3, number, local),
        day=local.day,
        due=(now + timedelta(days=1 + number % 5)).day,
        hour=min(23, now.hour + 1 + number % 4),
        greeting=greeting(now.hour, number),
        good_day=good_day(now.hour, number),
        error=_ERRORS[number % len(_ERRORS)].format(
            a=number * 2_654_435_761 & 0xFFFFFFF,
            b=500 + number % 5,
            c=1 + number % 120,
            d=1_000 + number % 9_000,
        ),
    )


def _reference(form: int, number: int, day: datetime) -> str:
    """A number in the form that a bot's users know."""
    if form == 0:
        return f"{day:%Y%m%d}{number % 999_983:06d}"
    if form == 1:
        return f"{10_000 + number % 89_989}"
    if form == 2:
        return f"{day:%y%m}{number % 99_991:05d}"
    return f"{number * 2_654_435_761 % 9_000_000_000 + 1_000_000_000}"
