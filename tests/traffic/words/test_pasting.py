"""Whether some users paste much text around their question, over seeds, trades and engines."""

import json
import re
from collections import Counter
from functools import cache

import numpy as np
import pytest

from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic import bits
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words import pasting
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.kinds import kind_of
from mockcbs.traffic.words.names import Names
from mockcbs.traffic.words.particulars import Moment
from mockcbs.traffic.words.pasting import LONGEST, Pastes
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.test_realistic_words import LAST
from tests.traffic.worlds import CBS, COZE

LONG = 64
MOST = 512
"""The maximum number of characters of a question of CBS, and of a question in the log of Coze."""


@cache
def asked(name: str, bot: str) -> list[Utterance]:
    """What users say to a bot with that knowledge base, with three seeds."""
    content = {"bots": [{"id": bot, "knowledge": name, "traffic": {"sessions_per_day": 300}}]}
    dataset = load_source(Source("own", json.dumps(content)))
    days = (TrafficLog(dataset, seed).rows(bot, range(LAST - 30, LAST), LAST * DAY) for seed in range(3))
    return [turn.said for some in days for day in some for turn in day]


def pastes_of(name: str) -> Pastes:
    knowledge = shipped(name)
    extract = KeywordExtractor(knowledge.lexicon)
    names = Names(knowledge, extract)
    return Pastes(
        knowledge, lambda texts: [text for text in texts if not extract.is_certain(text)], names.filled
    )


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", SHIPPED)
def test_some_questions_are_in_long_texts(name, bot):
    """One in a thousand to one in two hundred has over 64 characters, all within what vendors accept."""
    said = asked(name, bot)
    lengths = np.array([len(one.question) for one in said])
    told = np.array([shipped(name).is_story(one.template) for one in said])

    assert 0.0008 < np.mean((lengths > LONG) & ~told) < 0.005
    assert lengths.max() <= MOST
    assert np.quantile(lengths[(lengths > LONG) & ~told], 0.9) > 150


def test_only_language_models_answer_long_texts():
    """They answer most of them; a bot of keywords finds no match, as its similarity would be low."""
    found = {
        bot: Counter(one.outcome for name in SHIPPED for one in asked(name, bot) if len(one.question) > 160)
        for bot in (CBS[0], COZE[0])
    }

    assert set(found[CBS[0]]) == {"notmatch"}
    assert set(found[COZE[0]]) == {"direct", "notmatch"}
    assert 0.4 < found[COZE[0]]["direct"] / found[COZE[0]].total() < 0.95


@pytest.mark.parametrize("name", SHIPPED)
def test_a_long_text_has_the_keywords_of_its_question(name):
    """What is pasted has no keyword, and hardly two users paste the same."""
    extract = KeywordExtractor(shipped(name).lexicon)
    pastes = pastes_of(name)
    texts = [pair.question for pair in shipped(name).pairs if extract.is_certain(pair.question)]
    long = [
        (text, pastes.around(text, text, bits.key(own), Moment(own * 7_777_777, 5)))
        for own in range(40)
        for text in texts
    ]

    assert max(len(one) for _, one in long) <= LONGEST
    assert len({one for _, one in long}) > 0.9 * len(long)
    for text, one in long:
        assert pasting._bare(text) in one
        assert extract(one) == extract(text)


@pytest.mark.parametrize("end", "？ ! 。 ～ … 🙏 ~ . ， [流泪]".split())
def test_no_mark_follows_a_question_that_ends_with_one(end):
    """Whatever is cried or told after it: a blank stands between, or nothing."""
    text = f"VPN连不上{end}"
    pastes = pastes_of("office")

    after = [
        pastes.around(text, text, bits.key(own), Moment(own, 5)).partition(text)[2] for own in range(400)
    ]
    assert not {one[0] for one in after if one} & set("？！。，…～?!,.~")
    assert sum(one[:1] == " " for one in after) > 20


@pytest.mark.parametrize("name", SHIPPED)
def test_few_turns_are_essays(name):
    """At most one turn in two thousand tells in several stock sentences what happened before."""
    pools = (pasting._FAILING, pasting._OTHERS, pasting._BROKEN, pasting._ASIDE)
    clauses = [
        re.split(r"[\[\]|，,]", text.replace("[", "|").replace("]", "|")) for pool in pools for text in pool
    ]
    stock = {clause for some in clauses for clause in some if len(clause) > 3}
    said = [one for bot in (CBS[0], COZE[0]) for one in asked(name, bot)]

    long = [one for one in said if len(one.question) > LONG and not shipped(name).is_story(one.template)]
    essays = [one for one in long if sum(clause in one.question for clause in stock) > 3]
    assert len(essays) < 0.0005 * len(said)
    assert not re.search("腿脚|我姐|家里人", "".join(pasting._FAILING + pasting._OTHERS))


def test_few_speak_in_a_conversation_and_they_say_much():
    """At most four, and the 16 most frequent lines are about a third of the lines."""
    head = re.compile(r"(?m)^(\S+(?: \S+)?) \d\d-\d\d \d\d:\d\d\n(.+)")
    lines: Counter[str] = Counter()
    for name in ("office", "campus", "shop", "clinic"):
        for text in (one.question for bot in (CBS[0], COZE[0]) for one in asked(name, bot)):
            found = head.findall(text)
            assert len({who for who, _ in found}) <= 4
            lines.update(re.sub("@[^ ]+", "@", said) for _, said in found[1:])

    assert lines.total() > 1_000
    assert len(lines) > 100
    assert sum(count for _, count in lines.most_common(16)) < 0.36 * lines.total()


