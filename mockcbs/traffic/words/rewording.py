"""Other wordings of questions that a bot did not match: what users try next."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from mockcbs.traffic.gaps import CHINESE

_NAME = r"[^，,。？\s]"
_VERBS = "(?:申诉|提取|办理|报销|补办|申请|补录|清洗|取消|登记|删除|认定|预约|补签|转移|转让|申报|联系|补打)"
_CHINESE_RULES = (
    (rf"^({_NAME}{{2,14}})怎么([^办样算说走看好没不]|{_VERBS})$", r"怎么\2\1"),
    (rf"^({_NAME}{{2,14}})(?<!报名)在哪里?$", r"\1的位置"),
    (rf"^({_NAME}{{2,14}})在哪里?([^里])$", r"去哪\2\1"),
    (rf"^({_NAME}{{2,14}})几点(开门|关门|开始|上班|下班|开饭|发车)$", r"\1\2时间"),
    (rf"^({_NAME}{{2,14}})(?<!还)有吗$", r"有没有\1"),
    (r"^(.*)(?<![不都])可以(.{2,})吗$", r"\1能不能\2"),
    (r"^(.*)(?<![不才可])能(.{2,})吗$", r"\1可不可以\2"),
    (r"^(.{2,})(?<![不需只])要([^紧].*)吗$", r"\1要不要\2"),
    (r"^(.{2,})(?<![没只])会(?![员议诊])(.+)吗$", r"\1会不会\2"),
    (r"^(.*)(?<![没须])有(.{2,})吗$", r"\1有没有\2"),
    (r"^(.+)什么时候(.+)$", r"\1哪天\2"),
    (r"^(.+)多少钱$", r"\1价格"),
    (r"^(.+)要多久$", r"\1大概几天"),
    (r"^怎么([^办样么没不还又].+)$", r"\1的流程"),
    (r"^(.+)在哪里(..+)$", r"\1去哪\2"),
    (r"^([^想去].+)找谁$", r"谁负责\1"),
    (r"^(.{2,})(打不开|登不上|连不上|刷不开|提交不了|打印不出来|收不到|失败)了?$", r"为什么\1\2"),
)
_ENGLISH_RULES = (
    (r"^can I (.+)$", r"is it possible to \1"),
    (r"^is there (.+)$", r"do you have \1"),
    (r"^how do I (.+)$", r"how to \1"),
    (r"^do you (?:have|offer) (.+)$", r"looking for \1"),
    (r"^where (?:are|is) (.+)(?<!stored)$", r"I cannot find \1"),
    (r"^does it work with (.+)$", r"\1 support"),
    (r"^why is (.+?) so (\w+)( today)?$", r"\1 is very \2\3"),
    (r"^how long is (.+)$", r"\1, how many days"),
    (r"^(.+) (?:is|are) gone$", r"lost \1"),
    (r"^do you (?!have|offer)(.+)$", r"I wonder if you \1"),
    (r"^discount for (.+)$", r"does \1 get it cheaper"),
    (r"^can (\{company\}|guests|admins) (.+)$", r"are \1 able to \2"),
    (r"^(dark|light) mode$", r"\1 theme"),
)
"""Patterns of questions, each with the same question in other words."""
_WORDS, _PLAIN = 3, 6
"""The maximum number of keywords that users type alone, and of other wordings of a pair."""
_OTHERWISE = re.compile("可不可以|能不能|会不会|有没有|哪天| ")
"""Other wordings that read well for every question."""


def reworded(text: str, keywords: Sequence[str]) -> list[str]:
    """Other wordings of *text*, a question, and its *keywords* alone if it names nothing else."""
    if "\n" in text:
        return []
    rules = _compiled(_CHINESE_RULES if CHINESE.search(text) else _ENGLISH_RULES)
    found = [pattern.sub(other, text) for pattern, other in rules if pattern.match(text)]
    if keywords and "{" not in text:
        found.append(" ".join(dict.fromkeys(keywords[:_WORDS])))
    return [one for one in dict.fromkeys(found) if one != text]


@cache
def _compiled(rules: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    """The *rules* of one language, compiled when its first question is reworded."""
    return [(re.compile(pattern), other) for pattern, other in rules]


def otherwise(questions: Iterable[str]) -> list[str]:
    """*questions* in other words that read well for each of them, where there are such words."""
    found = (text for question in questions for text in reworded(question, ()))
    return [text for text in dict.fromkeys(found) if _OTHERWISE.search(text)]


def keywords_alone(questions: Mapping[str, Sequence[str]]) -> list[str]:
    """Keywords of *questions* with blanks between them, given the questions and their keywords: what users
    type who take a bot for a search engine.
    """
    worded = (
        " ".join(dict.fromkeys(keywords[:_WORDS]))
        for question, keywords in questions.items()
        if len({*keywords}) > 1 and "{" not in question
    )
    return [one for one in dict.fromkeys(worded) if one not in questions]


def understood_wordings(questions: Mapping[str, Sequence[str]], vague: Sequence[str]) -> list[str]:
    """What users say to a language model about a pair, given its wordings and their keywords: other words, or
    the wordings themselves where there are few, and more rarely keywords alone and two *vague* questions.
    """
    alone = keywords_alone(questions)
    others = [text for text in otherwise(questions) if text not in questions]
    if not others and not alone:
        return []
    plain = [*others, *questions][:_PLAIN]
    return [*plain, *vague[:1], *alone[:1], *plain[1:], *vague[1:2]]
