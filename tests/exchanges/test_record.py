"""Recording servers that answer in unusual ways, or not at all."""

import contextlib
import gzip
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler

import pytest
import requests
from click.testing import CliRunner

from mockcbs import Settings, create_app
from mockcbs.cli.main import cli
from tests.conftest import NOW
from tests.exchanges.proxied import plain, played, recording, upstream
from tests.servers import served


def chunk(handler: BaseHTTPRequestHandler, piece: bytes) -> None:
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    handler.wfile.flush()


CHUNKED = '{"a":1,"b":3.500}'


def chunked(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for place in range(0, len(CHUNKED), 5):
        chunk(handler, CHUNKED[place : place + 5].encode())
    chunk(handler, b"")


def until_closed(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(CHUNKED.encode())
    handler.close_connection = True


ANSWERS = {
    "/gzip": (plain(gzip.compress(b'{"c":4}'), 200, ("Content-Encoding", "gzip")), b'{"c":4}'),
    "/binary": (plain(bytes(range(256)), kind="application/octet-stream"), bytes(range(256))),
    "/chunked": (chunked, CHUNKED.encode()),
    "/closed": (until_closed, CHUNKED.encode()),
    "/empty": (plain(b""), b""),
    "/none": (plain(b"", 204), b""),
    "/elsewhere": (plain(b"", 302, ("Location", "/gzip")), b""),
}


def test_whatever_the_coding(tmp_path):
    """Compressed, chunked, binary and empty answers pass whole, and are replayed."""
    with (
        upstream({path: answer for path, (answer, _) in ANSWERS.items()}) as target,
        recording(target, tmp_path) as (url, rows),
    ):
        answers = {path: requests.get(url + path, timeout=10, allow_redirects=False) for path in ANSWERS}
        head = requests.head(f"{url}/binary", timeout=10)
        exchanges = rows()

    client = played(exchanges, tmp_path)
    assert len(exchanges) == len(ANSWERS) + 1
    assert head.headers["Content-Length"] == "256"
    for path, (_, body) in ANSWERS.items():
        again = client.get(path)
        assert answers[path].content == again.data == body
        assert (answers[path].status_code, answers[path].headers.get("Location")) == (
            again.status_code,
            again.headers.get("Location"),
        )


def test_streams_pass_as_they_come(tmp_path):
    """A client has the first event before the server has made the second; ids in events are masked."""
    seen = threading.Event()

    def events(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        chunk(handler, b'event:a\ndata:{"chat_id":"7374752000116113999","content":"1"}\n\n')
        assert seen.wait(10)
        chunk(handler, b'event:done\ndata:"[DONE]"\n\n')
        chunk(handler, b"")

    with upstream({"/stream": events}) as target, recording(target, tmp_path) as (url, rows):
        answer = requests.get(f"{url}/stream", timeout=10, stream=True)
        first = answer.raw.readline()
        seen.set()
        rest = answer.raw.read()
        (exchange,) = rows()

    again = played([exchange], tmp_path).get("/stream")
    assert first == b"event:a\n"
    assert rest.endswith(b'data:"[DONE]"\n\n')
    assert "7374752000116113999" not in json.dumps(exchange)
    assert again.mimetype == "text/event-stream"
    assert again.text.endswith('event:done\ndata:"[DONE]"\n\n')


@pytest.mark.slow
def test_clients_that_leave_early(tmp_path):
    """A stream is recorded completely if the client, like SDKs, disconnects at the last event."""
    left, recorded = threading.Event(), threading.Event()

    def events(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        chunk(handler, b"event:done\n\n")
        assert left.wait(10)
        for _ in range(50):
            chunk(handler, b"x" * 100_000)
        chunk(handler, b"")
        recorded.set()

    with upstream({"/stream": events}) as target, recording(target, tmp_path) as (url, rows):
        with requests.get(f"{url}/stream", timeout=10, stream=True) as answer:
            assert answer.raw.readline() == b"event:done\n"
        left.set()
        assert recorded.wait(10)
        requests.get(f"{url}/after", timeout=10)
        exchanges = []
        while len(exchanges) < 2:
            with contextlib.suppress(ValueError):  # the second one is being written
                exchanges = rows()
            threading.Event().wait(0.01)

    assert {len(row["response"]["body"]) > 5_000_000 for row in exchanges} == {True, False}


def test_a_response_without_end_whose_client_has_left(tmp_path, caplog):
    """The server's connection is closed, as no record of it could be written."""
    closed = threading.Event()

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 2**16)
        except OSError:
            closed.set()

    with upstream({"/endless": endless}) as target, recording(target, tmp_path) as (url, rows):
        with requests.get(f"{url}/endless", stream=True) as answer:
            next(answer.iter_content(10))

        assert closed.wait(20)
        assert rows() == []

    assert "/endless: its client left before it ended, not recorded" in caplog.text


def test_clients_do_not_wait_for_each_other(tmp_path):
    """While one answer is on its way another client is served."""
    asked, answered = threading.Event(), threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        assert answered.wait(10)
        plain(b"slow")(handler)

    with (
        upstream({"/slow": slow, "/quick": plain(b"quick")}) as target,
        recording(target, tmp_path) as (url, _),
    ):
        found: list[str] = []
        waiting = threading.Thread(target=lambda: found.append(requests.get(f"{url}/slow", timeout=10).text))
        waiting.start()
        assert asked.wait(10)
        quick = requests.get(f"{url}/quick", timeout=10).text
        answered.set()
        waiting.join()

    assert (quick, found) == ("quick", ["slow"])


def test_compressed_requests(tmp_path):
    """The server has them as sent; the record has them readable, and without secrets."""
    body = gzip.compress(b'{"password":"SECRET-zipped","question":"x"}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    with upstream({}) as target, recording(target, tmp_path) as (url, rows):
        echo = requests.post(f"{url}/a", data=body, headers=headers, timeout=10).json()
        requests.post(f"{url}/b", data=b"what?", headers={"Content-Encoding": "br"}, timeout=10)
        (exchange,) = rows()

    assert echo["headers"]["Content-Encoding"] == "gzip"
    assert "SECRET" not in exchange["request"]["body"]
    assert '"question":"x"' in exchange["request"]["body"]


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"abc")
    handler.close_connection = True


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\0\1 no http\r\n\r\n")
    handler.close_connection = True


def test_answers_that_break_off(tmp_path, caplog):
    """The client sees the answer break off; nothing of it is recorded."""
    with upstream({"/cut": cut, "/garbage": garbage}) as target, recording(target, tmp_path) as (url, rows):
        with pytest.raises(requests.exceptions.RequestException):
            requests.get(f"{url}/cut", timeout=10)
        answer = requests.get(f"{url}/garbage", timeout=10)

        assert rows() == []
        assert answer.status_code == 502
        assert answer.json()["detail"] == f"{target} broke off (ConnectionError)"
    assert "GET /cut: the answer broke off and is not recorded" in caplog.text


def test_large_answers_pass(tmp_path, caplog):
    """A response that is too large to record reaches the client, with a warning."""
    body = b"x" * (17 << 20)
    with upstream({"/large": plain(body)}) as target, recording(target, tmp_path) as (url, rows):
        assert requests.get(f"{url}/large", timeout=30).content == body
        assert rows() == []
    assert "GET /large: over 16 MiB, not recorded" in caplog.text


@pytest.mark.parametrize(
    ("upstream", "words"),
    [
        ("cbs.example", "'cbs.example' is not a URL such as https://cbs-ext.cn-north-4.myhuaweicloud.com"),
        ("http://[", "'http://[' is not a URL such as https://"),
        ("https://somebody:secret@cbs.example", "a base URL has no query, fragment or password"),
        ("https://cbs.example/?a=b", "a base URL has no query, fragment or password"),
    ],
)
def test_what_cannot_be_asked(upstream, words, tmp_path):
    """A server that cannot be meant is refused before anything is listened to or written."""
    path = tmp_path / "recorded.json"

    done = CliRunner().invoke(cli, ["record", "--upstream", upstream, "--out", str(path), "--port", "0"])

    assert done.exit_code == 2
    assert words in done.output
    assert "secret" not in done.output
    assert not path.exists()


def test_an_existing_record_is_kept(tmp_path):
    """Only --force overwrites an existing recording."""
    path = tmp_path / "recorded.json"
    path.write_text("mine")
    command = ["record", "--upstream", "http://127.0.0.1:1", "--out", str(path), "--host", "256.0.0.1"]

    refusal, forced = (CliRunner().invoke(cli, [*command, *more]) for more in ([], ["--force"]))

    assert (refusal.exit_code, path.read_text()) == (2, "mine")
    assert refusal.output == f"Error: {path} exists already; --force overwrites it\n"
    assert "exists already" not in forced.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command(number, tmp_path):
    """A signal ends the command with a complete file, even if requests are in progress."""
    path = tmp_path / "recorded.json"
    path.write_text("an earlier record")
    with served(create_app(Settings(now=NOW))) as target:
        command = [
            sys.executable,
            "-m",
            "mockcbs",
            "record",
            "--upstream",
            target,
            "--out",
            str(path),
            "--port",
            "0",
        ]
        with subprocess.Popen(
            [*command, "--force", "--quiet"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process:
            url = process.stdout.readline().strip()
            host = url.removeprefix("http://")
            answer = requests.get(f"{url}/v1/x/qabots/y/requests/keywords", timeout=10)
            unfinished = http.client.HTTPConnection(host, timeout=10)
            unfinished.putrequest("POST", "/v1/x")
            unfinished.putheader("Content-Length", "10")
            unfinished.endheaders()
            process.send_signal(number)
            try:
                assert process.wait(20) == 0
            finally:
                process.kill()
                unfinished.close()

    (exchange,) = json.loads(path.read_text("utf-8"))["exchanges"]
    assert exchange["response"]["status"] == answer.status_code == 401
