"""Bytes that no client sends, against a running server: every answer is HTTP, soon, and costs little memory.

`pytest -m fuzz` runs it: seeded (`MOCKCBS_FUZZ_SEED`), for `MOCKCBS_FUZZ_SECONDS` (60 unless said otherwise).
"""

import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time

import psutil
import pytest

from tests.conftest import BOT, PROJECT

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]

SEED = int(os.environ.get("MOCKCBS_FUZZ_SEED", "1"))
SECONDS = float(os.environ.get("MOCKCBS_FUZZ_SECONDS", "60"))
MAX_SECONDS = 1.0
"""A request may take so long, on a machine that does other things too."""
MAX_MEMORY = 64 * 2**20
"""Bytes by which the server may grow in all."""

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"


def request(*lines: str, body: bytes = b"") -> bytes:
    """A request of these lines."""
    return "\r\n".join([*lines, "", ""]).encode() + body


SEEDS = (
    request(f"GET {PATH}?interval=week HTTP/1.1", "Host: a", "X-Auth-Token: t"),
    request("POST /v3/auth/tokens HTTP/1.1", "Host: a", "Content-Length: 11", body=b'{"auth":{}}'),
    request(
        "POST /v3/chat HTTP/1.1",
        "Host: a",
        "Authorization: Bearer t",
        "Transfer-Encoding: chunked",
        body=b'5;x=1\r\n{"a":\r\n3\r\n[]}\r\n0\r\nT: 1\r\n\r\n',
    ),
    request("GET /_mockcbs/journal HTTP/1.1", "Host: 127.0.0.1", "Expect: 100-continue", "Content-Length: 0"),
    request("OPTIONS * HTTP/1.1", "Host: a"),
    request("GET http://a/v1/workflows HTTP/1.0", "Connection: keep-alive"),
    request(
        "POST /v1/files/upload HTTP/1.1",
        "Host: a",
        "Authorization: Bearer t",
        "Content-Length: 60",
        "Content-Type: multipart/form-data; boundary=b",
        body=b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n',
    ),
    request(
        "GET / HTTP/1.1",
        "Host: a",
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AA",
    ),
)
PIECES = (
    b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"%", b"%00", b"%0A", b"%FF",
    b"%ED%A0%80", b"\xff", b"\xe4\xb8\xad", b"?", b"&", b"=", b"#", b"//", b"..", b"[", b"]", b"@",
    b"xn--a", b"-1", b"99999999999999999999", b"0x10", b"1e999", b"HTTP/1.1", b"HTTP/2.0",
    b"Host: b\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n", b"Expect: 100-continue\r\n", b"Prefer: scenario=flaky-once\r\n",
    b"Range: bytes=0-\r\n", b"X-Sdk-Date: 1\r\n", b"Authorization: SDK-HMAC-SHA256 x\r\n",
    b"Cookie: a=b\r\n", b"{" * 40, b"[" * 40, b'"', b"a" * 300, b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
)  # fmt: skip
STATUS_LINE = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n")


def mutated(chance: random.Random) -> bytes:
    """A request, changed in a few places, with another one behind it now and then."""
    content = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(0, 4)):
        at, end = sorted(chance.randint(0, len(content)) for _ in range(2))
        kind = chance.randrange(6)
        if kind == 0:
            content[at:at] = chance.choice(PIECES)
        elif kind == 1:
            content[at : min(end, at + 8)] = b""
        elif kind == 2 and content:
            content[min(at, len(content) - 1)] = chance.randrange(256)
        elif kind == 3:
            content[at:at] = content[at : min(end, at + 60)]
        elif kind == 4:
            content[at:at] = chance.choice(PIECES) * chance.choice([10, 100, 3000])
        else:
            lines = bytes(content).split(b"\r\n")
            chance.shuffle(lines)
            content = bytearray(b"\r\n".join(lines))
    return bytes(content) + chance.choice([b"", b"", SEEDS[0]])


