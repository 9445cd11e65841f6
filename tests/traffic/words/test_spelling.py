"""Whether users write words of the same sound as real ones do, over seeds and bots."""

import re
from collections import defaultdict
from itertools import chain

import numpy as np
import pytest

from mockcbs.traffic.answering import RECOMMENDED, Answerer
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.habits import spelled
from mockcbs.traffic.words.spelling import usual
from tests.traffic.test_realistic_words import DATASET, LAST
from tests.traffic.worlds import CBS, COZE, SEEDS

LOGIN, ACCOUNT = re.compile("登[录陆]"), re.compile("[账帐][号户单]")
WHERE = re.compile("在[哪那]")


def typed() -> list[tuple[str, str]]:
    """The user and the text of each typed question of some days."""
    logs = ((seed, TrafficLog(DATASET, seed)) for seed in SEEDS[:8])
    days = chain.from_iterable(
        log.rows(bot, range(LAST - 12, LAST), LAST * DAY) for _, log in logs for bot in (*CBS, *COZE)
    )
    return [
        (turn.bot_id + turn.user_id, turn.said.question)
        for day in days
        for turn in day
        if not turn.said.is_tapped
    ]


TYPED = typed()


@pytest.mark.parametrize(("words", "wrong"), [(LOGIN, "登陆"), (ACCOUNT, "帐")])
def test_one_user_in_four_writes_words_of_the_same_sound(words, wrong):
    """登陆 and 帐号 are 20 to 40 % of these words; who writes them so once does so nearly always."""
    found = [(user, match[0]) for user, text in TYPED for match in words.finditer(text)]
    of: dict[str, list[bool]] = defaultdict(list)
    for user, word in found:
        of[user].append(wrong in word)
    several = [some for user, some in of.items() if len(some) > 2 and any(some) and "user" in user]

    assert len(found) > 300
    assert 0.2 < sum(wrong in word for _, word in found) / len(found) < 0.4
    assert sum(map(sum, several)) > 0.9 * sum(map(len, several))


def test_some_users_confuse_which_and_that():
    """在那 stands for 在哪 in 1 to 9 of 100 questions."""
    found = [match[0] for _, text in TYPED for match in WHERE.finditer(text)]

    assert 0.01 < found.count("在那") / len(found) < 0.09


def test_the_bot_answers_what_is_written_so():
    """A question about an account nearly always gets the pair that it would get if it were spelled well."""
    answerer = Answerer(DATASET.knowledge)
    asked = [
        text
        for pair in DATASET.knowledge.pairs
        if not pair.deleted
        for text in pair.variants
        if LOGIN.search(text) or ACCOUNT.search(text)
    ]

    same = [
        answerer.pairs(spelled(text, 3), least=RECOMMENDED)[0].entry == answerer.pairs(text)[0].entry
        for text in asked
    ]

    assert len(asked) > 20
    assert np.mean(same) > 0.9


def test_keywords_are_found_in_the_usual_spelling():
    """Of each word that both are used for, the usual one is read; other words stay."""
    assert usual("帐号登陆不上，帐单也看不了") == "账号登录不上，账单也看不了"
    assert usual("双11和双12哪个便宜") == "双十一和双十二哪个便宜"
    assert usual("桌面云打不开") == "桌面云打不开"
