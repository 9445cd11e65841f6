"""Recording servers that answer in unusual ways, or not at all."""

import base64
import contextlib
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from click.testing import CliRunner
from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.cli.main import cli
from mockcbs.exchanges import replay
from mockcbs.exchanges.mask import Masker
from mockcbs.exchanges.record import ExchangeFile, Recorder, RecordingServer
from mockcbs.server.server import bind
from tests.conftest import NOW
from tests.servers import served

Answer = Callable[[BaseHTTPRequestHandler], None]


def plain(
    body: bytes, status: int = 200, *headers: tuple[str, str], kind: str = "application/json"
) -> Answer:
    """An answer of known length."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


def chunk(handler: BaseHTTPRequestHandler, piece: bytes) -> None:
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    handler.wfile.flush()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that left is none of its business."""


@contextmanager
def upstream(answers: dict[str, Answer]) -> Iterator[str]:
    """A server with an answer a path; other paths give the request again."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            echo = {
                "path": self.requestline.split()[1],
                "headers": dict(self.headers),
                "body": body.decode("utf-8", "replace"),
            }
            answers.get(self.path, plain(json.dumps(echo).encode()))(self)

        do_GET = do_POST = do_HEAD = answer  # noqa: N815 - the names it looks for

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = _Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def recording(target: str, folder, **options) -> Iterator[tuple[str, Callable[[], list[dict]]]]:
    """The URL of a recorder in front of *target*, and a way to read what it has written down."""
    path = folder / "recorded.json"
    file = ExchangeFile(path, target)
    listener = bind("127.0.0.1", 0)
    server = RecordingServer(Recorder(target, file, **options), listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield (
            f"http://127.0.0.1:{listener.getsockname()[1]}",
            lambda: json.loads(path.read_text("utf-8"))["exchanges"],
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        listener.close()
        file.close()


def played(exchanges: list[dict], folder, miss: replay.Miss = "fail") -> Client:
    """A client of a server that replays the exchanges."""
    path = folder / "replayed.json"
    path.write_text(json.dumps({"exchanges": exchanges}))
    return Client(replay.Replay(create_app(Settings(now=NOW)), replay.read(path), miss))


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


def test_clients_that_leave_early(tmp_path):
    """Who closes the connection at the last event, as SDKs do, has the whole stream recorded."""
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


def test_no_secrets_anywhere(tmp_path):
    """Headers, query, form, JSON, cookies and signatures are masked, also where they are repeated."""
    grant = plain(
        b'{"access_token":"SECRET-granted","name":"x"}',
        200,
        ("Set-Cookie", "one=SECRET-cookie; Path=/"),
        ("Set-Cookie", "two=SECRET-other"),
        ("X-Subject-Token", "SECRET-subject"),
        ("Location", "https://x/?code=SECRET-code"),
    )
    with upstream({"/grant": grant}) as target, recording(target, tmp_path) as (url, rows):
        granted = requests.get(f"{url}/grant", timeout=10)
        echo = requests.get(
            f"{url}/a?token=SECRET-token&user_id=SECRET-user&X-Amz-Signature=SECRET-signature&page=1",
            headers={
                "X-Auth-Token": "SECRET-subject",
                "Authorization": "SDK-HMAC-SHA256 Access=SECRET-ak, SignedHeaders=x, Signature=SECRET-sign",
                "Cookie": "one=SECRET-cookie",
            },
            timeout=10,
        ).json()
        requests.post(
            f"{url}/b",
            data={"client_secret": "SECRET-client", "code": "SECRET-code"},
            auth=("al", "SECRET-pw"),
            timeout=10,
        )
        body = {"apiKey": "SECRET-key", "sessionId": "SECRET-session", "user": {"name": "SECRET-张三"}}
        requests.post(f"{url}/c", json=body, timeout=10)
        written = json.dumps(rows(), ensure_ascii=False)

    assert granted.raw.headers.getlist("Set-Cookie") == ["one=SECRET-cookie; Path=/", "two=SECRET-other"]
    assert echo["headers"]["X-Auth-Token"] == "SECRET-subject"
    assert "two=" not in echo["headers"]["Cookie"]
    assert "SECRET" not in written
    assert "page=1" in written
    masked = {row["request"]["path"]: row["response"] for row in json.loads(written)}
    assert (
        masked["/grant"]["headers"]["X-Subject-Token"]
        in masked[next(p for p in masked if p[:2] == "/a")]["body"]
    )


def raw(url: str, request: bytes) -> bytes:
    """What comes back for these bytes."""
    host, _, port = url.partition("://")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_requests_go_to_one_server_only(tmp_path):
    """A target that is no path cannot lead the client's token to another server."""
    with upstream({}) as other, upstream({}) as target, recording(target, tmp_path) as (url, rows):
        trap = other.partition("//")[2].encode()
        answer = raw(url, b"GET @%s/x HTTP/1.0\r\nHost: a\r\nX-Auth-Token: t\r\n\r\n" % trap)

        assert b" 400 " in answer.splitlines()[0]
        assert rows() == []


