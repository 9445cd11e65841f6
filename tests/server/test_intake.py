"""Uploads: how they come to disk, and how scenarios slow them down."""

import errno
import os
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcbs.core.errors import BackendError
from mockcbs.hooks import faults
from mockcbs.server import timeouts
from mockcbs.server.limits import MAX_READ
from mockcbs.server.protocol import HttpProtocol
from tests.server.connections import connect
from tests.thoroughness import examples
from tests.waiting import until

MB = 2**20
PATH = "/bucket/key?OSSAccessKeyId=Any&Expires=4102444800&Signature=any"


def put(server, content, **headers):
    return requests.put(server.url + PATH, data=content, headers=headers, timeout=30)


def kept(server):
    return requests.get(server.url + PATH, timeout=10).content


def head(length):
    return f"PUT {PATH} HTTP/1.1\r\nHost: mock\r\nContent-Length: {length}\r\n\r\n".encode()


def slow(rate, **when):
    return {"rules": [{"when": {"method": "PUT", **when}, "upload_bytes_per_second": rate}]}


@pytest.mark.parametrize("size", [30_000, 2 * MB])
def test_a_slow_upload_takes_its_time_and_arrives_whole(server, size):
    """The response names the scenario, and is sent after the last byte has been read."""
    content = os.urandom(size)
    server.scenario(slow(size * 4))

    began = time.monotonic()
    response = put(server, content)
    took = time.monotonic() - began

    assert response.status_code == 200
    assert f"the request was read at {size * 4:,} bytes a second" in response.headers["X-Mockcbs-Reason"]
    assert took > 0.2
    assert kept(server) == content


def test_the_sending_of_a_slow_upload_comes_to_a_stop(server):
    """Bytes beyond the system's buffers stay with the client; other clients are served."""
    server.scenario(slow(100_000))
    with connect(server) as connection:
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.sendall(head(60 * MB) + bytes(60 * MB))

        assert requests.get(server.url + PATH, timeout=5).status_code == 404


def test_a_request_counts_once(server):
    """The rule that applies before the body is not evaluated again after it."""
    server.scenario(slow(1e9, nth=2))

    reasons = ["X-Mockcbs-Reason" in put(server, b"content").headers for _ in range(3)]

    assert reasons == [False, True, False]


