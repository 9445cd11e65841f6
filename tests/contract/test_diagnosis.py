"""Targets that cannot be checked: each reason has its own sentence and status 2, over real sockets."""

import socket
import time
from contextlib import ExitStack
from email.utils import formatdate

import pytest
import trustme

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.diagnosed import sentence
from tests.contract.foreign import tls_context
from tests.contract.sockets import listening, read_request, responding, response

SERVICES = ("cbs", "coze", "feishu", "airtable", "tencent-docs", "wecom", "oss")
HELLO = response(200, '{"hello":"world"}')
COZE = '{"code":4100,"msg":"authentication is invalid","detail":{"logid":"1"}}'
CBS = '{"error_code":"APIG.0301","error_msg":"Incorrect IAM authentication information"}'
TLS = b"\x16"
"""The first byte of a TLS handshake."""
LOGIN = "<html><head><title>Hotel Wi-Fi</title></head><form><input type='password'></form></html>"


@pytest.fixture
def listen():
    """Listen with a handler; gives the URL."""
    with ExitStack() as stack:
        yield lambda handler: stack.enter_context(listening(handler))


@pytest.mark.parametrize("service", SERVICES)
def test_another_json_server(service, listen):
    """A server with the same JSON for every request is not recognised as a service."""
    found = sentence(service, listen(responding(lambda *_: HELLO)))

    assert " is not " in found
    assert "hello" in found


@pytest.mark.parametrize(
    ("service", "body", "words"),
    [
        ("cbs", COZE, "URL is Coze, not CBS: it responds"),
        ("coze", CBS, "URL is CBS, not Coze: it responds"),
        ("feishu", CBS, "URL is CBS, not Feishu: it responds"),
        ("airtable", COZE, "URL is Coze, not Airtable: it responds"),
        ("oss", CBS, "URL is CBS, not Aliyun OSS: it responds"),
    ],
)
@pytest.mark.parametrize("status", [200, 401])
def test_another_service(service, body, words, status, listen):
    """The error names the service that answers under the URL of another."""
    url = listen(responding(lambda *_: response(status, body)))

    assert sentence(service, url, "--token", "x" * 20).startswith(words)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, '{"hello":"world"}', "URL is not CBS: it responds"),
        (401, COZE, "URL is Coze, not CBS: it responds"),
        (
            401,
            '{"error_code":"APIG.0307","error_msg":"The token must be updated."}',
            "expired credentials: URL says",
        ),
    ],
)
def test_what_cannot_give_a_token(status, body, words, listen):
    """If no token is given, a server that issues none is named as what it is."""
    url = listen(responding(lambda *_: response(status, body)))

    assert sentence("cbs", url).startswith(words)


@pytest.mark.parametrize("service", [*SERVICES, "tencent-docs"])
@pytest.mark.parametrize(
    "body",
    [
        '{"errors":[{"message":"Must provide query string."}]}',
        '{"timestamp":"2026-11-21","status":404,"error":"Not Found","path":"/"}',
        '{"kind":"Status","status":"Failure","message":"not found","code":404}',
        '{"detail":"Not Found"}',
        "[]",
        "<Error><Code>NoSuchKey</Code></Error>",
    ],
    ids=["GraphQL", "Spring", "Kubernetes", "FastAPI", "array", "XML"],
)
def test_servers_of_other_kinds(service, body, listen):
    """A server of another kind is not taken for a service because it has one similar member."""
    url = listen(responding(lambda *_: response(404, body)))

    assert " is not " in sentence(service, url)


@pytest.mark.parametrize("service", SERVICES)
def test_tls_where_there_is_none(service, listen):
    """Https to a plain port is the wrong scheme, not a certificate."""
    plain = listen(responding(lambda *_: HELLO))
    url = plain.replace("http:", "https:")

    assert sentence(service, url, "--timeout", 0.5) == "URL does not use TLS: its URL must begin with http://"


