"""Many requests at once on one connection: their order, and the turns of other connections."""

import asyncio
import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockcbs.server.limits import MAX_PARSED
from mockcbs.server.protocol import HttpProtocol
from tests.docs.limits import row
from tests.server.connections import GET, connect, everything
from tests.thoroughness import examples

FRESH = re.compile(rb"(?<=Date: )[^\r]*|[0-9a-f-]{32,36}")
DAILY = GET.replace(b"=week", b"=day")
BLANK_LINES = b"\r\n\r\n" * 40
BODIES = (
    GET.replace(b"\r\n\r\n", b"\r\nContent-Length: 160\r\n\r\n") + BLANK_LINES,
    b"POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 160\r\n\r\n" + BLANK_LINES,
    b"POST /none HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\na0\r\n"
    + BLANK_LINES
    + b"\r\n0\r\n\r\n",
)
LAST = (GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), b"GET / HTTP/1.1\r\n\r\n")
"""A request that closes the connection, and a malformed one."""


def sent_at_once(server, *parts):
    """All that comes back for *parts*, which end with a request that closes the connection."""
    with connect(server) as connection:
        for part in parts:
            connection.sendall(part)
        return FRESH.sub(b"", everything(connection))


@row("requests of one connection parsed in a turn", "16")
def test_requests_that_arrive_together_are_parsed_in_several_turns(server, monkeypatch):
    """Another connection has its turn after 16 of the requests, although many came in one read."""
    turn, turns, queue = [0], [], HttpProtocol._line_up

    def noted(protocol, request):
        turns.append(turn[0])
        asyncio.get_running_loop().call_soon(lambda: turn.__setitem__(0, turn[0] + 1))
        queue(protocol, request)

    monkeypatch.setattr(HttpProtocol, "_line_up", noted)

    received = sent_at_once(server, DAILY * 400 + LAST[0])

    assert received.count(b"HTTP/1.1 200") == 401
    assert max(turns.count(number) for number in set(turns)) <= MAX_PARSED == 16


def test_another_client_is_answered_in_between(server, monkeypatch):
    """Its request precedes most of those that were sent before it."""
    nothing, queue, to_send = b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", HttpProtocol._line_up, []

    def noted(protocol, request):
        while to_send:
            other.sendall(to_send.pop())
        queue(protocol, request)

    monkeypatch.setattr(HttpProtocol, "_line_up", noted)
    with connect(server) as busy, connect(server) as other:
        for one in (busy, other):  # so that both are accepted, and nothing is left to import
            one.sendall(nothing)
            assert one.recv(65536).startswith(b"HTTP/1.1 404")
        to_send.append(nothing)
        busy.sendall(DAILY * 500)
        assert other.recv(12) == b"HTTP/1.1 404"
        busy.sendall(LAST[0])
        everything(busy)

    statuses = [entry.status for entry in server.journal[2:]]
    assert len(statuses) == 502
    assert statuses.index(404) < 400


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    requests=st.lists(
        st.tuples(st.sampled_from([GET, DAILY, *BODIES]), st.sampled_from([1, 2, 15, 16, 17])),
        max_size=4,
    ),
    last=st.sampled_from(LAST),
    cuts=st.lists(st.integers(1, 8000), max_size=4),
)
@example(requests=[(BODIES[0], 2), (DAILY, 40)], last=LAST[0], cuts=[])
def test_any_cut_gives_the_same_responses(server, requests, last, cuts):
    """However the bytes of a client arrive, each request gets the response that it gets alone."""
    every = [request for request, count in requests for _ in range(count)]
    alone = {one: sent_at_once(server, one + LAST[0]) for one in {*every}}
    close = sent_at_once(server, LAST[0])
    expected = b"".join(alone[one].removesuffix(close) for one in every) + sent_at_once(server, last)
    stream, ends = b"".join([*every, last]), sorted(cuts)

    parts = [stream[start:end] for start, end in zip([0, *ends], [*ends, None], strict=True)]

    assert sent_at_once(server, *parts) == expected


@pytest.mark.parametrize("position", [1, 5, 40])
def test_requests_behind_a_delayed_response_stay_in_order(server, position):
    """The rest waits unparsed until the response is sent."""
    server.scenario({"rules": [{"when": {"nth": position}, "latency": {"fixed_ms": 100}}]})

    began = time.monotonic()
    received = sent_at_once(server, (GET + DAILY) * 40 + LAST[0])

    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200"] * 81
    assert time.monotonic() - began > 0.1


def test_an_upload_behind_many_requests_arrives_whole(server):
    """A large body that begins in the middle of a read, and holds blank lines, is not changed."""
    path = "/bucket/key?OSSAccessKeyId=Any&Expires=4102444800&Signature=any"
    content = BLANK_LINES * 20_000
    head = f"PUT {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    get = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()

    received = sent_at_once(server, DAILY * 30 + head + content + DAILY * 30 + get)

    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200"] * 62
    assert received.endswith(content)


def test_a_response_is_not_cached_for_several_requests(server):
    """A request whose body has many blank lines is parsed alone, and what follows gets its own response."""
    body = b"\r\n\r\n" * 15
    first = GET.replace(b"\r\n\r\n", b"\r\nContent-Length: %d\r\n\r\n" % len(body)) + body

    received = [sent_at_once(server, first + DAILY * 3 + LAST[0]) for _ in range(3)]

    assert [one.count(b"HTTP/1.1 200") for one in received] == [5] * 3
