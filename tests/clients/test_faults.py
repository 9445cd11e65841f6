"""What real clients see of each scenario: the very failure it is named after, and then service as usual."""

import contextlib
import errno
import http.client
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests

from .conftest import Served

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=month"
TOKEN = {"X-Auth-Token": "any-token"}


@pytest.fixture(scope="module")
def scenario_server(serving) -> Iterator[Served]:
    """A server with default settings, whose scenarios are chosen request by request."""
    with serving() as served:
        yield served


@pytest.fixture
def url(scenario_server: Served) -> str:
    return scenario_server.url + PATH


@pytest.fixture
def play(scenario_server: Served):
    """Play a scenario for one project through the control API; end it after the test."""
    target = f"{scenario_server.url}/_mockcbs/scenario"

    def play(scenario, project: str = PROJECT) -> None:
        done = requests.put(target, params={"project": project}, json={"scenario": scenario}, timeout=10)
        assert done.status_code == 200, done.text

    yield play
    requests.delete(target, params={"project": PROJECT}, timeout=10)


def _prefer(name: str) -> dict[str, str]:
    return {**TOKEN, "Prefer": f"scenario={name}"}


def _rule(wire: str) -> dict:
    return {"rules": [{"wire": wire}]}


def _patience(wire: str) -> float:
    """How long a client waits, in s: short only where no answer comes, as the machine may be busy."""
    return 0.3 if wire == "no-answer" else 10


def _innermost(error: BaseException) -> BaseException:
    """The error another was raised from, to the bottom."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return error


@pytest.mark.parametrize(
    ("wire", "expected", "cause"),
    [
        ("reset", requests.ConnectionError, ConnectionResetError),
        ("empty-reply", requests.ConnectionError, http.client.RemoteDisconnected),
        ("garbage", requests.ConnectionError, http.client.BadStatusLine),
        ("truncated-body", requests.exceptions.ChunkedEncodingError, None),
        ("truncated-chunk", requests.exceptions.ChunkedEncodingError, None),
        ("no-answer", requests.ReadTimeout, TimeoutError),
    ],
)
def test_requests_below_http(url, play, wire, expected, cause):
    """`requests` raises the error the scenario is named after; the next call succeeds."""
    with requests.Session() as session:
        play(_rule(wire))
        with pytest.raises(expected) as caught:
            session.get(url, headers=TOKEN, timeout=_patience(wire))
        play("stale")

        assert session.get(url, headers=TOKEN, timeout=10).status_code == 200
    assert type(caught.value) is expected
    if cause:
        assert isinstance(_innermost(caught.value), cause)


@pytest.mark.parametrize(
    ("wire", "expected", "message"),
    [
        ("reset", httpx.ReadError, "reset"),
        ("empty-reply", httpx.RemoteProtocolError, "disconnected without sending a response"),
        ("garbage", httpx.RemoteProtocolError, "illegal"),
        ("truncated-body", httpx.RemoteProtocolError, "without sending complete message body"),
        ("truncated-chunk", httpx.RemoteProtocolError, "incomplete chunked read"),
        ("no-answer", httpx.ReadTimeout, "timed out"),
    ],
)
def test_httpx_below_http(url, play, wire, expected, message):
    """`httpx` raises the error the scenario is named after; the next call succeeds."""
    with httpx.Client(headers=TOKEN, timeout=httpx.Timeout(10, read=_patience(wire))) as client:
        play(_rule(wire))
        with pytest.raises(expected, match=message):
            client.get(url)
        play("stale")

        assert client.get(url, timeout=10).status_code == 200


def test_a_reset_is_a_true_rst(scenario_server):
    """The socket itself reports ECONNRESET, with or without keep-alive before it."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n"
    with socket.create_connection(("127.0.0.1", scenario_server.port), 10) as connection:
        connection.sendall(f"{request}Prefer: scenario=reset\r\n\r\n".encode())

        with pytest.raises(ConnectionResetError) as caught:
            connection.recv(1)

    assert caught.value.errno == errno.ECONNRESET


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("reset", requests.ConnectionError),
        ("empty-reply", requests.ConnectionError),
        ("garbage", requests.ConnectionError),
        ("truncated-body", requests.exceptions.ChunkedEncodingError),
        ("no-answer", requests.ReadTimeout),
    ],
)
def test_over_tls(tls_server, wire, expected):
    """The same failures reach a client behind TLS, and the next call succeeds."""
    url = tls_server.url + PATH

    with pytest.raises(expected) as caught:
        requests.get(url, headers=_prefer(wire), verify=tls_server.ca_file, timeout=(10, _patience(wire)))
    assert type(caught.value) is expected

    assert requests.get(url, headers=TOKEN, verify=tls_server.ca_file, timeout=10).status_code == 200