@pytest.mark.parametrize("service", ["cbs", "coze", "oss"])
def test_no_tls_where_there_is_some(service):
    """Http to a port with TLS is the wrong scheme, too."""
    context = tls_context(trustme.CA().issue_cert("127.0.0.1"))

    def handler(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    with listening(handler) as url:
        assert sentence(service, url) == "URL requires TLS: its URL must begin with https://"


@pytest.mark.parametrize("service", SERVICES)
def test_pages_in_the_way(service, listen):
    """A page of a proxy, a login page of a captive portal, and a proxy that requires credentials."""
    pages = {
        "URL responds 200 with an HTML page (Blocked) instead of an API response": response(
            200, "<html><title>Blocked</title>", "text/html"
        ),
        "found a login page, perhaps of a captive portal: URL responds 200 with an HTML page "
        "(Hotel Wi-Fi) instead of an API response": response(200, LOGIN, "text/html"),
        "URL is behind a proxy that requires credentials: 407": response(407),
        "URL redirects to another server: 302 to https://portal.example.com": response(
            302, Location="https://portal.example.com/?next=1"
        ),
    }

    for words, answer in pages.items():
        assert sentence(service, listen(responding(lambda *_, one=answer: one))) == words


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Ty", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"]
)
def test_no_whole_response(service, answer, listen):
    """A closed port, a closed connection and a connection closed within a response each have a sentence."""

    def handler(connection):
        if connection.recv(1, socket.MSG_PEEK) != TLS:
            read_request(connection)
            connection.sendall(answer)

    when = "in the middle of" if answer else "without"

    assert sentence(service, listen(handler)) == f"URL closes the connection {when} a response"


@pytest.mark.parametrize("service", SERVICES)
def test_a_closed_port(service):
    """If no server listens, the error names the refused connection."""
    with listening(lambda _: None) as url:
        pass

    assert (
        sentence(service, url) == "URL cannot be reached: no server listens on this port (Connection refused)"
    )


@pytest.mark.parametrize(
    ("service", "body"),
    [
        ("cbs", '{"error_code":"APIG.0301","error_msg":"token expires at 2026-11-21"}'),
        ("coze", '{"code":4100,"msg":"access token expired","detail":{"logid":"1"}}'),
    ],
)
def test_expired_credentials(service, body, listen):
    """The error distinguishes expired credentials from wrong ones."""
    url = listen(responding(lambda *_: response(401, body)))

    found = sentence(service, url, "--token", "x" * 20)

    assert found.startswith("expired credentials: URL says 401 ")


@pytest.mark.parametrize(("hours", "side"), [(-3, "ahead of"), (2, "behind")])
@pytest.mark.parametrize(("service", "body"), [("cbs", CBS), ("coze", COZE)])
def test_a_clock_that_is_off(service, body, hours, side, listen):
    """If the clocks differ, the error about refused credentials names the clock."""
    date = formatdate(time.time() + hours * 3600, usegmt=True)
    url = listen(responding(lambda *_: response(401, body, Date=date)))

    found = sentence(service, url, "--ak", "a" * 20, "--sk", "s" * 20)

    assert found.startswith(
        f"clock off: this machine's clock is {abs(hours) * 60} minutes {side} the clock of URL"
    )


def test_too_few_calls_are_a_status_of_their_own(serve):
    """A run that leaves much unchecked because of the call limit does not look like a success."""
    url = serve(create_app(Settings(now=NOW)))

    assert contract_of("--cbs", url, "--now", NOW, "--max-calls", 25).exit_code == 3


REPEATED = "S3cr3t" * 5
"""A token that a server repeats."""


@pytest.mark.parametrize("service", ["cbs", "coze", "oss"])
@pytest.mark.parametrize(
    "body",
    [
        f"<html><title>{'x' * 70} {REPEATED}</title>",
        "x" * 105 + REPEATED,
        f'{{"error_code":"APIG.0301","error_msg":"no such token: {REPEATED}"}}',
        f'{{"code":4100,"msg":"no such token: {REPEATED}"}}',
        *(
            f"<Error><Code>{code}</Code><Message>{REPEATED}</Message></Error>"
            for code in ("NoSuchBucket", "RequestTimeTooSkewed", "SignatureDoesNotMatch")
        ),
    ],
)
def test_a_server_that_repeats_the_credentials(service, body, listen):
    """They are not shown, also not the beginning of a cut-off one."""
    url = listen(responding(lambda *_: response(401, body)))
    options = {"cbs": ["--token"], "coze": ["--coze-token"], "oss": ["--oss-ak", "x", "--oss-sk"]}

    assert "S3cr3t" not in sentence(service, url, *options[service], REPEATED)
