"""How users phrase what they say."""

from collections import Counter

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Turns, turns
from mockcbs.traffic.words import phrasing
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.kinds import kind_of
from mockcbs.traffic.words.phrasing import Phrasing, phrasing_of
from tests.traffic.bases import SHIPPED
from tests.traffic.logs import BOT, NOW, log_of, session


def times(count: int, start: str = "2026-11-22T03:00:00Z") -> Turns:
    rows = np.arange(count)
    return turns(instant(start) + 977 * rows, rows, rows % 97 - 1, 0 * rows, 0 * rows)


def texts(said: Utterance, count: int = 2_000, lexicon: tuple[str, ...] = ("VPN",)) -> Counter[str]:
    base = KnowledgeBase(keywords=lexicon)
    said_by = Phrasing(base, KeywordExtractor(base.lexicon))
    return Counter(one.question for one in said_by.of(times(count), [said] * count))


def test_one_question_has_many_texts():
    """The plain text leads, and there is a long tail of other ones."""
    found = Counter[str]()
    for text, count in texts(Utterance("VPN连不上怎么办", "direct")).items():
        found[text.replace("vpn", "VPN")] += count

    (first, most), (_, second), *_ = found.most_common()
    assert first == "VPN连不上怎么办"
    assert second < most / 2
    assert len(found) > 300
    assert sum(count == 1 for count in found.values()) > 200


def test_phrasing_is_a_function_of_user_and_time():
    """The same turn always has the same text, whichever turns are read with it."""
    said = Utterance("VPN连不上怎么办", "direct")
    said_by = Phrasing(KnowledgeBase(), KeywordExtractor(["VPN"]))
    rows = times(50)

    together = said_by.of(rows, [said] * 50)
    alone = [said_by.of(rows.take(slice(row, row + 1)), [said])[0] for row in range(50)]

    assert together == alone


def test_users_have_manners():
    """Some users write marks and thanks far more often than others."""
    said = Utterance("VPN连不上怎么办", "direct")
    said_by = Phrasing(KnowledgeBase(), KeywordExtractor(["VPN"]))

    def plain(user: int) -> float:
        rows = np.arange(500)
        made = said_by.of(turns(rows * 97_700, rows, rows * 0 + user, 0 * rows, 0 * rows), [said] * 500)
        return sum(one.question[-1] in "办整弄搞" for one in made) / 500

    shares = sorted(plain(user) for user in range(60))
    assert shares[0] < 0.5
    assert shares[-1] > 0.75


@pytest.mark.parametrize("outcome", ["chat", "dialog", "recommend"])
def test_short_remarks_only_get_marks(outcome):
    """A greeting, a value and a keyword stay what they are."""
    assert all(text.startswith("十人以内") for text in texts(Utterance("十人以内", outcome)))


def test_a_filler_does_not_repeat_the_character_beside_it(monkeypatch):
    """要怎么 does not follow 要, and 几天 does not precede 天; only typos double characters."""
    monkeypatch.setattr(phrasing, "_TYPED_WRONG", 0)

    found = [*texts(Utterance("VPN那个要怎么搞", "direct")), *texts(Utterance("VPN能用多久天算完", "direct"))]

    assert any("多长时间" in text for text in found)
    assert not any("要要" in text or "天天" in text for text in found)


def test_a_user_repeats_a_question_about_the_same_person():
    """The second wording of a question names the person of the first."""
    said = [
        Utterance(text, "notmatch", has_gaps=True)
        for text in ("{name}的工位在几楼", "我是问{name}的工位在几楼", "再说一遍，{name}的工位在几楼")
    ]
    said_by = Phrasing(KnowledgeBase(), KeywordExtractor([]))
    rows = np.arange(3)

    for user in (-1, 5):
        at = instant("2026-11-22T03:00:00Z") + 20_000 * rows
        made = [one.question for one in said_by.of(turns(at, 0 * rows, 0 * rows + user, rows, rows), said)]

        name = made[0].split("的")[0]
        assert all(name in text for text in made)
        assert "{" not in name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("桌面云打不开怎么办", "trouble"),
        ("杯子碎了怎么办", "mishap"),
        ("订单怎么还没到", "mishap"),
        ("包裹送到前台行不行", "other"),
        ("食堂在哪里", "where"),
        ("怎么申请桌面云", "how"),
        ("可以开发票吗", "fact"),
        ("我要投诉", "other"),
    ],
)
def test_afterthoughts_fit_the_question(text, kind):
    """Only a question about something that fails is said to have failed again, only one about a way gets a
    tutorial; errors are those of pairs.
    """
    found = texts(Utterance(text, "direct"), 20_000, lexicon=(text[:2],))

    assert kind_of(text) == kind
    assert any("有教程吗" in one for one in found) == (kind == "how")
    assert any("试过重新弄没用" in one for one in found) == (kind == "trouble")
    assert any("怎么办，怎么办" in one for one in found) is False