def test_the_response_may_be_broken_too(server):
    """The rest of the rule applies after the upload."""
    server.scenario(
        {
            "rules": [
                {"upload_bytes_per_second": 1e6, "answer": {"error": "unavailable"}, "when": {"first": 1}}
            ]
        }
    )

    assert [put(server, b"content").status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize("size", [1, 2000, 3 * MB, 40 * MB])
@pytest.mark.parametrize("rate", [None, 1e8])
def test_an_upload_is_reset_halfway(server, size, rate):
    """The client sees an error of the connection; nothing is kept, and the journal names the scenario."""
    slowed = {"upload_bytes_per_second": rate} if rate else {}
    server.scenario({"rules": [{"when": {"nth": 1}, "wire": "reset-upload", **slowed}]})

    with pytest.raises(requests.ConnectionError):
        put(server, bytes(size))

    assert "reset-upload" in server.journal[-1].fault
    assert requests.get(server.url + PATH, timeout=10).status_code == 404
    assert put(server, bytes(size)).status_code == 200


def test_half_of_an_upload_is_read_before_its_reset(server):
    """The server resets after half of the upload, and does not wait for the rest."""
    server.scenario({"rules": [{"wire": "reset-upload"}]})
    with connect(server) as connection:
        connection.sendall(head(1000) + bytes(499))
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.sendall(b"x")
        connection.settimeout(10)

        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_without_an_upload_none_is_reset(server):
    """A download is not affected and gets no note."""
    server.scenario({"rules": [{"wire": "reset-upload"}]})

    response = requests.get(server.url + PATH, timeout=10)

    assert response.status_code == 404
    assert "reset" not in response.headers["X-Mockcbs-Reason"]


def test_the_header_of_one_request_chooses_it(server):
    """Other requests at the same time are not slow."""
    assert (
        "slow-upload" in put(server, b"a" * 5000, Prefer="scenario=slow-upload").headers["X-Mockcbs-Reason"]
    )
    assert "X-Mockcbs-Reason" not in put(server, b"a" * 5000).headers


def test_a_scenario_that_looks_at_bodies_delays_the_response(server):
    """A scenario that reads bodies delays the response by the same time."""
    server.scenario(slow(20_000, body="aa"))

    began = time.monotonic()
    response = put(server, b"a" * 6000)

    assert "read at 20,000 bytes" in response.headers["X-Mockcbs-Reason"]
    assert time.monotonic() - began > 0.25
    assert "X-Mockcbs-Reason" not in put(server, b"b" * 6000).headers


def test_a_scenario_of_one_scope_leaves_others_alone(server):
    """The scope is known from the head of the request."""
    server.scenario(slow(1e9), token="Other")

    mine = put(server, b"a")
    others = requests.put(server.url + PATH.replace("=Any", "=Other"), data=b"a", timeout=10)

    assert "X-Mockcbs-Reason" not in mine.headers
    assert "X-Mockcbs-Reason" in others.headers


def test_a_client_has_no_time_limit_while_the_server_is_slow(server, monkeypatch, caplog):
    """The time that the scenario takes is not counted as the client's."""
    monkeypatch.setattr(timeouts, "BODY_TIMEOUT", 0.3)
    server.scenario(slow(10_000))
    with connect(server) as connection:
        connection.sendall(head(15_000) + bytes(15_000))  # at once: the client itself takes no time

        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
    assert not caplog.records


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    sizes=st.lists(st.integers(0, 5000), min_size=1, max_size=3),
    cuts=st.lists(st.integers(1, 6000), max_size=6),
    rate=st.sampled_from([None, 1e5, 1e9]),
)
def test_pipelined_uploads_come_in_order_however_they_are_cut(server, sizes, cuts, rate):
    """Slow or not, each is answered in its turn, and the last is what is kept."""
    if rate:
        server.scenario(slow(rate))
    else:
        server.state.scenarios.stop()
    contents = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    sent = b"".join(head(len(content)) + content for content in contents)
    with connect(server) as connection:
        for cut in cuts:
            connection.sendall(sent[:cut])
            sent = sent[cut:]
            time.sleep(0.001)
        connection.sendall(sent)
        received = b""
        while received.count(b"HTTP/1.1 200") < len(contents):
            received += connection.recv(MB)

    assert kept(server) == contents[-1]


