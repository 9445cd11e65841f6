"""Targets that are not the mock."""

import ssl

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.sockets import responding, response

SECRET = "a-secret-nobody-may-see"
PAGE = "<!doctype html><html><head><title>Proxy\n  error</title></head><body>Go away</body></html>"
TOKENS = ("--token", SECRET, "--coze-token", SECRET)
of_both = pytest.mark.parametrize("service", ["cbs", "coze"])
"""What is said of a server does not depend on the service it should be."""


def refused(url: str, *options: object, service: str = "cbs") -> str:
    """The one line that is said of a target that cannot be checked."""
    result = contract_of(f"--{service}", url, *TOKENS, *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert SECRET not in line
    return line.removeprefix("mockcbs: ").replace(url, "URL")


UNKNOWN = response(404, '{"code":4000,"msg":"no such path"}')


def coze(**answers: bytes):
    """A Coze that knows nothing but *answers*, by the noun that its paths begin with."""

    def respond(head, _):
        noun = head.decode().split(" ")[1].split("/")[2]
        return answers.get(noun, UNKNOWN)

    return responding(respond)


GOOD = response(200, '{"code":0,"msg":"","data":{}}')


def refusal(status, code):
    return response(status, f'{{"code": {code}, "msg": "go away"}}')


def _through(app, environ_of, upset):
    """*app* over raw sockets, except where *upset* answers instead; `None` hangs up."""
    from werkzeug.test import Client

    client = Client(app, use_cookies=False)

    def respond(head, body):
        if (instead := upset(head)) is not True:
            return instead
        line, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        headers = [tuple(part.split(": ", 1)) for part in lines if ": " in part]
        found = client.open(
            target, method=method, data=body, headers=headers, environ_overrides=environ_of(target)
        )
        shown = {name: value for name, value in found.headers.items() if not name.startswith("Content-")}
        kind = found.headers.get("Content-Type", "")
        return response(found.status_code, found.text, kind, Date="Sun, 22 Nov 2026 00:00:00 GMT", **shown)

    return responding(respond)


def served(upset):
    return _through(create_app(Settings(now=NOW)), lambda target: {"REQUEST_URI": target}, upset)


def tls_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
