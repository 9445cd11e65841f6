"""Workers that send each other requests."""

import pickle
import socket
import threading

import pytest

from mockcbs.backend.sqlite import peers
from mockcbs.backend.sqlite.peers import MAX_WORKERS, LocalPeers
from mockcbs.core.errors import UserError
from mockcbs.core.platform import local_connection


@pytest.fixture
def crew(tmp_path, monkeypatch):
    """Three of four workers; the fourth never came. None is taken for hanging on a busy machine."""
    monkeypatch.setattr(peers, "_TIMEOUT", 20.0)
    workers = [LocalPeers(tmp_path, 4) for _ in range(3)]
    for slot, worker in enumerate(workers):
        worker.handle("double", lambda number, slot=slot: (slot, 2 * number))
        worker.handle("fail", lambda: 1 // 0)
        worker.join(slot)
    return workers


def test_all_others_answer(crew):
    """A worker sends no request to itself, and missing workers are left out."""
    assert crew[0].request("double", 21) == [[1, 42], [2, 42]]
    assert crew[2].request("double", 1) == [[0, 2], [1, 2]]


def test_a_bug_in_one_handler_leaves_the_others_working(crew, caplog):
    """A worker whose handler fails is left out, logs the error, and responds to the next request."""
    assert crew[0].request("fail") == []
    assert crew[0].request("double", 1) == [[1, 2], [2, 2]]
    assert "ZeroDivisionError" in caplog.text


def test_only_json_travels(crew, tmp_path, monkeypatch):
    """Bytes that are not JSON reach no handler and are not unpickled; the worker still responds."""
    monkeypatch.setattr(pickle, "loads", lambda *_: pytest.fail("unpickled"))
    with local_connection(tmp_path / "worker-1", 1.0) as stranger:
        stranger.send_bytes(pickle.dumps(["double", 1]))
        assert stranger.poll(5)
        with pytest.raises(EOFError):
            stranger.recv_bytes()

    assert crew[0].request("double", 1) == [[1, 2], [2, 2]]


def test_a_worker_that_hangs_is_left_out_and_named(tmp_path, caplog):
    """The others respond after a short time, and the response names the worker that hangs."""
    workers = [LocalPeers(tmp_path, 3) for _ in range(3)]
    let_go = threading.Event()
    for slot, worker in enumerate(workers):
        worker.handle("slot", lambda slot=slot: let_go.wait(60) if slot == 1 else slot)
        worker.join(slot)

    responses = [workers[0].request("slot") for _ in range(3)]
    let_go.set()

    assert responses == [[2]] * 3
    assert [response.missing for response in responses] == [("worker 1",)] * 3
    assert caplog.text.count("worker 1 did not answer another in 1 s") == 1


def test_a_worker_that_takes_no_connection_is_left_out(tmp_path):
    """A listener that never accepts blocks no worker, after any number of earlier requests."""
    worker = LocalPeers(tmp_path, 2)
    worker.join(0)
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(str(tmp_path / "worker-1"))
        listener.listen(0)
        client.connect(str(tmp_path / "worker-1"))

        responses = worker.request("slot")

    assert (responses, responses.missing) == ([], ("worker 1",))


def test_a_folder_of_too_long_a_name(tmp_path):
    """A folder whose name is too long for a socket is refused at the start."""
    with pytest.raises(UserError, match="is too long a name for sockets, set a shorter TMPDIR"):
        LocalPeers(tmp_path / ("x" * 100), 2)


def test_numbers_ascend_and_are_unique(crew):
    """A number contains its worker, and of two successive numbers the later is greater."""
    numbers = [worker.numbers() for worker in crew]

    drawn = [next(numbers[turn % 3]) for turn in range(300)]

    assert len(set(drawn)) == 300
    assert [number % MAX_WORKERS for number in drawn] == [turn % 3 for turn in range(300)]
    assert all(own == sorted(own) for own in (drawn[slot::3] for slot in range(3)))