def test_a_slow_upload_that_is_given_up_does_no_harm(server):
    """A client may disconnect in the middle of a slow upload."""
    server.scenario(slow(100_000))
    with connect(server) as connection:
        connection.sendall(head(MB) + bytes(MB // 2))

    assert requests.get(server.url + PATH, timeout=5).status_code == 404


def test_a_malformed_slow_upload_is_refused(server):
    """A slow upload with malformed chunks gets a response."""
    server.scenario(slow(1e6))
    with connect(server) as connection:
        connection.sendall(head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"zz\r\n")

        assert connection.recv(65536).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /_mockcbs/clock HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"PUT /bucket/key HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"PUT /nowhere HTTP/1.1\r\nHost: mock\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ids=["control without Host", "service without Host", "unknown path"],
)
def test_a_refused_request_is_refused_while_uploads_are_slow(server, sent, caplog):
    """A request that no scenario concerns gets its error, and the log has no bug."""
    server.scenario(slow(1e6))
    with connect(server) as connection:
        connection.sendall(sent)

        assert connection.recv(65536).startswith(b"HTTP/1.1 40")
    assert "bug" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(("error", "is_bug"), [(BackendError("full"), False), (RuntimeError("oops"), True)])
def test_an_upload_goes_on_if_no_fault_can_be_chosen(server, monkeypatch, caplog, error, is_bug):
    """A backend that fails is no bug; a bug reaches the log. Either way the request gets a response."""
    server.scenario(slow(1e6))
    failing = Mock(side_effect=[error, None, None])
    monkeypatch.setattr(server.state.scenarios, "run", failing)

    assert put(server, b"a" * 5000).status_code == 200
    assert ("no fault was chosen" in caplog.text) is is_bug


def test_nothing_is_read_until_the_fault_is_chosen(server, monkeypatch):
    """The choice may wait for a database; what a client sends meanwhile stays with it."""
    server.scenario(slow(1e6))
    chosen, read, receive = threading.Event(), [], HttpProtocol.data_received
    monkeypatch.setattr(faults, "draw_upload", lambda *_: chosen.wait(20) and None)
    monkeypatch.setattr(
        HttpProtocol, "data_received", lambda self, data: read.append(len(data)) or receive(self, data)
    )
    padded = head(10_000).replace(b"\r\n\r\n", b"\r\nX-Long: %b\r\n\r\n")
    with connect(server) as connection:
        connection.sendall(padded % (b"a" * (MAX_READ - len(padded) + 2)))
        until(lambda: sum(read) >= MAX_READ)
        for _ in range(10):
            time.sleep(0.02)
            connection.sendall(bytes(1000))
        before = sum(read)
        chosen.set()

        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    assert before == MAX_READ


def test_large_uploads_at_once(server):
    """The bodies of many clients are written to disk at the same time, and are not mixed."""
    contents = [bytes([number]) * (5 * MB) for number in range(6)]

    def upload(number):
        url = server.url + PATH.replace("key", f"key{number}")
        return requests.put(url, data=contents[number], timeout=30).status_code

    with ThreadPoolExecutor(6) as pool:
        assert [*pool.map(upload, range(6))] == [200] * 6

    for number, content in enumerate(contents):
        url = server.url + PATH.replace("key", f"key{number}")
        assert requests.get(url, timeout=10).content == content


def full_disk(**_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_refuses_the_request(server, monkeypatch):
    """The response is the service's error for an outage, with the reason; the next request is served."""
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", full_disk)
        response = put(server, bytes(3 * MB))

    assert (response.status_code, b"ServiceUnavailable" in response.content) == (503, True)
    assert response.headers["X-Mockcbs-Reason"] == f"the disk of {tempfile.gettempdir()} is full"
    assert put(server, bytes(3 * MB)).status_code == 200


def test_a_full_disk_is_not_the_fault_of_the_body(server, monkeypatch):
    """Coze, Feishu and the control API refuse with 503 and the reason, not as too large."""
    monkeypatch.setattr(tempfile, "TemporaryFile", full_disk)
    content = bytes(2 * MB)
    headers = {"Authorization": "Bearer pat_mockcbs"}

    answers = [
        requests.post(f"{server.url}/v1/files/upload", headers=headers, files={"file": content}, timeout=10),
        requests.post(f"{server.url}/open-apis/bitable/v1/apps/x/tables", data=content, timeout=10),
        requests.put(f"{server.url}/_mockcbs/dataset", data=content, timeout=10),
    ]

    assert [answer.status_code for answer in answers] == [503] * 3
    said = f"the disk of {tempfile.gettempdir()} is full"
    assert [answer.headers.get("X-Mockcbs-Reason") for answer in answers] == [said, said, None]
    assert answers[2].json()["detail"] == said


def test_a_connection_lives_on_after_a_slow_upload(server):
    """The next request on the connection is read at once."""
    server.scenario(slow(1e5, first=1))
    with requests.Session() as session:
        for content in (b"a" * 20_000, b"b" * 20_000):
            assert session.put(server.url + PATH, data=content, timeout=10).status_code == 200
        (pool,) = session.adapters["http://"].poolmanager.pools._container.values()

    assert pool.num_connections == 1
    assert kept(server) == b"b" * 20_000
