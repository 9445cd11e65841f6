"""What one who reads an export would notice in its questions, over twenty seeds."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise, zip_longest
from statistics import mean

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.reading import doing_ms
from mockcbs.traffic.words.spelling import SLIPS
from mockcbs.traffic.words.typos import _LETTERS_LEFT
from mockcbs.traffic.words.wording import Wording
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, DAYS, REPERTOIRE, SEEDS, in_sessions, made

BOT = "404a0a00-c88a-44e4-aa2f-d5b8b9842b02"
DATASET = load("everyday")
LAST = instant("2026-11-22T00:00:00Z") // DAY
LATER = re.compile("^(还有|另外|对了|再问|那请问|那么)")
VAGUE = re.compile(
    "关于.*的?$|了解下|不行了|出问题|不好用|咋弄|怎么搞|弄不明白|什么情况|有点不对|咋回事|那个.*怎么|归谁管|想问|怎么个说法"
)
UNSPECIFIC = re.compile(
    "^(关于|想问下|想了解下)|的事问一下$|那个要怎么搞$|这边是什么情况$|想问一下$|有说明吗$|帮我看下$|有人知道吗$|不会弄啊$|^问个"
)
FOLLOW_UPS = {*KnowledgeBase.fragments} | {
    text
    for one in (DATASET.knowledge, *DATASET.trades)
    for texts in one.follow_ups.values()
    for text in texts
}
KNOWN = (DATASET.knowledge, *DATASET.trades)
DENIALS = {text for one in KNOWN for text in one.denials}
COMPLAINTS = {
    text
    for one in KNOWN
    for remark in one.small_talk
    if remark.when == "complaint"
    for text in (remark.question, *remark.variants)
}
MEANT = re.compile("^(我问的|我是问|我是想问|我说的|不是|你没听明白|你看清楚|换个问法)")
GREETS = re.compile("^(你好|您好|在吗|哈喽|早上好|上午好|下午好|晚上好)([，。！!？ ]|$)")


@cache
def sessions(seed: int, days: int = 4, bot: str = BOT) -> list[list[Utterance]]:
    """What users said in each session of some days."""
    log = TrafficLog(DATASET, seed)
    found: dict[str, list[Utterance]] = {}
    for day in log.rows(bot, range(LAST - days, LAST), LAST * DAY):
        for turn in day:
            found.setdefault(turn.session_id, []).append(turn.said)
    return list(found.values())


def share(texts: list[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.search(text)) for text in texts) / len(texts)


def test_users_refer_to_earlier_questions_only_when_there_are_some():
    """A session does not begin with 还有 or 对了; some later questions do."""
    first = [said[0].question for seed in SEEDS for said in sessions(seed)]
    later = [one.question for seed in SEEDS for said in sessions(seed) for one in said[1:]]

    assert share(first, LATER) == 0
    assert 0.002 < share(later, LATER) < 0.05


def test_users_greet_once():
    """One session in twenty to one in four begins with a greeting; few later questions do, sent at once."""
    first = [said[0].question for seed in SEEDS for said in sessions(seed)]
    later = [one.question for seed in SEEDS for said in sessions(seed) for one in said[1:]]

    assert 0.05 < share(first, GREETS) < 0.25
    assert share(later, GREETS) < 0.003


def test_users_have_other_words_when_they_ask_again():
    """Of the questions about a pair that has just answered, few have the words of one before; most of these
    are sent twice.
    """
    shares = []
    for seed in SEEDS:
        found = []
        for said in sessions(seed, 12):
            before: set[str] = set()
            for one, other in pairwise(said):
                before.add(one.template)
                if one.outcome == other.outcome == "direct" and one.pair == other.pair is not None:
                    found.append(other.template in before)
        shares.append(mean(found))

    assert 0.01 < mean(shares) < 0.15
    assert max(shares) < 0.2


def test_most_questions_without_a_match_are_well_formed():
    """Few name a keyword in vague words, and a third make sense only after others."""
    missed = [
        one
        for seed in SEEDS
        for said in sessions(seed)
        for one in said
        if one.outcome == "notmatch" and not one.failed
    ]
    texts = [one.template for one in missed]

    vague = share(texts, VAGUE)
    fragments = mean(text in FOLLOW_UPS for text in texts)
    assert 0.01 < vague < 0.15
    assert 0.2 < fragments < 0.42


def test_fragments_follow_something():
    """Nobody begins a session with 那个呢, except those who report what has come of an answer."""
    first = {said[0].template for seed in SEEDS for said in sessions(seed)}

    assert not {text for text in first & FOLLOW_UPS if not doing_ms(text)}


def test_few_answered_questions_are_standard_questions():
    """Users have words of their own: less than one typed question in ten is that of the pair."""
    found = [
        one.question == one.pair.question
        for seed in SEEDS
        for said in sessions(seed)
        for one in said
        if one.outcome == "direct" and one.pair and not one.is_tapped
    ]

    assert 0.005 < mean(found) < 0.1


def test_users_tap_on_recommended_questions():
    """Half of the questions asked after a recommendation are exactly what was recommended, or more."""
    exact = [
        other.question == one.pair.question
        for seed in SEEDS
        for said in sessions(seed)
        for one, other in pairwise(said)
        if one.outcome == "recommend" and one.pair == other.pair and other.outcome == "direct"
    ]

    assert 0.5 < mean(exact) < 0.95


def test_users_react_to_wrong_answers():
    """After some answers users say that they meant something else, and ask for it or for a human."""
    reactions, then = [], Counter()
    for seed in SEEDS:
        for said in sessions(seed):
            for place, (one, other) in enumerate(pairwise(said)):
                if one.outcome != "direct":
                    continue
                denies = other.template in DENIALS or (
                    other.outcome == "chat" and other.template in COMPLAINTS
                )
                meant = other.outcome == "direct" and bool(MEANT.search(other.template))
                reactions.append(denies or meant)
                if denies:
                    then[said[place + 2].outcome if place + 2 < len(said) else "leaves"] += 1

    assert 0.05 < mean(reactions) < 0.2
    assert then["direct"] > 0.35 * then.total()
    assert then["chat"] > 0.05 * then.total()
    assert then["leaves"] > 0.03 * then.total()


def test_a_bot_answers_one_text_one_way():
    """A text that has an answer always has the same, whatever users mean with it."""
    for bot in CBS:
        answers: dict[str, set[str]] = {}
        for seed in SEEDS:
            for one in np.unique(made(seed, bot).utterance).tolist():
                said = REPERTOIRE[one]
                if said.outcome == "direct" and said.pair:
                    answers.setdefault(said.template, set()).add(said.pair.question)

        assert not {text: some for text, some in answers.items() if len(some) > 1}


def test_most_users_put_up_with_a_vague_answer():
    """Of those who say only 关于打印机的问题, one in ten to two in five object to the answer; many leave."""
    after = Counter()
    for seed in SEEDS:
        for said in sessions(seed, 12, CBS[0]):
            for one, other in zip_longest(said, said[1:]):
                if one.outcome == "direct" and UNSPECIFIC.search(one.template):
                    objects = other and (
                        other.template in DENIALS | COMPLAINTS or MEANT.search(other.template)
                    )
                    after["leaves" if other is None else "objects" if objects else "asks"] += 1

    assert after.total() > 200
    assert 0.1 < after["objects"] / after.total() < 0.4
    assert after["leaves"] / after.total() > 0.15


def test_few_questions_name_a_matter_only():
    """At most two lines in a hundred are like 关于打印机的问题, whatever answers them."""
    matter = re.compile(
        "^(.*[，。！ ])?(关于.{2,8}的问题|想问下?[^下问，。]{2,4}|想(了解|咨询)下.{2,8})$"
        "|.{2,8}的事(情)?问一下|那个.{2,8}怎么说"
    )
    for bot in CBS:
        texts = [one.question for seed in SEEDS for said in sessions(seed, 4, bot) for one in said]
        assert 0.001 < share(texts, matter) < 0.02


def test_emoji_fit_what_users_say():
    """Users beg or thank with 🙏; it is less than half of the emoji, and they have five others or more."""
    texts = [one.question for seed in SEEDS for bot in CBS for said in sessions(seed, 4, bot) for one in said]
    found = Counter(letter for text in texts for letter in text if ord(letter) > 0x1F000)
    begs = re.compile("谢|麻烦|拜托|辛苦|求|帮|转人工|please|thank|help")

    assert found.total() > 200
    assert found["🙏"] < 0.45 * found.total()
    assert len(found) > 5
    begun = [text for text in texts if "🙏" in text[1:] and text.strip("🙏")]
    assert not [text for text in begun if not begs.search(text)]


def test_users_pick_wrong_characters_rather_than_hit_keys():
    """推货 for 退货 is more frequent than letters at the end of a text, or within it."""
    texts = [one.question for seed in SEEDS for bot in CBS for said in sessions(seed, 4, bot) for one in said]
    wrong = re.compile("|".join(one for wrong in SLIPS.values() for one in wrong))
    stray = re.compile(r"[\u3400-\u9fff](?<![abvx幢座栋十])[a-z]$")
    left = re.compile(
        "[\u3400-\u9fff](?:" + "|".join(t.split("/")[1].replace("'", "") for t in _LETTERS_LEFT) + ")"
    )

    slips = [text for text in texts if wrong.search(text)]
    assert 0.0005 < len(slips) / len(texts) < 0.01
    assert share(texts, stray) < 0.0002
    assert share(texts, left) < 0.0004


def test_corrections_are_about_the_same_thing():
    """Who says 我说的是… repeats or narrows what they asked, or has named the category only; one question in
    a hundred does so.
    """
    extract, count, near, turns = KeywordExtractor(DATASET.knowledge.lexicon), 0, 0, 0
    for seed in SEEDS:
        for said in sessions(seed):
            turns += len(said)
            for place, one in enumerate(said):
                if one.outcome == "direct" and MEANT.search(one.template):
                    count += 1
                    answered = (other.template for other in said[:place][::-1] if other.outcome == "direct")
                    before = next(answered, "")
                    pairs = (
                        {text[at : at + 2] for at in range(len(text) - 1)} for text in (before, one.template)
                    )
                    shared = set.intersection(*pairs) - {"怎么", "什么", "可以", "多少"}
                    named = any(name in before for name in re.split("[与和]", one.domain or ""))
                    near += bool(shared or named or {*extract(before)} & {*extract(one.template)})

    assert 0.005 < count / turns < 0.02
    assert near > 0.85 * count


def test_failed_questions_have_the_words_of_users():
    """Standard questions are as rare among questions that failed as among others."""
    log = TrafficLog(load("incident"), 42)
    now = instant("2026-11-20T00:00:00Z")
    standard = {pair.question for pair in DATASET.knowledge.pairs}
    texts = {text for pair in DATASET.knowledge.pairs for text in (pair.question, *pair.variants)}
    failed, others = [], []
    for bot in (BOT, "505a0a00-c88a-45e5-aa2f-d5b8b9852b02", "606a0a00-c88a-45e5-aa2f-d5b8b9852b02"):
        for day in log.rows(bot, range(now // DAY - 8, now // DAY), now):
            said = [turn.said for turn in day if turn.said.template in texts and not turn.said.is_tapped]
            failed += [one.template in standard for one in said if one.failed]
            others += [one.template in standard for one in said if not one.failed]

    assert len(failed) > 100
    assert mean(failed) < 2.5 * mean(others) < 0.5


def test_users_do_not_walk_over_the_list_of_a_category():
    """Later answers are to pairs beside the first one, or about the same thing, more often than by chance."""
    pairs = DATASET.knowledge.pairs
    place = {pair.question: number for number, pair in enumerate(pairs)}
    distances = Counter()
    for seed in SEEDS:
        turns = made(seed, CBS[0], sessions_per_day=300)
        first, later = in_sessions(turns)
        for one, other in zip(turns.utterance[first].tolist(), turns.utterance[later].tolist(), strict=True):
            before, after = REPERTOIRE[one].pair, REPERTOIRE[other].pair
            if before and after and before.domain == after.domain and before != after:
                distances[abs(place[before.question] - place[after.question])] += 1
    domains = [pair.domain for pair in pairs]
    chance = Counter(
        abs(one - other)
        for one in range(len(pairs))
        for other in range(len(pairs))
        if one != other and domains[one] == domains[other]
    )
    shares = {one: distances[one] / distances.total() / (chance[one] / chance.total()) for one in range(1, 9)}

    assert 0.6 < min(shares.values()) <= max(shares.values()) < 1.5


def test_bots_of_a_trade_have_questions_of_their_own():
    """Of the questions without a match, two bots with one knowledge base share less than two thirds."""
    wording = Wording(DATASET.knowledge)
    foreign = wording.subject_sections == wording.fixed[Act.FOREIGN]

    def asked(key: int) -> set[int]:
        section = wording.tables(key, range(8), 70)[0][:, wording.fixed[Act.FOREIGN]]
        return set(np.unique(section).tolist())

    for key in range(10):
        one, other = asked(2 * key), asked(2 * key + 1)
        assert len(one & other) / len(one | other) < 2 / 3
        assert 20 < len(one) < 0.8 * np.count_nonzero(foreign)


def test_the_shortest_thanks_lead():
    """谢谢 is by far more frequent than 非常感谢 or 谢谢你的帮助."""
    count = Counter(one.template for seed in SEEDS for said in sessions(seed) for one in said)

    assert count["谢谢"] > 3 * max(count["非常感谢"], count["谢谢你的帮助"])


@pytest.mark.parametrize("name", SHIPPED)
def test_users_acknowledge_answers(name):
    """Users of every trade say 好的 or 知道了: one message in some hundred, hardly more often than 谢谢."""
    oks = re.compile("^(好的?|好嘞|收到|知道了|明白了?|懂了|了解|行|嗯嗯|好的.*|ok|got it|ok got it)$")
    shares, thanks = [], []
    for seed in SEEDS[:6]:
        generator = Generator(seed, CBS[0], Profile(), shipped(name))
        turns, lines = generator.turns_of(DAYS[:30])[0], [*generator.lines]
        every = [lines[number] for number in turns.utterance.tolist()]
        said = Counter(one.template for one in every if one.outcome == "chat")
        shares.append(sum(count for text, count in said.items() if oks.match(text)) / len(turns))
        thanks.append(sum(said[text] for text in ("谢谢", "多谢", "thanks", "thx")) / len(turns))

    assert 0.002 < mean(shares) < 0.02
    assert mean(shares) < 1.5 * mean(thanks)


def test_only_who_has_asked_before_is_rude():
    """A session does not begin with 怎么又这样 or 再不弄好我要投诉了."""
    first = [said[0].question for seed in SEEDS for said in sessions(seed)]

    assert share(first, re.compile("怎么又这样|气死了|你们管不管|要投诉了，|别再让我等|到底管不管")) == 0


def test_some_texts_are_long():
    """One question in two hundred to one in twenty has over 25 characters, and a few have several lines."""
    texts = [one.question for seed in SEEDS for said in sessions(seed) for one in said]

    assert 0.005 < mean(len(text) > 25 for text in texts) < 0.05
    assert 0.0002 < mean("\n" in text for text in texts) < 0.01
    assert 0.0005 < share(texts, re.compile("https?://|1[1-9]0000|[0-9]{8}")) < 0.05
    assert 0.002 < share(texts, re.compile("[\U0001f300-\U0001faff]")) < 0.08


def test_nobody_asks_how_to_do_a_noun():
    """怎么弄 follows what can be done: 换鼠标，怎么弄, but not 部门咋弄啊, and no advertisement."""
    wrong = re.compile(
        "^(部门|访客|申请|离职|外包|会议室|账户|访问|复杂度|新员工)(咋弄|弄不明白|找谁弄|那个要怎么搞|没反应)"
        "|有没有人管(网速|密码|云硬盘|弹性)|(想了解下|关于)复杂度|(加微信|请联系|我爱你|乱码|转正).*，[怎咋]么?弄"
    )
    texts = [one.question for seed in SEEDS for said in sessions(seed) for one in said]

    assert not [text for text in texts if wrong.search(text)]
    tails = [text for text in texts if re.search("，[怎咋]么?弄$", text)]
    task = re.compile(
        "[开换改补办连加领查还退续报]|重[置启]|放通|取消|预约|绑定|打印|申请|创建|解锁|挂失|扩容|复印|充值|备案|怎么"
    )
    assert len(tails) > 10
    assert not [text for text in tails if not task.search(text)]
