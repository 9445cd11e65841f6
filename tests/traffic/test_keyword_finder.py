"""The keywords of utterances."""

from threading import Lock

from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.keyword_finder import KeywordFinder
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import TrafficLog

FINDER = KeywordFinder([KeywordExtractor(["桌面云"]), KeywordExtractor(["invoice"])], Lock())


def test_an_unknown_question_is_read_by_the_first_base_that_knows_a_word():
    """Without such a base, the first one reads it."""
    repertoire = TrafficLog(Dataset("empty"), 42).repertoire

    found = [FINDER.of(Utterance(text, "direct"), repertoire) for text in ("invoice", "桌面云")]

    assert found == [["invoice"], ["桌面云"]]


def test_every_utterance_has_keywords():
    """They are found once, and by number."""
    log = TrafficLog(Dataset("empty"), 42)

    first, second = log.keywords(), log.keywords()

    assert len(first) == len(log.repertoire)
    assert first is second