def test_targets_stay_as_they_are(tmp_path):
    """Slashes at the beginning are not made one, and a whole URL counts by its path."""
    with upstream({}) as target, recording(target, tmp_path) as (url, rows):
        for sent in (b"//double//slash?a=//b", b"http://any.example/whole?x=1", b"http://any.example"):
            raw(url, b"GET %s HTTP/1.0\r\nHost: any.example\r\n\r\n" % sent)
        exchanges = rows()

    paths = ["//double//slash?a=//b", "/whole?x=1", "/"]
    assert [json.loads(row["response"]["body"])["path"] for row in exchanges] == paths
    assert [row["request"]["path"] for row in exchanges] == paths


def test_redirects_pass_with_their_body(tmp_path):
    """The client has the body that goes with a redirect, and so has the record."""
    moved = plain(b"moved there", 302, ("Location", "/x"), kind="text/plain")
    with upstream({"/old": moved}) as target, recording(target, tmp_path) as (url, rows):
        answer = requests.get(f"{url}/old", timeout=10, allow_redirects=False)
        (exchange,) = rows()

    assert answer.text == exchange["response"]["body"] == "moved there"


def test_headers_of_one_hop_stay_there(tmp_path):
    """Whatever Connection names is not passed on (RFC 9110 7.6.1), neither way."""
    own = plain(b"{}", 200, ("Connection", "X-Own"), ("X-Own", "1"), ("X-Other", "2"))
    hop = {"Connection": "X-Hop", "X-Hop": "1", "X-End": "2"}
    with upstream({"/own": own}) as target, recording(target, tmp_path) as (url, _):
        echo = requests.get(f"{url}/a", headers=hop, timeout=10).json()
        answer = requests.get(f"{url}/own", timeout=10)

    assert "X-Hop" not in echo["headers"]
    assert echo["headers"]["X-End"] == "2"
    assert "X-Own" not in answer.headers
    assert answer.headers["X-Other"] == "2"


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


KEYS = {"auth": {"hw_ak_sk": {"access": {"key": "an-ak"}, "secret": {"key": "SECRET-sk"}}}}
SENT = {
    "multipart": {"files": {"f": b"\xff\xfe"}, "data": {"client_secret": "SECRET-part"}},
    "code": {"json": {"grant_type": "authorization_code", "code": "SECRET-code"}},
    "access key": {"json": KEYS},
    "cut off": {"data": b'{"question":"x","password":"SECRET-cut-o'},
    "number": {"json": {"api_key": 123456789}},
    "header": {"headers": {"X-Api-Key": "SECRET-api"}},
}


@pytest.mark.parametrize("kind", SENT)
def test_secrets_in_any_form(kind, tmp_path):
    """Neither text nor Base64 shows them."""
    with upstream({"/x": plain(b"{}")}) as target, recording(target, tmp_path) as (url, rows):
        requests.post(f"{url}/x", **SENT[kind], timeout=10)
        (exchange,) = rows()

    body = exchange["request"].get("body", "").encode()
    body = base64.b64decode(body) if "encoding" in exchange["request"] else body
    assert b"SECRET" not in body
    assert b"123456789" not in body
    assert "SECRET" not in json.dumps(exchange)


def test_a_secret_that_was_no_secret_yet(tmp_path):
    """A token that came under an unknown name is masked there too, as soon as it is used as one."""
    handed = plain(b'{"for_you":"SECRET-of-unknown-name"}')
    with upstream({"/hand": handed}) as target, recording(target, tmp_path) as (url, rows):
        requests.get(f"{url}/hand", timeout=10)
        before = rows()
        requests.get(f"{url}/a", headers={"Authorization": "Bearer SECRET-of-unknown-name"}, timeout=10)
        after = rows()

    assert "SECRET" in json.dumps(before)
    assert "SECRET" not in json.dumps(after)
    assert len(after) == 2


def test_masking_looks_at_few_of_many():
    """What an exchange costs does not depend on how many secrets and ids came before."""
    masker = Masker()
    for number in range(3000):
        masker.learn(f"czu_eyJ{number:08d}")

    found = masker._known_in(json.dumps({"token": "czu_eyJ00000007", "text": "x" * 70_000}))

    assert len(found) <= 2


