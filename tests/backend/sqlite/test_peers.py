"""Workers that ask each other."""

import socket
import threading

import pytest

from mockcbs.backend.sqlite.peers import MAX_WORKERS, LocalPeers
from mockcbs.core.errors import UserError


@pytest.fixture
def crew(tmp_path):
    """Three of four workers; the fourth never came."""
    workers = [LocalPeers(tmp_path, 4) for _ in range(3)]
    for slot, worker in enumerate(workers):
        worker.tell("double", lambda number, slot=slot: (slot, 2 * number))
        worker.tell("fail", lambda: 1 // 0)
        worker.join(slot)
    return workers


def test_all_others_answer(crew):
    """Who asks is not asked, and who is not there is left out."""
    assert crew[0].ask("double", 21) == [(1, 42), (2, 42)]
    assert crew[2].ask("double", 1) == [(0, 2), (1, 2)]


def test_a_bug_in_one_answer_does_not_end_the_answering(crew, caplog):
    """Who fails to answer is left out, says so in the log, and answers the next question."""
    assert crew[0].ask("fail") == []
    assert crew[0].ask("double", 1) == [(1, 2), (2, 2)]
    assert "ZeroDivisionError" in caplog.text


def test_a_worker_that_hangs_is_left_out_and_named(tmp_path, caplog):
    """Others answer all the same, within a short time, and the answer says who is missing."""
    workers = [LocalPeers(tmp_path, 3) for _ in range(3)]
    let_go = threading.Event()
    for slot, worker in enumerate(workers):
        worker.tell("slot", lambda slot=slot: let_go.wait(60) if slot == 1 else slot)
        worker.join(slot)

    answers = [workers[0].ask("slot") for _ in range(3)]
    let_go.set()

    assert answers == [[2]] * 3
    assert [answer.missing for answer in answers] == [(1,)] * 3
    assert caplog.text.count("worker 1 did not answer another in 1 s") == 1


def test_a_worker_that_takes_no_connection_is_left_out(tmp_path):
    """Nobody waits for a listener that never accepts, however many have tried before."""
    worker = LocalPeers(tmp_path, 2)
    worker.join(0)
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(str(tmp_path / "worker-1"))
        listener.listen(0)
        client.connect(str(tmp_path / "worker-1"))

        answers = worker.ask("slot")

    assert (answers, answers.missing) == ([], (1,))


def test_a_folder_of_too_long_a_name(tmp_path):
    """Sockets cannot be made there, which is told before anybody tries."""
    with pytest.raises(UserError, match="is too long a name for sockets, set a shorter TMPDIR"):
        LocalPeers(tmp_path / ("x" * 100), 2)


def test_numbers_ascend_and_are_nobody_elses(crew):
    """They tell whose they are, and of two that follow each other the later is greater."""
    numbers = [worker.numbers() for worker in crew]

    drawn = [next(numbers[turn % 3]) for turn in range(300)]

    assert len(set(drawn)) == 300
    assert [number % MAX_WORKERS for number in drawn] == [turn % 3 for turn in range(300)]
    assert all(own == sorted(own) for own in (drawn[slot::3] for slot in range(3)))
