"""What users say."""

import numpy as np

from mockcbs.datasets.load import load
from mockcbs.traffic.conversations.acts import Act, Step, outcome_of
from mockcbs.traffic.conversations.scripts import pool, steps_of
from mockcbs.traffic.words.greetings import hours_of
from mockcbs.traffic.words.saying import Speakers
from mockcbs.traffic.words.wording import Wording
from tests.traffic.drafts import usual

EIGHT_HOURS = 8 * 3_600_000
OFFICE = Wording(load("everyday").knowledge)
DRAFT = usual(6_000)
SPEAKERS = Speakers(11, OFFICE, 70, EIGHT_HOURS)
SAID = SPEAKERS.say(DRAFT)


def texts(rows: np.ndarray) -> list[str]:
    return [OFFICE.utterances[number].template for number in SAID[rows]]


def rows_of(act: Act) -> np.ndarray:
    """The turns in which users do that."""
    return np.flatnonzero(steps_of(act)[DRAFT.step])


def test_what_users_say_has_the_outcome_of_the_script():
    """Each utterance has the outcome of its step, for all acts."""
    wanted = [outcome_of(Step(Act(act))) for act in pool().act[DRAFT.step].tolist()]

    assert [OFFICE.utterances[number].outcome for number in SAID.tolist()] == wanted


def test_the_same_user_says_the_same():
    """Words depend on the draft and the bot only; another bot says something else."""
    assert (Speakers(11, OFFICE, 70, EIGHT_HOURS).say(DRAFT) == SAID).all()
    assert (Speakers(12, OFFICE, 70, EIGHT_HOURS).say(DRAFT) != SAID).mean() > 0.5


def test_greetings_fit_the_local_hour():
    """The hour is that of the users' zone; some are up to half an hour off."""
    for row, text in zip(rows_of(Act.GREETING).tolist(), texts(rows_of(Act.GREETING)), strict=True):
        hours = hours_of(text)
        at = DRAFT.starts[DRAFT.session[row]] + EIGHT_HOURS
        near = [(at + shift) // 3_600_000 % 24 for shift in (-1_800_000, 0, 1_800_000)]
        assert hours is None or any(hour in hours for hour in near)


def test_a_tap_is_the_standard_question():
    """Users tap on the recommended question of the pair that their keyword was about."""
    rows = rows_of(Act.TAP)

    assert len(rows)
    for row in rows.tolist():
        hint, tap = (OFFICE.utterances[number] for number in SAID[[row - 1, row]])
        assert tap.is_tapped
        assert tap.template == tap.pair.question == hint.pair.question


def test_a_repeated_question_has_the_same_words():
    """Who sends a question twice does not word it anew."""
    rows = np.flatnonzero(pool().double[DRAFT.step])

    assert len(rows)
    assert (SAID[rows] == SAID[rows - 1]).all()


def test_slots_are_filled_with_their_values():
    """The value comes from the slot of the skill that the session began."""
    rows = rows_of(Act.SLOT)
    starts = SAID[rows - pool().back[DRAFT.step[rows]]]
    places = pool().slots[DRAFT.step[rows]]

    assert len(rows)
    for said, start, place in zip(SAID[rows], starts, places, strict=True):
        first, count = OFFICE.slot_first[place, start], OFFICE.slot_count[place, start]
        assert said in OFFICE.items[first : first + count]


def test_half_of_the_users_can_ask_alike():
    """About every second session asks about the stated subject; what is about no pair stays."""
    said = SAID.copy()
    subject = OFFICE.subject(load("everyday").knowledge.pairs[3].question)

    SPEAKERS.say_about(DRAFT, said, np.arange(len(said)), subject)

    changed = said != SAID
    asks = rows_of(Act.HIT)
    alike = [OFFICE.utterances[number].pair for number in said[asks]]
    share = sum(pair == load("everyday").knowledge.pairs[3] for pair in alike) / len(alike)
    assert 0.4 < share < 0.6
    assert not changed[rows_of(Act.GREETING)].any()