@pytest.mark.parametrize("name", SHIPPED)
def test_phrasing_keeps_the_keywords(tmp_path, name):
    """A phrased text has the keywords of the plain text, which all statistics count; names have none."""
    file = tmp_path / "own.yaml"
    file.write_text(f'knowledge: {name}\nbots: [{{id: "*"}}]', "utf-8")
    log = TrafficLog(load(str(file)), 42)
    lines, phrasing = generated(log.dataset.knowledge), phrasing_of(log.dataset.knowledge)
    rows = np.repeat(np.arange(len(lines)), 4)
    at = instant("2026-11-22T03:00:00Z") + 977 * np.arange(len(rows))
    moments = turns(at, rows, np.arange(len(rows)) % 97 - 1, rows, 0 * rows)
    found = phrasing.of(moments, [lines[number] for number in rows.tolist()])

    extract = KeywordExtractor(log.dataset.knowledge.lexicon)

    changed = [one for one in found if one.phrased]
    assert len(changed) > len(rows) / 3
    for one in changed:
        if not one.has_gaps:
            assert extract(one.bare) == extract(one.question)
        if not one.has_gaps or (extract.is_certain(one.bare) and name != "cloud-en"):
            assert log.keywords_of(one) == extract(one.question)


def test_only_generated_turns_are_phrased():
    """Stated turns are shown as they are written; the log and its explanations show the same texts."""
    profile = Profile(sessions_per_day=200)
    log = log_of(session("a", "2026-11-20T03:00:00Z"), profile=profile)
    bot = log.bot(BOT, NOW)

    rows = [turn for some in log.rows(BOT, range(NOW // DAY - 2, NOW // DAY - 1), NOW) for turn in some]

    here = bot.view.turns.take(
        slice(*np.searchsorted(bot.view.turns.at, [row * DAY for row in (NOW // DAY - 2, NOW // DAY - 1)]))
    )
    assert Counter(one.question for one in bot.said(here)) == Counter(row.said.question for row in rows)
    assert [row.said.phrased for row in rows if row.session_id == "a"] == [""]


def test_one_question_in_fifty_has_a_typo(monkeypatch):
    """A typo changes no keyword, and all other questions stay as they are."""
    said = Utterance("VPN怎么申请", "direct")
    found = texts(said, 20_000)
    monkeypatch.setattr(phrasing, "_TYPED_WRONG", 0)

    wrong = found - texts(said, 20_000)

    assert 0.005 < wrong.total() / found.total() < 0.03
    assert all("vpn" in text.lower() for text in wrong)
    assert len(wrong) > 10


def test_only_the_first_question_of_a_session_greets():
    """Later questions may begin with 还有 instead; both may begin with 请问."""
    said, rows = Utterance("VPN怎么连接", "direct"), times(4_000)
    said_by = Phrasing(KnowledgeBase(), KeywordExtractor(["VPN"]))

    first, later = (
        " ".join(
            one.question for one in said_by.of(rows, [said] * len(rows), first=np.full(len(rows), which))
        )
        for which in (True, False)
    )

    assert "你好" in first
    assert "还有" not in first
    assert "还有" in later
    assert "你好" not in later
    assert "请问" in first
    assert "请问" in later


@pytest.mark.parametrize(
    ("phrased", "detailed"),
    [
        ("你好，云桌面连不上，谢谢", "你好，云桌面连不上{}，谢谢"),
        ("云桌面连不上", "云桌面连不上{}"),
        ("不好意思在吗，云桌面咋连不了", "不好意思在吗，云桌面咋连不了{}"),
    ],
)
def test_thanks_come_after_a_detail(phrased, detailed):
    """A detail stands beside the question; where the question is worded otherwise, at the end of the text."""
    said = Utterance("云桌面连不上", "direct").in_words(phrased)

    found = {phrasing._with_detail(said, "提示错误码", own).phrased for own in range(40)}

    assert found == {detailed.format(joint + "提示错误码") for joint in ("，", " ")}
