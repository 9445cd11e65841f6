"""Every row of `docs/limits.md` is true."""

import contextlib
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from mockcbs.app import create_app
from mockcbs.backend import bots
from mockcbs.backend.sqlite import database, peers
from mockcbs.core import files
from mockcbs.exchanges import file as exchange_file
from mockcbs.exchanges import upstream
from mockcbs.journal.entry import MAX_BODY
from mockcbs.server import accepting, limits, protocol
from mockcbs.server.tls import make_context
from mockcbs.services import registry
from mockcbs.settings import ServerSettings, Settings
from mockcbs.testing.live import LiveServer
from mockcbs.traffic import recording, recordings
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.conftest import BOT, NOW, PROJECT

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=week"
GET = f"GET {PATH} HTTP/1.1\r\nHost: mock\r\nX-Auth-Token: any\r\n"
CHUNKED = b"POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
KB, MB = 1024, 2**20

TESTED: dict[str, str] = {}
"""What tests say of rows: name and value."""


def row(name: str, value: str):
    """The test that follows is about the row of that *name*, which states that *value*."""
    TESTED[name] = value
    return lambda test: test


def rows() -> dict[str, str]:
    """Name and value of each row."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.split("|")[1:3]] for line in lines]
    return {name: value for name, value in cells if name != "limit"}


def test_every_row_has_a_test():
    """The page states what is tested here, no more, no less, and no other value."""
    assert rows() == TESTED


@pytest.fixture(scope="module")
def server():
    with LiveServer(now=NOW) as server:
        yield server


@contextlib.contextmanager
def connected(server):
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        yield connection


def exchange(server, *sent: bytes) -> str:
    """All that the server answers before it closes, or falls silent."""
    with connected(server) as connection:
        with contextlib.suppress(ConnectionError):
            for piece in sent:
                connection.sendall(piece)
        received = b""
        connection.settimeout(1)
        with contextlib.suppress(TimeoutError):
            while piece := connection.recv(65536):
                received += piece
                if b"Connection: keep-alive" in received:
                    break
    return received.decode()


def status(server, *sent: bytes) -> int:
    return int(exchange(server, *sent).split()[1])


@row("request target", "32 KB")
def test_target(server):
    target = f"{PATH}&x=" + "a" * (limits.MAX_URI - len(PATH) - 3)

    assert limits.MAX_URI == 32 * KB
    assert status(server, GET.replace(PATH, target).encode() + b"\r\n") == 200
    received = exchange(server, GET.replace(PATH, target + "a").encode() + b"\r\n")
    assert received.startswith("HTTP/1.1 414")
    assert "Connection: close" in received


@row("one header", "32 KB")
def test_header(server):
    value = "a" * (limits.MAX_HEADER - 1)

    assert limits.MAX_HEADER == 32 * KB
    assert status(server, f"{GET}X: {value}\r\n\r\n".encode()) == 200
    assert status(server, f"{GET}X: {value}a\r\n\r\n".encode()) == 494
    coze = f"GET /v3/chat HTTP/1.1\r\nHost: mock\r\nX: {value}a\r\n\r\n"
    assert status(server, coze.encode()) == 400


@row("request line and headers", "128 KB")
@pytest.mark.parametrize("endless", [b"a" * KB, b"a: b\r\n" * 100])
def test_head(server, endless):
    """Also of a header that never ends."""
    assert limits.MAX_HEAD == 128 * KB
    assert status(server, GET.encode(), *[endless] * 300) == 494


@row("headers of a request", "1,000")
def test_headers(server):
    more = "a: b\r\n" * (limits.MAX_HEADERS - 2)

    assert limits.MAX_HEADERS == 1000
    assert status(server, f"{GET}{more}\r\n".encode()) == 200
    received = exchange(server, f"{GET}{more}a: b\r\n\r\n".encode())
    assert received.startswith("HTTP/1.1 494")
    assert "X-Mockcbs-Reason: the request has more than 1000 headers" in received


@row("lengths, extensions and trailers of chunks", "128 KB, and 8 bytes for each byte of the body")
@pytest.mark.parametrize("endless", [b"0\r\nT: ", b"1;"], ids=["trailer", "extension"])
def test_chunks(server, endless):
    assert limits.MAX_CHUNK_FRAMING == 8
    assert status(server, CHUNKED, endless, *[b"a" * KB] * 300) == 494


@pytest.mark.parametrize(
    ("path", "allowed"), [("/v3/auth/tokens", 12 * MB), ("/v3/chat", 20 * MB), ("/nowhere", MB)]
)
@row("body for CBS and IAM", "12 MB")
@row("body for Coze", "20 MB")
@row("body for no service", "1 MB")
def test_body(server, path, allowed):
    """The length is enough to be refused; a body in chunks is read up to the limit."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\n"

    said = exchange(server, f"{head}Expect: 100-continue\r\nContent-Length: {allowed + 1}\r\n\r\n".encode())

    assert {one.max_body for one in registry.services() if one.name in {"cbs", "iam"}} == {12 * MB}
    assert limits.MAX_UNKNOWN_BODY == MB
    assert said.startswith("HTTP/1.1 413")
    assert "Connection: close" in said
    chunk = b"%x\r\n%b\r\n" % (MB, bytes(MB))
    sent = [chunk] * (allowed // MB)
    begun = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status(server, begun, *sent, b"1\r\na\r\n") == 413


@row("dataset for `PUT /_mockcbs/dataset`", "32 MB")
def test_dataset(server):
    """Larger ones are refused by their length."""
    head = "PUT /_mockcbs/dataset HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"

    refused = exchange(server, f"{head}Content-Length: {32 * MB + 1}\r\n\r\n".encode())
    accepted = exchange(server, f"{head}Connection: close\r\nContent-Length: {32 * MB}\r\n\r\n".encode())

    assert refused.startswith("HTTP/1.1 413")
    assert accepted.startswith("HTTP/1.1 100")


@row("file uploaded to Coze", "512 MB")
def test_file_for_coze(server):
    """The form around the file may have a megabyte."""
    head = "POST /v1/files/upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"

    refused = exchange(server, f"{head}Content-Length: {513 * MB + 1}\r\n\r\n".encode())
    accepted = exchange(server, f"{head}Connection: close\r\nContent-Length: {513 * MB}\r\n\r\n".encode())

    assert '"code":4302' in refused
    assert accepted.startswith("HTTP/1.1 100")


@row("body for OSS", "1 GB")
def test_body_for_oss(server):
    """An object in one request has at most 1 GB."""
    head = "PUT /bucket/key HTTP/1.1\r\nHost: oss.localhost\r\nExpect: 100-continue\r\n"

    refused = exchange(server, f"{head}Content-Length: {1024 * MB + 1}\r\n\r\n".encode())
    accepted = exchange(server, f"{head}Connection: close\r\nContent-Length: 1\r\n\r\n".encode())

    assert refused.startswith("HTTP/1.1 400")
    assert "<Code>EntityTooLarge</Code>" in refused
    assert accepted.startswith("HTTP/1.1 100")


@row("parts of a form", "1,000")
@row("bytes of a form outside of its files", "500,000")
@pytest.mark.parametrize(
    "form", [{f"part{number}": (None, "x") for number in range(1001)}, {"a": (None, "x" * 500_001)}]
)
def test_form(server, form):
    """Uploads of Coze have other sizes for the files themselves."""
    url = f"{server.url}/v1/files/upload"

    response = requests.post(url, files=form, headers={"Authorization": "Bearer t"}, timeout=10)

    assert response.status_code == 413
    assert "1000 parts, and 500000 bytes" in response.headers["X-Mockcbs-Reason"]


@row("requests read ahead", "16")
def test_reading_ahead(server):
    """Behind a delayed response, the rest stays in the sockets: its client cannot send any more."""
    server.scenario({"rules": [{"latency": {"fixed_ms": 5000}}]})
    try:
        with connected(server) as connection:
            connection.settimeout(0.3)
            sent = 0
            with contextlib.suppress(TimeoutError):
                while sent < 64 * MB:
                    sent += connection.send(GET.encode() + b"X: " + b"a" * 4000 + b"\r\n\r\n")
    finally:
        server.scenario(None)

    assert limits.MAX_WAITING == 16
    assert sent < 16 * MB


@row("time for the TLS handshake", "60 s")
def test_handshake(monkeypatch, tmp_path):
    """Also if no byte ever comes."""
    monkeypatch.setattr(accepting, "HEAD_TIMEOUT", 0.1)
    server = LiveServer()
    server._server.config.ssl, _ = make_context(ServerSettings(tls=True), tmp_path)
    with server, connected(server) as connection, contextlib.suppress(ConnectionResetError):
        assert connection.recv(1) == b""


@row("time for the headers", "60 s")
@row("time for the body", "300 s")
@pytest.mark.parametrize(
    ("name", "sent"),
    [("HEAD_TIMEOUT", GET.encode()), ("BODY_TIMEOUT", GET.encode() + b"Content-Length: 9\r\n\r\n")],
)
def test_times(server, monkeypatch, caplog, name, sent):
    """Such a client is disconnected without a response."""
    assert (limits.HEAD_TIMEOUT, limits.BODY_TIMEOUT) == (60, 300)
    monkeypatch.setattr(protocol, name, 0.1)
    with connected(server) as connection:
        connection.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""

    assert "connection closed: the client 127.0.0.1 did not end" in caplog.text


@row("time without reading a response", "60 s")
def test_unread(server, monkeypatch, caplog):
    assert limits.WRITE_TIMEOUT == 60
    monkeypatch.setattr(protocol, "WRITE_TIMEOUT", 0.1)
    with connected(server) as connection, contextlib.suppress(ConnectionError):
        for _ in range(5000):
            connection.sendall((GET.encode() + b"\r\n") * 100)

    assert "did not read a response" in caplog.text


@row("time without a request", "75 s")
def test_keep_alive(monkeypatch):
    """Also without a byte ever."""
    assert ServerSettings().keep_alive == 75
    server = LiveServer()
    monkeypatch.setattr(server._server.config, "timeout_keep_alive", 0.1)
    with server, connected(server) as connection:
        assert connection.recv(1) == b""


@row("connections that wait", "2,048")
def test_waiting(server):
    """As many as the system allows may wait."""
    assert limits.BACKLOG == 2048
    assert status(server, GET.encode() + b"\r\n") == 200


@row("open connections", "the process's limit of open files (`ulimit -n`)")
def test_descriptors():
    """A server without free descriptors logs this, and serves again when some are free."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48)); "
        "from mockcbs.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        many = [socket.create_connection(address, timeout=5) for _ in range(60)]
        time.sleep(0.3)
        for connection in many:
            connection.close()
        served = requests.get(url + PATH, headers={"X-Auth-Token": "t"}, timeout=10).status_code
    finally:
        process.terminate()
        errors = process.communicate(timeout=10)[1]

    assert served == 200
    assert "no new connections for 1 s: Too many open files; raise the limit of open files" in errors


@row("memory for what clients make", "512 MB")
def test_memory():
    """What does not fit is refused in the service's words and the control API's, with the reason."""
    assert Settings().memory * MB == 512 * MB
    app = create_app(Settings(now=NOW, memory=1))
    client, mock = app.test_client(), app.extensions["mockcbs"]
    mock.documents.put("test", "p", "a", {"text": "x" * (MB - 2000)})
    rules = [{"answer": {"status": 500, "body": "x" * 5000}}]

    session = client.post(f"/v1/{PROJECT}/qabots/{BOT}/sessions", headers={"X-Auth-Token": "t"}, json={})
    for _ in range(3):
        session = client.post(f"/v1/{PROJECT}/qabots/{BOT}/sessions", headers={"X-Auth-Token": "t"}, json={})
    scenario = client.put("/_mockcbs/scenario", json={"scenario": {"name": "big", "rules": rules}})

    assert session.status_code == 502
    assert "(--memory)" in session.headers["X-Mockcbs-Reason"]
    assert (scenario.status_code, scenario.mimetype) == (503, "application/problem+json")
    assert mock.documents.get("test", "p", "a")
    client.post("/_mockcbs/reset")
    again = client.post(f"/v1/{PROJECT}/qabots/{BOT}/sessions", headers={"X-Auth-Token": "t"}, json={})
    assert again.status_code == 200


@row("recorded questions in all", "250,000")
@row("recorded questions of one bot in one scope", "200,000")
def test_recorded_questions():
    """`tests/traffic/test_log.py` shows what is dropped; half of the memory is theirs, too."""
    assert (recordings.MAX_RECORDED, recording.MAX_TURNS) == (250_000, 200_000)
    mock = create_app(Settings(now=NOW, memory=1)).extensions["mockcbs"]
    for number in range(1000):
        mock.log.record(Turn(BOT, "s", "u", number, Utterance("x" * 500, "chat")), "p")

    assert 100 < len(mock.log.recordings.of("p", BOT).turns) < 500


@row("rules of a scenario", "1,000")
def test_rules(server):
    """A scenario of one more is refused, and names the limit."""
    rules = [{"answer": {"error": "server-error"}}] * 1001
    scenario = f"{server.url}/_mockcbs/scenario?project=rules"

    full = requests.put(scenario, json={"scenario": {"rules": rules[:-1]}}, timeout=20)
    over = requests.put(scenario, json={"scenario": {"rules": rules}}, timeout=20)

    assert (full.status_code, over.status_code) == (200, 400)
    assert over.json()["detail"] == "rules: give 1 to 1,000 rules"


@row("bots remembered of one scope", "1,000")
def test_bots():
    """`tests/backend/test_bots.py` shows what happens beyond it."""
    assert bots.MAX_BOTS == 1000


@row("time that another program's lock on the state file is waited for", "1 s")
@row("time that another worker's write is waited for", "10 s")
@row("time for all other workers to answer", "1 s")
def test_waiting_for_others():
    """`tests/backend/sqlite/` shows what happens beyond them."""
    assert (database._BUSY_SECONDS, database.GATE_SECONDS, peers._TIMEOUT) == (1.0, 10.0, 1.0)


LOGIN = "/v3/auth/tokens"


def reason_for(body: bytes) -> str:
    """Why a body is refused."""
    client = create_app(Settings()).test_client()
    response = client.post(LOGIN, data=body)
    assert response.status_code == 400
    return response.headers["X-Mockcbs-Reason"]


@row("JSON text", "4 MB")
@row("decoded JSON text with characters beyond U+FFFF", "2,621,440 characters")
@row("values and members of a JSON text", "50,000")
@row("levels of a JSON text", "64")
@row("digits of a whole number", "4,300")
def test_json_texts():
    """Each limit is named by the reason."""
    wide = "\U0001f600".encode() + b"a" * 2_700_000

    assert f"at most {4 * MB} are accepted" in reason_for(b'"' + b"a" * 4 * MB + b'"')
    assert "at most 2621440 such are accepted" in reason_for(b'"' + wide + b'"')
    assert "more than 50000 values" in reason_for(b"[" + b"0," * 50_000 + b"0]")
    assert "more than 64 levels" in reason_for(b"[" * 65 + b"]" * 65)
    assert "more than 4300 digits" in reason_for(b"9" * 4_301)


@row("items of a list, members of an object", "1,000")
@row("items of a list of objects", "100, unless the vendor states another number")
@row("problems named by one refusal", "10")
def test_items():
    """Of plain values, of objects, and the problems of a hundred of them."""
    client = create_app(Settings()).test_client()
    headers = {"Authorization": "Bearer pat_mockcbs"}
    members = b",".join(b'"%d":0' % number for number in range(1_001))

    def refused(items: list) -> str:
        variables = {"connector_uid": "u", "bot_id": "1", "data": items}
        return client.put("/v1/variables", json=variables, headers=headers).json["msg"]

    assert "at most 1000 are accepted" in reason_for(b"{" + members + b"}")
    assert "100" in refused([{}] * 101)
    assert refused([{}] * 100).count("is required") == 10


@row("body kept by the journal", "16 KB")
@row("requests kept by the journal", "1,000")
@row("YAML file", "32 MB")
@row("file of exchanges for `--replay`", "256 MB")
@row("body that `mockcbs record` writes down", "16 MB")
def test_what_is_kept_and_read():
    """As the code has it; tests of each package show what happens beyond."""
    assert MAX_BODY == 16 * KB
    assert Settings().journal_size == 1_000
    assert files._LARGEST_FILE == 32 * MB
    assert exchange_file._LARGEST_FILE == 256 * MB
    assert upstream.MAX_BODY == 16 * MB