def test_a_slow_body_comes_at_its_pace(url, play):
    """At 4000 bytes a second, the body arrives slowly and completely."""
    whole = requests.get(url, headers=TOKEN, timeout=10).content
    play({"rules": [{"bytes_per_second": 4000}]})

    began = time.monotonic()
    slow = requests.get(url, headers=TOKEN, timeout=10).content
    took = time.monotonic() - began

    assert len(slow) == len(whole)
    assert took > (len(whole) / 4000) * 0.7


def test_slow_headers(url, play):
    """A slow head takes longer than a client with a short timeout waits."""
    play(_rule("slow-headers"))

    began = time.monotonic()
    answer = requests.get(url, headers=TOKEN, timeout=10)

    assert answer.status_code == 200
    assert time.monotonic() - began > 0.3


def test_latency_is_what_a_client_waits(url, play):
    """A fixed latency passes before the first byte; a client with a shorter timeout times out."""
    play({"rules": [{"latency": {"fixed_ms": 400}}]})

    began = time.monotonic()
    answer = requests.get(url, headers=TOKEN, timeout=10)
    took = time.monotonic() - began

    assert answer.status_code == 200
    assert took > 0.4
    with pytest.raises(requests.ReadTimeout):
        requests.get(url, headers=TOKEN, timeout=0.1)


def test_pipelined_requests_stay_in_order_behind_a_delay(scenario_server, play):
    """All requests after a delayed one on its connection are answered after it."""
    play({"rules": [{"when": {"query": {"start_time": "1"}}, "latency": {"fixed_ms": 300}}]})
    path = PATH.partition("?")[0]
    requested = "".join(
        f"GET {path}?interval=year&start_time={start} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n\r\n"
        for start in range(1, 41)
    )
    with socket.create_connection(("127.0.0.1", scenario_server.port), 10) as connection:
        connection.sendall(requested.encode())

        assert _starts(connection, 40) == list(range(1, 41))


def test_a_client_that_gives_up_frees_its_connection(scenario_server, play):
    """Nothing is kept of a call without an answer once its client has left; the server stops at once."""
    play(_rule("no-answer"))
    request = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n\r\n".encode()
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", scenario_server.port), 10) as connection:
            connection.sendall(request)

    play("stale")
    assert requests.get(scenario_server.url + PATH, headers=TOKEN, timeout=10).status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells without reading")
def test_a_client_that_leaves_is_noticed_behind_its_own_requests(scenario_server, play):
    """A client that disconnects is noticed even if many of its requests wait behind a call without an
    answer.
    """
    play(_rule("no-answer"))
    request = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", scenario_server.port), 10) as connection:
        connection.sendall(request)
        requests.get(f"{scenario_server.url}/_mockcbs/ready", timeout=10)
        for _ in range(3):
            connection.sendall(request * 100)
        connection.shutdown(socket.SHUT_WR)

        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b"", "and `recv` gives up after 10 seconds"


def test_two_answers_are_swapped(scenario_server, play):
    """Two parallel calls receive each other's response; a single one receives the last response after a
    while.
    """
    base = f"{scenario_server.url}/v1/{PROJECT}/qabots/{BOT}"
    paths = ("requests/session-stats?interval=year", "qa-pairs/hots?top=1")
    for path in paths:  # so that none is slow, which the other would not wait for
        requests.get(f"{base}/{path}", headers=TOKEN, timeout=30)
    play({"rules": [{"damage": [{"kind": "swapped"}]}]})

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(requests.get, f"{base}/{path}", headers=TOKEN, timeout=10) for path in paths]
        stats, hots = (answer.result() for answer in asked)
    alone = requests.get(f"{base}/requests/keywords", headers=TOKEN, timeout=10)

    assert "questions" in stats.json()
    assert "total" in hots.json()
    assert {"questions", "total"} & {*alone.json()}
    assert "swapped: " in stats.headers["X-Mockcbs-Reason"]


