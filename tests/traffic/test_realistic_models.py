"""What bots of language models understand that bots of keywords do not, over twenty seeds."""

import re
from collections import Counter

import numpy as np
import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import (
    CBS,
    COZE,
    DAYS,
    KNOWLEDGE,
    REPERTOIRE,
    SEEDS,
    failed,
    in_sessions,
    made,
    outcomes,
)

SCRAPS = {text for texts in KNOWLEDGE.scraps.values() for text in texts}
FOLLOW_UPS = {text for texts in KNOWLEDGE.follow_ups.values() for text in texts} - SCRAPS
OUTSIDE = {*KNOWLEDGE.unmatched, *KNOWLEDGE.scraps}
SAID = list(REPERTOIRE)
UNDERSTOOD = Subjects(KNOWLEDGE).asking.understood
ASKED = {text for pair in KNOWLEDGE.pairs for text in (pair.question, *pair.variants)}


def test_a_language_model_answers_nearly_everything():
    """Of the questions to a bot of Coze 1.5 to 7 % have no match: at most 60 % of the share of any of CBS."""
    for seed in SEEDS:
        missed = [[(outcomes(made(seed, bot)) == "notmatch").mean() for bot in bots] for bots in (COZE, CBS)]

        assert min(missed[0]) > 0.015
        assert max(missed[0]) < 0.07
        assert max(missed[0]) < 0.6 * min(missed[1])


def test_what_a_language_model_does_not_answer_lies_outside_its_knowledge():
    """Most of its questions without a match are about something that the bot does not cover."""
    for seed in SEEDS:
        turns = made(seed, COZE[0], failure_permille=0, incident_days=0, sessions_per_day=200)
        missed = turns.utterance[outcomes(turns) == "notmatch"].tolist()

        assert np.mean([SAID[number].template in OUTSIDE for number in missed]) > 0.7
        assert not any(SAID[number].template in FOLLOW_UPS for number in missed)


def test_a_language_model_remembers_what_was_asked():
    """Words such as 要多久 are answered from the pair of the question before; to CBS they have no match."""
    follows = np.array([said.template in FOLLOW_UPS for said in SAID])
    for seed in SEEDS:
        turns = made(seed, COZE[0], failure_permille=0, incident_days=0)
        before, after = in_sessions(turns)
        here = follows[turns.utterance[after]]
        pairs = [
            (SAID[one].pair, SAID[other].pair)
            for one, other in turns.utterance[np.column_stack((before[here], after[here]))].tolist()
        ]
        rules = made(seed, CBS[0])

        assert here.mean() > 0.04
        assert all(pair is not None and pair == known for known, pair in pairs)
        assert set(outcomes(rules)[follows[rules.utterance]].tolist()) == {"notmatch"}


def test_a_language_model_understands_typos_and_vague_words():
    """Words that CBS never hears are answered by Coze, in at least one of twenty answers; some of them are
    vague words, which CBS never matches.
    """
    missed = {said.template for said in SAID if said.outcome == "notmatch" and not said.failed}
    missed -= FOLLOW_UPS | OUTSIDE | ASKED
    vague = np.array([said.outcome == "direct" and said.template in missed for said in SAID])
    answered = np.array(
        [
            said in UNDERSTOOD and said.template not in FOLLOW_UPS and said.template not in ASKED
            for said in SAID
        ]
    )
    for seed in SEEDS:
        coze, cbs = made(seed, COZE[0]), made(seed, CBS[0])
        direct = outcomes(coze) == "direct"

        assert answered[coze.utterance[direct]].mean() > 0.05
        assert vague[coze.utterance[direct]].mean() > 0.02
        assert not (answered | vague)[cbs.utterance].any()


@pytest.mark.parametrize("base", SHIPPED)
def test_few_questions_are_a_keyword_in_a_frame(base):
    """At most one of twenty turns is a keyword in words that fit any, such as 想了解下…."""
    knowledge = shipped(base)
    frames = [re.compile(re.escape(one).replace(r"\{keyword\}", ".+")) for one in knowledge.vague]
    asked = {text for pair in knowledge.pairs for text in (pair.question, *pair.variants)}
    framed = np.array([
        said.outcome in {"direct", "notmatch"}
        and said.template not in asked
        and any(frame.fullmatch(said.template) for frame in frames)
        for said in generated(knowledge)
    ])  # fmt: skip
    for seed in SEEDS:
        turns = Generator(seed, COZE[0], Profile(), knowledge).turns_of(DAYS[-30:])[0]

        assert 0.008 < framed[turns.utterance].mean() < 0.05


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("base", [one for one in SHIPPED if one != "cloud-en"])
def test_some_questions_are_keywords_with_blanks(base, bot):
    """One question in fifty to two hundred is like 桌面云 黑屏, whatever answers it."""
    knowledge = shipped(base)
    known = KeywordExtractor(knowledge.lexicon)
    alone = np.array([
        said.outcome in {"direct", "recommend"}
        and " " in said.template
        and {*said.template.split()} <= {*known(said.template)}
        for said in generated(knowledge)
    ])  # fmt: skip
    shares = [
        alone[Generator(seed, bot, Profile(), knowledge).turns_of(DAYS[-30:])[0].utterance].mean()
        for seed in SEEDS
    ]

    assert 0.005 < np.mean(shares) < 0.02
    assert max(shares) < 0.03


def test_suggestions_are_tapped_after_answers():
    """Users of Coze tap on suggested questions of many titles, mostly after an answer."""
    tapped = np.array([said.is_tapped for said in SAID])
    for seed in SEEDS:
        turns = made(seed, COZE[0], sessions_per_day=200)
        before, after = in_sessions(turns)
        here = tapped[turns.utterance[after]]
        titles = Counter(turns.utterance[after[here]].tolist())

        assert 0.01 < here.mean() < 0.12
        assert titles.most_common(1)[0][1] < 0.3 * titles.total()
        assert (outcomes(turns)[before[here]] == "direct").mean() > 0.6


def test_a_language_model_takes_longer_to_write_more():
    """The durations of runs grow clearly with the output, and, if it has one length, a
    little with the input.
    """
    answers = {text: one.answer for one in KNOWLEDGE.small_talk for text in (one.question, *one.variants)}
    written = np.array([
        len(said.pair.answer) if said.outcome == "direct" else len(answers.get(said.template, "")) or 16
        for said in SAID
    ])  # fmt: skip
    read = np.array([len(said.template) for said in SAID])
    missed = np.array([said.outcome == "notmatch" for said in SAID])
    for seed in SEEDS:
        for bot in COZE:
            turns = made(seed, bot)
            good = ~failed(turns)
            said, took = turns.utterance[good], np.log(turns.latency[good])

            assert 0.28 < np.corrcoef(took, written[said])[0, 1] < 0.6
            same = missed[said]
            assert 0.03 < np.corrcoef(took[same], read[said[same]])[0, 1] < 0.4
