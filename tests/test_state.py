"""What a running mock holds."""

from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.peers import NoPeers
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.periods import DAY

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
START = 1_772_236_800_000
"""2026-02-28, ms UTC."""


def opened(tmp_path, **settings) -> State:
    return State(
        Settings(now=START, **settings), backend=SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
    )


def test_a_ticking_clock_does_not_hide_what_was_recorded_before_a_restart(tmp_path):
    """With --now --tick --state, the clock of the second run starts at the latest turn of the first."""
    first = opened(tmp_path, tick=True)
    with first.clocks.change(None) as clock:
        clock.advance(DAY)
    at = first.clock.now()
    first.log.record(Turn(BOT, "s", "u", at, Utterance("?", "chat")), "p")
    first.close()

    second = opened(tmp_path, tick=True)

    assert second.clock.now() >= at
    second.reset()
    assert START <= second.clock.now() < START + DAY
    second.close()


def test_known_bots_are_those_of_the_dataset_those_talked_to_and_those_asked_about(tmp_path):
    """Each known bot is listed once; other scopes know only the dataset's bots."""
    mock = opened(tmp_path)
    named = mock.bots("q")
    mock.log.bot("403a0a00-c88a-43e3-aa2f-d5b8b9832b02", START, "p")
    mock.log.record(Turn("talked", "s", "u", START, Utterance("?", "chat")), "p")

    assert set(mock.bots("p")) - set(named) == {"403a0a00-c88a-43e3-aa2f-d5b8b9832b02", "talked"}
    assert mock.bots("q") == named
    mock.close()


def test_a_started_mock_does_its_jobs_until_it_is_closed(tmp_path):
    """Reset empties the outbox; closing ends the jobs."""
    mock = opened(tmp_path)
    mock.jobs.add("one", lambda: mock.backend.outbox.append("done", {}, due=0) * 0 + 1000.0)

    mock.start()
    while not mock.backend.outbox.peek("done"):
        pass
    mock.reset()

    assert mock.backend.outbox.peek("done") == []
    mock.close()
