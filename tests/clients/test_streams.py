"""Streams on the wire: piece by piece, and the connection closed after them."""

import json
import socket
import time
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
import requests

from mockcbs.testing.live import LiveServer

BOT = "7342866812345678901"
BODY = json.dumps(
    {
        "bot_id": BOT,
        "user_id": "u",
        "stream": True,
        "additional_messages": [{"role": "user", "content": "桌面云打不开", "content_type": "text"}],
    }
).encode()
HEAD = b"POST /v3/chat HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\nContent-Length: %d\r\n\r\n" % len(
    BODY
)


@pytest.fixture(scope="module")
def paced(_shared):
    """A server that leaves 60 ms between events."""
    return _shared("--dataset", "coze-sample", "--pace", "60")


def _read(connection):
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return pieces


def test_pieces_come_one_by_one(paced):
    """Events arrive as they are written, and the headers state that the connection will close."""
    with socket.create_connection(("127.0.0.1", paced.port), 30) as connection:
        connection.sendall(HEAD + BODY)

        pieces = _read(connection)

    head, _, events = b"".join(pieces).partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert b"Content-Type: text/event-stream\r\n" in head
    assert b"Content-Length" not in head
    assert b"X-Tt-Logid: " in head
    assert len(pieces) > 10
    assert events.endswith(b'event:done\ndata:"[DONE]"\n\n')


def test_events_come_at_their_pace(paced):
    """Between two events there is the pause that was asked for."""
    headers, begun = {"Authorization": "Bearer any"}, time.monotonic()

    text = requests.post(f"{paced.url}/v3/chat", BODY, headers=headers, timeout=60).text

    assert time.monotonic() - begun >= 0.06 * (text.count("event:") - 1) > 0


def test_a_stream_holds_up_nobody():
    """While clients read streams that take a minute, others are answered, and their streams begin."""
    headers = {"Authorization": "Bearer any"}
    with LiveServer(dataset="coze-sample", pace=5000) as server, ExitStack() as stack:
        streams = [
            stack.enter_context(socket.create_connection(("127.0.0.1", urlsplit(server.url).port), 30))
            for _ in range(3)
        ]
        begun = []
        for stream in streams:
            stream.sendall(HEAD + BODY)
            while b"event:" not in (arrived := stream.recv(65536)):
                pass
            begun.append(arrived)
        answer = requests.get(f"{server.url}/v1/users/me", headers=headers, timeout=30)
        for stream in streams:
            stream.setblocking(False)
            with suppress(BlockingIOError):
                begun.append(stream.recv(65536))

    assert answer.json()["code"] == 0
    assert b"event:done" not in b"".join(begun)


def test_a_client_that_hangs_up_does_no_harm(paced):
    """A stream ends when its reader disconnects; the server continues."""
    connection = socket.create_connection(("127.0.0.1", paced.port), 30)
    connection.sendall(HEAD + BODY)
    assert connection.recv(10)

    connection.close()

    answer = requests.get(f"{paced.url}/v1/users/me", headers={"Authorization": "Bearer any"}, timeout=5)
    assert answer.status_code == 200


def test_a_refused_stream_is_a_stream(paced):
    """A workflow's stream that is refused is closed after its one event, as any stream."""
    with socket.create_connection(("127.0.0.1", paced.port), 30) as connection:
        request = b"POST /v1/workflow/stream_run HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n"
        connection.sendall(request + b"Content-Length: 2\r\n\r\n{}")

        text = b"".join(_read(connection))

    assert b"Connection: close" in text
    assert text.endswith(b'data:{"error_code":4000,"error_message":"Request parameter error"}\n\n')


def test_what_is_sent_after_a_streamed_request_is_not_read(paced):
    """A second request on the same connection gets no answer: the stream was the last one."""
    with socket.create_connection(("127.0.0.1", paced.port), 30) as connection:
        connection.sendall(HEAD + BODY + b"GET /v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n")

        text = b"".join(_read(connection))

    assert text.count(b"HTTP/1.1 ") == 1
    assert text.endswith(b'data:"[DONE]"\n\n')


def test_a_server_stops_in_the_middle_of_a_stream(serving):
    """A server that is stopped does not wait for the end of a stream."""
    with serving("--pace", "5000") as served:
        connection = socket.create_connection(("127.0.0.1", served.port), 30)
        connection.sendall(HEAD + BODY)
        assert connection.recv(10)
    connection.close()


@pytest.fixture(scope="module")
def sample(_shared):
    """A server of the sample data."""
    return _shared("--dataset", "coze-sample")


def test_plain_requests_write_the_documented_csv(sample):
    """The article's example writes a week of figures by requests, with only its host changed."""
    headers = {"Authorization": "Bearer pat_mockcbs", "Content-Type": "application/json"}
    params = {"start_date": "2025-12-15", "end_date": "2025-12-21", "granularity": "day"}

    answer = requests.get(f"{sample.url}/v1/bots/{BOT}/analytics", headers=headers, params=params, timeout=10)

    rows = answer.json()["data"]["metrics"]
    lines = [
        f"{r['date']},{r['total_messages']},{r['success_rate']},{r['avg_response_time_ms']}" for r in rows
    ]
    assert lines[:3] == ["2025-12-15,5,0.6667,2000.0", "2025-12-16,2,1.0,12000.0", "2025-12-17,0,1.0,0"]
    assert len(lines) == 7
