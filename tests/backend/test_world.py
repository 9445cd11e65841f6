"""The dataset and the seed that a mock shows."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings
from mockcbs.backend.world import Worlds
from mockcbs.core.errors import UserError
from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.datasets.load import Source
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.thoroughness import examples

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
NOW = 1_772_236_800_000
"""2026-02-28, ms UTC."""
OWN = Source("own", f"bots:\n- id: {BOT}\n  sessions:\n  - turns:\n    - {{at: 2026-02-01, question: own}}\n")

SEEDS = st.sampled_from([None, 1, 2])
DATASETS = st.sampled_from([None, Source("single-turn"), Source("empty"), OWN])
STEPS = st.lists(
    st.one_of(
        SEEDS.map(lambda seed: ("seed", seed)),
        DATASETS.map(lambda source: ("dataset", source)),
        st.sampled_from(["hello", "?"]).map(lambda text: ("ask", text)),
        st.just(("look", None)),
    ),
    max_size=8,
)


def questions(mock):
    """What was asked of the bot, as statistics count it."""
    log = mock.log.bot(BOT, NOW, "p")
    return sorted(log.repertoire[number].question for number in log.view.said(0, NOW + 1).tolist())


def ask(mock, text):
    mock.log.record(Turn(BOT, f"s-{text}", "u", NOW - 1, Utterance(text, "chat")), "p")


@given(steps=STEPS)
@settings(max_examples=examples(25), deadline=None)
def test_the_last_choice_decides(steps):
    """Traffic is that of a mock started with dataset and seed chosen last, with all recorded turns."""
    mock, asked, source, seed = State(Settings(now=NOW)), [], None, None
    for what, value in steps:
        if what == "seed":
            mock.choose_seed(seed := value)
        elif what == "dataset":
            mock.choose_dataset(source := value)
        elif what == "ask":
            ask(mock, value)
            asked.append(value)
        else:
            questions(mock)

    fresh = State(Settings(now=NOW, seed=42 if seed is None else seed))
    if source is not None:
        fresh.choose_dataset(source)
    for text in asked:
        ask(fresh, text)
    assert questions(mock) == questions(fresh)
    mock.reset()
    assert questions(mock) == questions(State(Settings(now=NOW)))


def test_a_request_that_began_before_ends_with_its_own_traffic():
    """A log that was read before the choice still numbers recorded turns as it did; so does the new one."""
    mock = State(Settings(now=NOW, dataset="empty"))
    ask(mock, "hello")
    before = mock.log
    mock.choose_dataset(OWN)

    for log, found in ((before, ["hello"]), (mock.log, ["hello", "own"]), (before, ["hello"])):
        bot = log.bot(BOT, NOW, "p")
        assert sorted(bot.repertoire[number].question for number in bot.view.said(0, NOW + 1)) == found


def test_a_dataset_that_cannot_be_read_changes_nothing():
    """If a dataset cannot be read, the former one is still shown."""
    mock = State(Settings(now=NOW))
    before = mock.log

    with pytest.raises(UserError, match="did you mean"):
        mock.choose_dataset(Source("bad", "bot: []"))

    assert mock.log is before


def test_another_process_reads_the_choice_once_and_never_on_the_event_loop():
    """A counter announces the choice; requests on the event loop start over in a thread, which reads it."""
    mock = State(Settings(now=NOW))
    other = Worlds(mock.worlds.current, mock._read, mock.backend.live, mock.changes)
    mock.choose_dataset(OWN)

    with on_loop(), pytest.raises(StartOver):
        other.current  # noqa: B018 - reading is the point
    found = []
    thread = threading.Thread(target=lambda: found.append(other.current))
    thread.start()
    thread.join()

    assert found[0].dataset.name == "own"
    assert other.current is found[0]


def test_the_first_question_does_not_hold_up_others():
    """What finds the answers of a trade is made beside the event loop of a server, once."""
    state = State(Settings(now=NOW))

    with on_loop(), pytest.raises(StartOver):
        state.answerer_of(BOT)
    made = state.answerer_of(BOT)

    with on_loop():
        assert state.answerer_of(BOT) is made


def test_texts_that_nobody_needs_are_deleted():
    """Memory holds the dataset that is shown, and no former ones."""
    mock = State(Settings(now=NOW))
    for number in range(3):
        mock.choose_dataset(Source("own", f"{OWN.text}# {number}\n"))

    assert mock.backend.live.count("world.text", "") == 1
    mock.choose_dataset(None)
    assert mock.backend.live.count("world.text", "") == 0


def test_until_a_chosen_dataset_is_built_the_former_one_is_served(monkeypatch):
    """Nobody waits for it but the request that chose it: on the loop others are served by the former one."""
    mock = State(Settings(now=NOW))
    before, names = mock.log, []
    successor = before.successor

    def slow(dataset, seed):
        with on_loop():
            names.append((mock.dataset.name, mock.seed))
        return successor(dataset, seed)

    monkeypatch.setattr(before, "successor", slow)
    mock.choose_dataset(OWN)

    assert names == [("everyday", 42)]
    assert mock.dataset.name == "own"


def test_a_world_is_built_once_for_all_threads(monkeypatch):
    """Requests that arrive after another process has chosen a dataset wait for one of them to build it."""
    mock = State(Settings(now=NOW))
    log = mock.log
    other = Worlds(mock.worlds.current, mock._read, mock.backend.live, mock.changes)
    mock.choose_dataset(OWN)
    built, successor = [], log.successor

    def slow(dataset, seed):
        built.append(dataset.name)
        threading.Event().wait(0.1)
        return successor(dataset, seed)

    monkeypatch.setattr(log, "successor", slow)
    threads = [threading.Thread(target=lambda: other.current) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert built == ["own"]