def test_figures_stay(tmp_path):
    """An id of few digits, or one that is a word, changes neither numbers nor the names of members."""
    figures = '{"user_id":"session_count","id":"123456","session_count":123456.5,"more":[9123456,0.123456]}'
    with upstream({"/x": plain(figures.encode())}) as target, recording(target, tmp_path) as (url, rows):
        requests.get(f"{url}/x", timeout=10)
        (exchange,) = rows()

    body = json.loads(exchange["response"]["body"])
    assert (body["session_count"], body["more"]) == (123456.5, [9123456, 0.123456])
    assert body["user_id"].startswith("masked-")
    assert body["id"] == "900002"


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
    """What is too large to be written down passes all the same, with a warning."""
    body = b"x" * (17 << 20)
    with upstream({"/large": plain(body)}) as target, recording(target, tmp_path) as (url, rows):
        assert requests.get(f"{url}/large", timeout=30).content == body
        assert rows() == []
    assert "GET /large: over 16 MiB, not recorded" in caplog.text


def test_nobody_there(tmp_path):
    """A dead server, an unknown host, a certificate of nobody and a slow server have different messages."""
    wait = threading.Event()

    def reason(target: str, **options) -> str:
        with recording(target, tmp_path, **options) as (url, rows):
            answer = requests.get(f"{url}/x", timeout=10)
            assert (answer.status_code, answer.headers["Content-Type"]) == (502, "application/problem+json")
            assert rows() == []
            return answer.json()["detail"].removeprefix(target)

    assert reason("http://127.0.0.1:1") == " refuses connections"
    assert reason("http://nobody.invalid") == " cannot be found: no such host"
    with upstream({"/x": lambda handler: wait.wait(10) and plain(b"")(handler)}) as slow:
        assert reason(slow, timeout=0.2) == " did not answer within 0.2 s"
        wait.set()


def test_two_bots_are_kept_apart(tmp_path):
    """Each stand-in keeps to the first id that comes in its place; whoever else asks gets an answer too."""
    rows = [
        {
            "request": {"method": "GET", "path": f"/v1/bots/900000000000000000{bot}/analytics"},
            "response": {"status": 200, "body": f'{{"n":"{bot}{turn}"}}'},
            "stand_ins": [f"900000000000000000{bot}"],
        }
        for turn in "ab"
        for bot in "12"
    ]
    client = played(rows, tmp_path)

    def asked(bot: str) -> str:
        return client.get(f"/v1/bots/{bot}/analytics").get_json()["n"]

    assert [asked(bot) for bot in ("7", "7", "8", "7", "8", "9")] == ["1a", "1b", "2a", "1b", "2b", "1b"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"path": "/x?id=1&id=2"}, 200),
        ({"path": "/x?id=2&id=1"}, 404),
        ({"path": "/x?id=2"}, 404),
        ({"path": "/x?id=1&id=2", "json": {}}, 404),
        ({"method": "POST", "data": {"b": "2", "a": "1"}}, 200),
        ({"method": "POST", "data": {"a": "1"}}, 404),
        (
            {
                "method": "PUT",
                "data": b"--X\r\nhi\r\n--X--",
                "content_type": "multipart/form-data; boundary=X",
            },
            200,
        ),
        (
            {
                "method": "PUT",
                "data": b"--X\r\nho\r\n--X--",
                "content_type": "multipart/form-data; boundary=X",
            },
            404,
        ),
        ({"path": "/_mockcbs/health"}, 200),
    ],
)
def test_what_counts_as_equal(sent, status, tmp_path):
    """Repeated parameters keep their order, forms need not; boundaries tell nothing; control stays open."""
    form, parts = "application/x-www-form-urlencoded", 'multipart/form-data; boundary="abc"'
    rows = [
        {"request": {"method": "GET", "path": "/x?id=1&id=2"}},
        {"request": {"method": "POST", "path": "/x", "body": "a=1&b=2", "headers": {"content-type": form}}},
        {
            "request": {
                "method": "PUT",
                "path": "/x",
                "body": "--abc\r\nhi\r\n--abc--",
                "headers": {"Content-Type": parts},
            }
        },
    ]
    client = played([{**row, "response": {"status": 200, "body": "{}"}} for row in rows], tmp_path)

    assert client.open(**{"path": "/x", **sent}).status_code == status


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
    """What was recorded before is overwritten with --force only."""
    path = tmp_path / "recorded.json"
    path.write_text("mine")
    command = ["record", "--upstream", "http://127.0.0.1:1", "--out", str(path), "--host", "256.0.0.1"]

    refusal, forced = (CliRunner().invoke(cli, [*command, *more]) for more in ([], ["--force"]))

    assert (refusal.exit_code, path.read_text()) == (2, "mine")
    assert refusal.output == f"Error: {path} exists already; --force overwrites it\n"
    assert "exists already" not in forced.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command(number, tmp_path):
    """The file is whole when a signal ends the command, whatever is still on its way."""
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
