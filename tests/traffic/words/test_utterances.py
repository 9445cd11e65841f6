"""Utterances that fail, made when they are read."""

import numpy as np

from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import FAILURES, Utterance
from mockcbs.traffic.numbering import Lines, generated
from mockcbs.traffic.words.reading import efforts
from mockcbs.traffic.words.utterances import Utterances

OFFICE = load("everyday").knowledge
PLAIN = [Utterance("发票怎么开", "direct"), Utterance("预约", "dialog")]
FAILING = [one.failing(FAILURES[0]) for one in PLAIN]


def test_each_failing_utterance_comes_for_every_reason():
    """Numbers, iteration and length agree."""
    found = Utterances(PLAIN, FAILING)

    every = [*PLAIN, *(one.failing(kind) for one in PLAIN for kind in FAILURES)]
    assert [*found] == every == [found[number] for number in range(len(found))]
    assert [one for one, times in zip(found.different, found.times, strict=True) for _ in range(times)] == [
        *PLAIN,
        *(one for one in FAILING for _ in FAILURES),
    ]


def test_outcomes_and_efforts_are_those_of_each_utterance():
    """What is found for one of each kind is what all utterances give one by one."""
    lines, said = generated(OFFICE), [*generated(OFFICE)]
    each = Lines(said)

    assert all(map(np.array_equal, lines.endings, each.endings))
    for domain in (None, *dict.fromkeys(one.domain for one in said)):
        assert np.array_equal(lines.outcomes(domain), each.outcomes(domain))
    apart = said[:500:7]
    some = lines.wording.utterances
    found = efforts(some.different, OFFICE.small_talk, apart, some.times)
    assert all(map(np.array_equal, found, efforts(said, OFFICE.small_talk, apart)))
