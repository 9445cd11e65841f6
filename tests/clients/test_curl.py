"""curl: the line that serve prints, and the limits of the gateway."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.iam.logins import IN_PROJECT, login

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

PATH = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/reply-rates"
TOKEN = ("-H", "X-Auth-Token: any-token")
LOGIN = login(scope=IN_PROJECT)


@dataclass
class Reply:
    """What curl got: per answer its status line and headers, then the last body."""

    heads: list[list[str]]
    body: str

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return int(self.heads[-1][0].split()[1])

    @property
    def error(self) -> tuple[int, str, str]:
        """Status, code and message of a gateway error."""
        body = json.loads(self.body)
        return self.status, body["error_code"], body["error_msg"]


def curl(*arguments: str, feed: bytes | None = None, folder: Path) -> Reply:
    """Run curl."""
    head = folder / "head"
    command = ["curl", "-sS", "--max-time", "20", "--noproxy", "*", "-D", str(head), *arguments]
    done = subprocess.run(command, input=feed, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr.decode()
    heads = [block.splitlines() for block in head.read_bytes().decode("latin-1").split("\r\n\r\n") if block]
    return Reply(heads, done.stdout.decode())


@pytest.mark.parametrize("which", ["server", "strict_server", "tls_server"])
def test_printed_line_works(request, which):
    """The curl line that serve prints works when pasted into a shell."""
    served = request.getfixturevalue(which)

    done = subprocess.run(served.curl, shell=True, capture_output=True, timeout=30, check=False)

    assert done.returncode == 0, done.stderr
    stats = json.loads(done.stdout)
    assert (stats["interval"], stats["time_zone"]) == ("week", "+08:00")
    assert sum(week["session_count"] for week in stats["intervals"]) == stats["total"]["session_count"] > 0


def test_head_is_unknown(server, tmp_path):
    """HEAD gets 404, as the gateway publishes GET alone, and no body."""
    reply = curl("--head", *TOKEN, server.url + PATH, folder=tmp_path)

    assert reply.status == 404
    assert "content-type: application/json" in (line.lower() for line in reply.heads[0])


@pytest.mark.parametrize("path", [PATH, "/v3/auth/tokens", "/v1/p/qabots/q/nothing"])
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_unknown(server, tmp_path, method, path):
    """OPTIONS and its like get 404 APIG.0101, on known and unknown paths."""
    reply = curl("-X", method, *TOKEN, server.url + path, folder=tmp_path)

    status, code, _ = reply.error
    assert (status, code) == (404, "APIG.0101")


def test_http2_upgrade_is_declined(server, tmp_path):
    """``curl --http2`` offers h2c, gets HTTP/1.1, and continues over the same connection."""
    urls = [f"{server.url}{PATH}?start_time={start}" for start in (1, 2)]

    reply = curl("--http2", "-w", "|%{http_version} %{num_connects}|", *TOKEN, *urls, folder=tmp_path)

    first, version, second, again, _ = reply.body.split("|")
    assert [json.loads(text)["startutc"] for text in (first, second)] == [1, 2]
    assert (version, again) == ("1.1 1", "1.1 0")


def test_http2_upgrade_with_a_body(server, tmp_path):
    """A request that offers h2c and has a body is read to the end of its body."""
    sent = ("-d", json.dumps(LOGIN), f"{server.url}/v3/auth/tokens")

    reply = curl("--http2", *sent, folder=tmp_path)

    assert reply.status == 201, reply.body


def test_http2_with_prior_knowledge_is_refused(server):
    """A client that insists on HTTP/2 gets an HTTP/1.1 answer that it cannot take, at once."""
    command = ["curl", "-sS", "--max-time", "10", "--http2-prior-knowledge", *TOKEN, server.url + PATH]

    done = subprocess.run(command, capture_output=True, timeout=30, check=False)

    timed_out = 28
    assert done.returncode not in {0, timed_out}


def test_body_over_12_mb(server, tmp_path):
    """A body over 12 MB gets 413 APIG.0201, before it is sent or while it is."""
    feed = b"x" * (12 * 2**20 + 1)

    reply = curl("--data-binary", "@-", f"{server.url}/v3/auth/tokens", feed=feed, folder=tmp_path)

    assert reply.error == (413, "APIG.0201", "Request entity too large.")


def test_body_over_12_mb_without_expect(server, tmp_path):
    """A body over 12 MB gets 413 APIG.0201 also from a client that does not ask before sending it."""
    feed = b"x" * (12 * 2**20 + 1)
    url = f"{server.url}/v3/auth/tokens"

    reply = curl("-H", "Expect:", "--data-binary", "@-", url, feed=feed, folder=tmp_path)

    assert reply.error == (413, "APIG.0201", "Request entity too large.")


def test_chunked_body_over_12_mb(server, tmp_path):
    """A body over 12 MB without a declared length gets 413 APIG.0201."""
    feed = b"x" * (12 * 2**20 + 1)
    chunked = ("-H", "Transfer-Encoding: chunked", "-H", "Expect:")

    reply = curl(*chunked, "--data-binary", "@-", f"{server.url}/v3/auth/tokens", feed=feed, folder=tmp_path)

    assert reply.error == (413, "APIG.0201", "Request entity too large.")


def test_body_of_11_mb_is_read(server, tmp_path):
    """A body below the gateway's limit is read to its end; JSON of that size is the service's wrong body."""
    body = login(password="x" * 11 * 2**20)
    url = f"{server.url}/v3/auth/tokens"

    reply = curl("--data-binary", "@-", url, feed=json.dumps(body).encode(), folder=tmp_path)

    assert reply.status == 400
    assert json.loads(reply.body)["error"]["message"] == "The request body is invalid"


def test_uri_over_32_kb(server, tmp_path):
    """A URI of 40 KB gets 414 APIG.0201."""
    reply = curl(*TOKEN, f"{server.url}{PATH}?domain={'x' * 40 * 1024}", folder=tmp_path)

    assert reply.error == (414, "APIG.0201", "Request URI too large.")


def test_uri_of_31_kb_is_read(server, tmp_path):
    """A URI below the limit is served."""
    reply = curl(*TOKEN, f"{server.url}{PATH}?unknown={'x' * 31 * 1024}", folder=tmp_path)

    assert reply.status == 200


def test_header_over_32_kb(server, tmp_path):
    """A header of 40 KB gets 494 APIG.0201."""
    header = tmp_path / "header"
    header.write_text(f"X-Auth-Token: {'x' * 40 * 1024}")

    reply = curl("-H", f"@{header}", server.url + PATH, folder=tmp_path)

    assert reply.error == (494, "APIG.0201", "Request headers too large.")


def test_header_of_31_kb_is_read(server, tmp_path):
    """A header below the limit is served: real tokens are long."""
    header = tmp_path / "header"
    header.write_text(f"X-Auth-Token: {'x' * 31 * 1024}")

    reply = curl("-H", f"@{header}", server.url + PATH, folder=tmp_path)

    assert reply.status == 200


def test_headers_over_128_kb(server, tmp_path):
    """Many headers of over 128 KB in total get 494 APIG.0201."""
    headers = tmp_path / "headers"
    headers.write_text("".join(f"X-Filler-{number}: {'x' * 10 * 1024}\n" for number in range(13)))

    reply = curl("-H", f"@{headers}", *TOKEN, server.url + PATH, folder=tmp_path)

    assert reply.error == (494, "APIG.0201", "Request headers too large.")


def test_http_1_0(server, tmp_path):
    """A client of HTTP/1.0 is answered, and the connection is closed."""
    reply = curl("--http1.0", *TOKEN, server.url + PATH, folder=tmp_path)

    assert reply.status == 200
    assert "connection: close" in (line.lower() for line in reply.heads[0])


def test_expect_100_continue(server, tmp_path):
    """A client that expects 100-continue before its body gets it, and then the response."""
    sent = ("-d", json.dumps(LOGIN), f"{server.url}/v3/auth/tokens")

    reply = curl("-H", "Expect: 100-continue", *sent, folder=tmp_path)

    assert [head[0].split()[1] for head in reply.heads] == ["100", "201"]
