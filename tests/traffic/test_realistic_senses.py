"""Whether what users say makes sense: what skills request and what users name, over seeds and trades."""

import inspect
import re
from collections import defaultdict
from datetime import UTC, datetime
from importlib import resources

import pytest

from mockcbs.traffic import bits, default_words
from mockcbs.traffic.gaps import CHINESE, gaps_of
from mockcbs.traffic.knowledge import Skill
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words import fillers, phrases
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.names import Names
from mockcbs.traffic.words.skills import step
from mockcbs.traffic.words.spelling import SLIPS
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.test_realistic_words import DATASET, LAST
from tests.traffic.worlds import CBS, COZE, SEEDS

FIXTURES = resources.files("mockcbs.fixtures") / "knowledge"
WANTED = {
    "cancel": re.compile("取消|退了|退掉|cancel"),
    "change": re.compile("改|推迟|提前|change|move"),
    "look up": re.compile("我订了|我的.*预订|我约了|my bookings"),
}
"""What users want of a skill; otherwise that something is booked or looked up anew."""
COUNTED = re.compile("人数|多少人|how many")


def wanted(text: str) -> str:
    return next((want for want, words in WANTED.items() if words.search(text)), "book")


def requested(skill: Skill, text: str) -> list[str]:
    """The questions of the skill after *text*."""
    known = step(skill, {}, text, starting=True).known
    return [slot.ask for slot in skill.slots if slot.name not in known]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_skill_requests_what_was_asked_for(name):
    """All utterances of a skill want the same. Who cancels or changes says which booking; who looks up, at
    most the day; only who books says when and for how many.
    """
    for skill in shipped(name).skills:
        assert len({wanted(text) for text in skill.utterances}) == 1, skill.name
        for text in skill.utterances:
            asked = requested(skill, text)
            if wanted(text) != "book":
                assert len(asked) <= 1, text
                assert wanted(text) != "look up" or all("哪一天" in ask for ask in asked), text
                assert not any(COUNTED.search(ask) for ask in asked), text


def test_who_cancels_says_no_head_count():
    """Over seeds and bots: what users say after they cancel, change or look up a booking is no head-count."""
    found = []
    for seed in SEEDS:
        log = TrafficLog(DATASET, seed)
        for bot in (*CBS, *COZE):
            sessions: dict[str, str] = {}
            for day in log.rows(bot, range(LAST - 5, LAST), LAST * DAY):
                for turn in day:
                    before = sessions.get(turn.session_id, "")
                    if turn.said.outcome == "dialog" and "会议室" in before and wanted(before) != "book":
                        found.append(turn.said.question)
                    sessions[turn.session_id] = turn.said.bare if turn.said.outcome == "dialog" else ""

    assert len(found) > 20
    assert not [text for text in found if "人" in text]


DATED = re.compile(
    r"(?<!\d)(?<!学号)(?:20)?(2[56])(0[1-9]|1[012])(0[1-9]|[12]\d|3[01])(?:\d{3,8}|-\d{15})(?!\d)"
)
SECONDS = re.compile(r"(?<![\d-])(?<!SF)(17\d{8})\d{0,8}(?!\d)")
"""Numbers that begin with a date, and those that begin with the seconds since 1970; numbers of students and
of parcels do not.
"""


def test_numbers_of_orders_advance_with_time():
    """Over seeds, bots and months: orders and forms are at most eleven days older than the question."""
    ages = []
    for seed in range(6):
        log = TrafficLog(DATASET, seed)
        for bot in (*CBS, *COZE):
            for begin in (LAST - 80, LAST - 40, LAST - 3):
                for day in log.rows(bot, range(begin, begin + 3), LAST * DAY):
                    ages += [age for turn in day for age in ages_of(turn.said.question, turn.at_ms)]

    assert len(ages) > 60
    assert min(ages) >= -1
    assert max(ages) <= 11