def answer(port: int, sent: bytes, cuts: list[int]) -> tuple[bytes, float]:
    """What comes back for *sent*, cut there, and in how many seconds; then the client has no more to say."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        received = b""
        with contextlib.suppress(ConnectionError):
            for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
                connection.sendall(sent[start:end])
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65536):
                received += piece
        return received, time.perf_counter() - began


def responses(received: bytes) -> list[int]:
    """The statuses of the responses, which must follow each other without a byte between them."""
    statuses = []
    while received:
        head, blank, rest = received.partition(b"\r\n\r\n")
        first = STATUS_LINE.match(head + b"\r\n")
        assert first, f"not a response: {received[:200]!r}"
        status = int(first[1])
        if status == 100:
            received = rest
            continue
        assert blank, f"a head without end: {head[:200]!r}"
        assert all(line.decode("latin-1").isprintable() for line in head.split(b"\r\n")), head
        statuses.append(status)
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        if length is None:
            break  # a stream, to the end
        assert len(rest) >= int(length[1]) or statuses, received[-200:]
        received = rest[int(length[1]) :]
    return statuses


@pytest.fixture(scope="module")
def server():
    """A server in a process of its own, to weigh it."""
    command = [sys.executable, "-m", "mockcbs", "serve", "--port", "0", "--quiet", "--now", "2026-11-22"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    port = int(process.stdout.readline().strip().rpartition(":")[2])
    yield psutil.Process(process.pid), port
    process.terminate()
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert errors == ""


def test_bytes(server, record_property):
    """Any bytes get well-formed responses, and none of the responses shows a bug of mockcbs."""
    weighed, port = server
    chance, deadline = random.Random(SEED), time.monotonic() + SECONDS
    for _ in range(300):  # what is imported and cached late counts as no growth
        answer(port, mutated(chance), [])
    before, count, slowest = weighed.memory_info().rss, 0, (0.0, b"")

    while time.monotonic() < deadline:
        sent = mutated(chance)
        cuts = sorted(chance.randint(0, len(sent)) for _ in range(chance.choice([0, 0, 0, 1, 5])))
        received, seconds = answer(port, sent, cuts)
        each = seconds / max(1, len(responses(received)))
        assert b"mockcbs failed" not in received, (sent, received)
        slowest = max(slowest, (each, sent))
        count += 1

    grown = weighed.memory_info().rss - before
    record_property("requests", count)
    assert slowest[0] < MAX_SECONDS, slowest
    assert grown < MAX_MEMORY


AGREED = (
    (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
    (b"GET / HTTP/1.0\r\n\r\n", True),
    (b"GET / HTTP/1.1\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: xn--a\r\n\r\n", True),
    (b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", True),
    (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", False),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", False),
    (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", False),
    (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", False),
    (b"GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", False),
    (b"GET /?a%2 HTTP/1.1\r\nHost: a\r\n\r\n", True),
    (b"\x16\x03\x01\x02\x00\x01\xfc\r\n\r\n", False),
    (b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
    (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", True),
    (b"GET /" + b"a" * 33_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", False),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 33_000 + b"\r\n\r\n", False),
    (
        b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        True,
    ),
)
"""Requests that nginx and mockcbs must judge alike, and whether they accept them."""


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    """Nginx on a free port, which answers 204 to whatever is HTTP."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed, so that there is nothing to compare with")
    home = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    temporary = "".join(
        f"{kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/pid; error_log {home}/error.log; events {{}}\n"
        f"http {{ {temporary} access_log off; large_client_header_buffers 4 32k; "
        f"server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }} }}"
    )
    command = [program, "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")]
    process = subprocess.Popen(command)
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize(("sent", "accepted"), AGREED)
def test_what_nginx_says(server, nginx, sent, accepted):
    """Both accept the same requests, and answer as many."""
    ours, theirs = (responses(answer(port, sent, [])[0]) for port in (server[1], nginx))

    judged = [[status in {204, 404} for status in one] for one in (ours, theirs)]
    assert judged[0] == judged[1], (ours, theirs)
    assert judged[0] == [accepted]
