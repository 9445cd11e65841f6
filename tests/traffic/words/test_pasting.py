"""Whether some users paste much text around their question, over seeds, trades and engines."""

import json
from collections import Counter
from functools import cache

import numpy as np
import pytest

from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
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
    """What users say to a bot with that knowledge base, with two seeds."""
    content = {"bots": [{"id": bot, "knowledge": name, "traffic": {"sessions_per_day": 300}}]}
    dataset = load_source(Source("own", json.dumps(content)))
    days = (TrafficLog(dataset, seed).rows(bot, range(LAST - 30, LAST), LAST * DAY) for seed in range(2))
    return [turn.said for some in days for day in some for turn in day]


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", SHIPPED)
def test_some_questions_are_in_long_texts(name, bot):
    """One in a thousand to one in two hundred has over 64 characters, all within what vendors accept."""
    said = asked(name, bot)
    lengths = np.array([len(one.question) for one in said])
    told = np.array([shipped(name).is_story(one.template) for one in said])

    assert 0.001 < np.mean((lengths > LONG) & ~told) < 0.005
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
    pastes = Pastes(lambda texts: [text for text in texts if not extract.is_certain(text)])
    texts = [pair.question for pair in shipped(name).pairs if extract.is_certain(pair.question)]
    long = [
        (text, pastes.around(text, own * 0x9E3779B97F4A7C15, Moment(own * 7_777_777, 5)))
        for own in range(40)
        for text in texts
    ]

    assert max(len(one) for _, one in long) <= LONGEST
    assert len({one for _, one in long}) > 0.9 * len(long)
    for text, one in long:
        assert text in one
        assert extract(one) == extract(text)