def test_the_server_stops_while_clients_wait(serving):
    """Calls that wait for a response do not delay the shutdown."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n\r\n".encode()
    with contextlib.ExitStack() as stack, serving("--scenario", "no-answer") as served:
        for _ in range(10):
            waiting = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), 10))
            waiting.sendall(request)
        count = requests.get(f"{served.url}/_mockcbs/journal", timeout=10).json()["count"]

    assert count == 10, "and `serving` insists that it stops soon, with status 0"


@pytest.mark.slow
def test_closed_and_guarded_control(serving):
    """A flag closes the control API; with a token it is open to callers with the token."""
    with (
        serving("--no-control") as closed,
        serving("--control-token", "s3cret", "--journal-size", "1") as guarded,
    ):
        path, token = "/_mockcbs/journal", {"Authorization": "Bearer s3cret"}

        statuses = [
            requests.get(closed.url + path, timeout=10).status_code,
            requests.get(guarded.url + path, timeout=10).status_code,
            requests.get(guarded.url + path, headers=token, timeout=10).status_code,
        ]

    assert statuses == [404, 401, 200]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_the_others_notice_nothing(scenario_server, tls_server, tls):
    """Of 64 parallel clients, a quarter are reset or stalled; the others are served as if they were alone."""
    served = tls_server if tls else scenario_server
    url, verify = served.url + PATH, served.ca_file if tls else True
    seen: list[tuple[str, object]] = []
    barrier = threading.Barrier(64)

    def client(number: int) -> None:
        kind = ("reset", "no-answer")[number % 8 // 4] if number % 4 == 0 else "sound"
        headers = TOKEN if kind == "sound" else _prefer(kind)
        with requests.Session() as session:
            barrier.wait(30)
            for _ in range(5):
                try:
                    patience = (60, 0.5) if kind == "no-answer" else 60
                    answer = session.get(url, headers=headers, timeout=patience, verify=verify)
                    status = answer.status_code
                except requests.RequestException as error:
                    status = type(error)
                seen.append((kind, status))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [what for kind, what in seen if kind == "sound"] == [200] * (48 * 5)
    assert [what for kind, what in seen if kind == "reset"] == [requests.ConnectionError] * (8 * 5)
    assert [what for kind, what in seen if kind == "no-answer"] == [requests.ReadTimeout] * (8 * 5)


def test_a_request_sent_during_a_delay_waits_for_it(scenario_server, play):
    """A request that arrives while the previous response is delayed is answered after it."""
    play({"rules": [{"when": {"query": {"start_time": "1"}}, "latency": {"fixed_ms": 700}}]})
    path = PATH.partition("?")[0]
    first, second = (
        f"GET {path}?interval=year&start_time={start} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n\r\n"
        for start in (1, 2)
    )

    with socket.create_connection(("127.0.0.1", scenario_server.port), 10) as connection:
        connection.sendall(first.encode())
        requests.get(f"{scenario_server.url}/_mockcbs/ready", timeout=10)
        connection.sendall(second.encode())

        assert _starts(connection, 2) == [1, 2]


def test_pipelined_requests_that_are_all_delivered_in_steps(scenario_server, play):
    """Hundreds of requests at once, each answer paced: all arrive, in order."""
    play({"rules": [{"bytes_per_second": 1e9}]})
    path = PATH.partition("?")[0]
    requested = "".join(
        f"GET {path}?interval=year&start_time={start} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\n\r\n"
        for start in range(1, 301)
    )

    with socket.create_connection(("127.0.0.1", scenario_server.port), 10) as connection:
        connection.sendall(requested.encode())

        assert _starts(connection, 300) == list(range(1, 301))


def _starts(connection: socket.socket, count: int) -> list[int]:
    """``startutc`` of so many answers, as they come."""
    file, starts = connection.makefile("rb"), []
    for _ in range(count):
        assert file.readline().startswith(b"HTTP/1.1 200")
        headers = http.client.parse_headers(file)
        starts.append(json.loads(file.read(int(headers["Content-Length"] or 0)))["startutc"])
    return starts


@pytest.mark.slow
def test_a_reset_under_tls_is_a_true_rst(tls_server):
    """Under TLS the TCP connection is reset: the socket reports ECONNRESET without a close_notify before."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=tls_server.ca_file)
    tls = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    request = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: a\r\nPrefer: scenario=reset\r\n\r\n"
    with socket.create_connection(("127.0.0.1", tls_server.port), 10) as connection:
        while not _shake_hands(tls):
            connection.sendall(outgoing.read())
            incoming.write(connection.recv(65536))
        tls.write(request.encode())
        connection.sendall(outgoing.read())

        with pytest.raises(ConnectionResetError):
            _read_to_the_end(connection)


def _read_to_the_end(connection: socket.socket) -> None:
    """Read whatever comes; session tickets may come first."""
    while connection.recv(65536):
        pass


def _shake_hands(tls: ssl.SSLObject) -> bool:
    """Take one step of the handshake; whether it is done."""
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