def long_texts(name: str, *, fails: bool = False) -> list[tuple[str, Moment]]:
    """Long texts around a question, each with the moment in which it is asked."""
    pastes = pastes_of(name)
    questions = (text for pair in shipped(name).pairs for text in (pair.question, *pair.variants))
    question = next(one for one in questions if (kind_of(one) in {"trouble", "mishap"}) == fails)
    moments = [Moment(1_790_000_000_000 + own * 7_777_777, 5) for own in range(600)]
    return [(pastes.around(question, question, bits.key(own), one), one) for own, one in enumerate(moments)]


@pytest.mark.parametrize("name", ["office", "cloud-en"])
def test_the_sender_of_a_mail_signs_it(name):
    """Not somebody else; it was written to another one, on a weekday from 9 to 18 h, before it is pasted."""
    sender = re.compile("^(?:发件人：|from: )(.+)\n.*?[：:] ?(.+)\n(?:收件人：|to: )(.+)\n")
    found = [(sender.match(text), text, moment) for text, moment in long_texts(name)]
    mails = [(match.groups(), text, moment) for match, text, moment in found if match]

    assert len(mails) > 50
    for (writer, sent, reader), text, moment in mails:
        signed = text.rsplit("\n", 1)[1]
        assert writer in signed
        assert writer != reader
        at = np.datetime64(sent.replace(" ", "T"))
        assert 9 <= at.item().hour < 18
        assert np.is_busday(at.astype("datetime64[D]"))
        assert at.astype("datetime64[ms]").astype(int) <= moment.local


@pytest.mark.parametrize("name", ["shop", "campus", "clinic"])
def test_only_offices_have_mails(name):
    """Nobody sends a mail on to the service of a shop."""
    assert not [text for text, _ in long_texts(name) if "发件人" in text]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("合力电子的客户经理怎么联系😂", "合力电子的客户经理怎么联系"),
        ("你好，年假还剩几天", "年假还剩几天"),
        ("请问年假还剩几天呢？谢谢", "年假还剩几天呢？"),
        ("嗯，工服尺码不合适，谢谢🙏", "工服尺码不合适，谢谢"),
    ],
)
def test_the_subject_of_a_mail_is_the_question_alone(text, question):
    """Without the greeting, emoji, particle or thanks that its user writes to the bot."""
    pastes = pastes_of("office")
    long = [pastes.around(text, question, bits.key(own), Moment(own * 7_777_777, 5)) for own in range(400)]
    subjects = {found[1] for one in long if (found := re.search("主题：(?:转发：)?(.*)", one))}

    assert subjects == {question.removesuffix("，谢谢").removesuffix("呢？")}


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("name", ["shop", "campus", "clinic"])
def test_only_offices_have_talk_of_colleagues(name, fails):
    """Users of a shop paste what families and friends write, in a dozen lines or more."""
    texts = [text for text, _ in long_texts(name, fails=fails)]
    talks = [text for text in texts if re.search(r"(?m)^\S+ \d\d-\d\d \d\d:\d\d$", text)]

    assert not re.search("开会|归.{2,4}管|小助手|机器人|没法干活|在弄什么|这边是好的", "".join(talks))
    said = {line for text in talks for line in text.split("\n")[3::2]}
    assert len(said) > 24
    home = pasting._AT_HOME_JOINING if fails else pasting._AT_HOME_WONDERING
    assert len([line for line in home if pastes_of(name)._drawn([line], 7)]) >= 12


@pytest.mark.parametrize("name", SHIPPED)
def test_who_asks_in_a_conversation_does_not_answer(name):
    """The one who asked the question is not among those who reply."""
    head = re.compile(r"(?m)^(\S+(?: \S+)?) \d\d-\d\d \d\d:\d\d\n")
    said = [head.findall(text) for text, _ in long_texts(name)]
    talks = [some for some in said if len(some) > 1]

    assert len(talks) > 50
    assert not [one for one, *others in talks if one in others]


def test_logs_belong_to_what_fails():
    """Real classes in their own case and valid addresses, and only with something whose logs users see."""
    said = [one for bot in (*CBS, *COZE) for one in asked("office", bot)]
    logs = [one.question for one in said if re.search(r"(?m)^\d{4}-\d\d-\d\d \d", one.question)]

    assert len(logs) > 3
    assert not [text for text in logs if not any(word in text for word in shipped("office").logs)]
    assert not [text for text in logs if re.search("短信|发票|打印机", text)]
    addresses = [map(int, one.split(".")) for text in logs for one in re.findall(r"\d+\.\d+\.\d+\.\d+", text)]
    assert all(max(octets) < 256 for octets in addresses)
    assert not [text for text in logs if re.search(r"java\.[a-z]+\.[a-z]+exception", text)]


@pytest.mark.parametrize("name", ["office", "cloud-en"])
def test_lines_of_logs_have_no_keywords(name):
    """They are known by their form, whatever the case of their names."""
    extract = KeywordExtractor(shipped(name).lexicon)
    for lines in shipped(name).logs.values():
        for line in lines:
            text = f"{next(iter(shipped(name).logs))} down\n{pasting._log_line(line, 12_345, 0)}"
            assert extract(text) == extract(text.split("\n", maxsplit=1)[0])