def ages_of(text: str, at_ms: int) -> list[int]:
    """How many days before *at_ms* the orders that *text* names were made."""
    days = [
        datetime(2000 + int(year), int(month), int(day), tzinfo=UTC).timestamp() // 86_400
        for year, month, day in DATED.findall(text)
    ]
    days += [int(seconds) // 86_400 for seconds in SECONDS.findall(text)]
    return [at_ms // DAY - int(day) for day in days]


TEXTILES = "毛巾|浴巾|枕头|枕巾|四季被|蚕丝被|春秋被|棉被|羽绒被|毛毯|地垫|桌布|沙发垫|抱枕|浴帘"
COOKWARE = (
    "炒锅|汤锅|奶锅|平底锅|炖锅|煎锅|铁锅|砂锅|饭盒|保鲜盒|盘子|汤碗|马克杯|茶具|水壶|刀具|台灯|鞋架|花瓶"
)
ABSTRACT = "质量|网速|物流|发票抬头|网站|图书|颜色|价格|味道|尺寸"
SENSELESS = re.compile(
    f"({TEXTILES})(会生锈|掉了个螺丝|说明书|可以放微波炉|能放微波炉|的盖子|保修|装好了)"
    f"|({COOKWARE})[^，]*，?(洗了一次就缩水|一直掉毛|盖着扎人|里面一团)"
    "|(毛巾|浴巾|地垫|桌布|沙发垫|浴帘)[^，]*，(盖着|里面(的棉)?一团|就铺了一晚)"
    "|(盘子|马克杯|汤碗|茶具)[^，]*，(盖不紧|卡扣)"
    "|(请假单|加班单|外出单)[^，]*，(说(科目|预算不够|要拆成)|显示已审批)"
    f"|({ABSTRACT})(不好用了|没反应|又不行了|好像出问题了|出问题了)|我(的|那个)({ABSTRACT})|体育(课件|教材)"
    "|(膝盖疼|耳鸣|手麻|起红疹子)[^，]*，一直在吃(蒙脱石散|止咳糖浆|连花清瘟)"
)
"""What no user says: the thing has no such part, or cannot do so."""


@pytest.mark.parametrize("name", SHIPPED)
def test_what_users_name_fits_what_they_say_about_it(name):
    """Textiles do not rust and have no screws, pots do not shrink, abstract nouns do not break down."""
    knowledge = shipped(name)
    names = Names(knowledge, KeywordExtractor(knowledge.lexicon))
    texts = {one.template for one in Subjects(knowledge).utterances}

    said = [
        names.filled(text, bits.key(seed, text) & 0xFFFFFFFF, seed) if "{" in text else text
        for text in texts
        for seed in range(60 if "{" in text else 1)
    ]

    assert not sorted(text for text in said if SENSELESS.search(text))[:9]


TYPED = re.compile(
    r"([\u4e00-\u9fff])\1|[\u4e00-\u9fff][a-z]{2,8}[\u4e00-\u9fff]|^[a-z]{2,8}[\u4e00-\u9fff]|"
    + "|".join(one for wrong in SLIPS.values() for one in wrong)
)
LATIN = re.compile("[a-z]+")
"""Characters that are there twice, letters that stay, and wrong characters: what some typos look like."""


@pytest.mark.parametrize("bot", [CBS[0], COZE[1]])
def test_a_typo_is_made_by_a_handful_of_users(bot):
    """In 90 days, no typo comes from more than seven users: most real ones are made once."""
    stated = [(FIXTURES / f"{name}.yaml").read_text("utf-8") for name in SHIPPED]
    stated += [inspect.getsource(module) for module in (default_words, fillers, phrases)]
    usual = {found[0] for text in stated for found in TYPED.finditer(text)}
    latin = {word for text in stated for word in LATIN.findall(text.lower())}
    users: dict[str, set[str]] = defaultdict(set)
    for seed in range(2):
        log = TrafficLog(DATASET, seed)
        for day in log.rows(bot, range(LAST - 90, LAST), LAST * DAY):
            for turn in day:
                found = TYPED.search(turn.said.question)
                if found and found[0] not in usual and latin.isdisjoint(LATIN.findall(found[0])):
                    users[f"{seed} {turn.said.question}"].add(turn.user_id)

    assert len(users) > 20
    assert max(map(len, users.values())) <= 7


@pytest.mark.parametrize("name", sorted({*SHIPPED} - {"cloud-en"}))
def test_what_fills_a_gap_has_the_language_of_the_text(name):
    """The words in gaps are Chinese if the text is, so that no Chinese question begins with good day."""
    assert all(CHINESE.search(text) for text in shipped(name).unmatched if gaps_of(text))
