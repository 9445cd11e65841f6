"""Targets that are not the mock: nobody, proxies, login pages, other implementations, servers in trouble."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.sockets import dripping, listening, read_request, responding, response

SECRET = "a-secret-nobody-may-see"
EXCHANGES = Path(__file__).parents[2] / "fixtures" / "exchanges"
PAGE = "<!doctype html><html><head><title>Proxy\n  error</title></head><body>Go away</body></html>"
UNAVAILABLE = '{"error_msg":"Backend unavailable.","error_code":"APIG.0201","request_id":"0"}'
LOGIN = "https://login.example.com/?to=cbs"
TOKENS = ("--token", SECRET, "--coze-token", SECRET)

of_both = pytest.mark.parametrize("service", ["cbs", "coze"])
"""What is said of a server does not depend on the service it should be."""


@pytest.fixture
def listen():
    """Listen with a handler; gives the URL."""
    with ExitStack() as stack:
        yield lambda handler: stack.enter_context(listening(handler))


def refused(url: str, *options: object, service: str = "cbs") -> str:
    """The one line that is said of a target that cannot be checked."""
    result = contract_of(f"--{service}", url, *TOKENS, *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert SECRET not in line
    return line.removeprefix("mockcbs: ").replace(url, "URL")


@of_both
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            response(200, PAGE, "text/html"),
            "URL answers 200 with an HTML page (Proxy error), not with the service",
        ),
        (
            response(407, PAGE, "text/html"),
            f"URL is behind a proxy that wants credentials: 407 {' '.join(PAGE.split())}",
        ),
        (
            response(502, PAGE, "text/html"),
            "URL answers 502 with an HTML page (Proxy error), not with the service",
        ),
        (response(200, PAGE), "URL answers 200 with an HTML page (Proxy error), not with the service"),
        (response(302, Location=LOGIN), "URL sends us elsewhere: 302 to https://login.example.com"),
        (response(303, Location="/login"), "URL sends us elsewhere: 303 to URL"),
        (response(302, Location="http://["), "URL sends what cannot be read (ValueError)"),
        (response(502, UNAVAILABLE), "URL is not available: 502 APIG.0201 Backend unavailable."),
        (response(503), "URL is not available: 503"),
        (response(403), "bad credentials: URL says 403"),
        (b"\x00\x01 no HTTP\r\n\r\n", "URL does not answer in HTTP"),
    ],
)
def test_who_is_not_the_service(service, answer, words, listen):
    """What stands in the way of the service is named in one line."""
    url = listen(responding(lambda *_: answer))

    assert refused(url, service=service) == words


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


@pytest.mark.parametrize(
    ("status", "code"),
    [(200, 4100), (200, 4101), (200, 700012006), (200, '"4101"'), (403, 4101), (401, 4100), (401, 1)],
)
@pytest.mark.parametrize("nouns", [("bots", "workflows"), ("workflows",)])
def test_whom_coze_does_not_let_in(status, code, nouns, listen):
    """A token that Coze refuses, for the bot or for the workflow, by status or by code."""
    url = listen(coze(**{"bots": GOOD, **dict.fromkeys(nouns, refusal(status, code))}))

    said = str(code).strip('"')

    assert refused(url, service="coze") == f"bad credentials: URL says {status} {said} go away"


@pytest.mark.parametrize(("status", "code"), [(404, 4200), (200, 4200), (200, 4006), (400, '"4200"')])
@pytest.mark.parametrize("kind", ["bot", "workflow"])
def test_what_coze_does_not_know(status, code, kind, listen):
    """An unknown bot or workflow is an error of the command, not a deviation."""
    workflow = "7389589103588700001"
    url = listen(coze(**{"bots": GOOD, f"{kind}s": refusal(status, code)}))

    line = refused(url, "--coze-workflow-id", workflow, service="coze")

    said = str(code).strip('"')
    assert line == f"URL has no such {kind}: {status} {said} go away"


def test_a_workflow_that_nobody_named(listen, tmp_path):
    """On a server of this machine without the usual workflow, what is about workflows does not apply."""
    url = listen(coze(bots=GOOD, workflows=refusal(404, 4200)))

    contract_of("--coze", url, *TOKENS, "--report", tmp_path)

    rows = json.loads((tmp_path / "report.json").read_text())["clauses"]
    reasons = {row["id"]: row["reason"] for row in rows}
    assert reasons["coze.shape.workflow"].startswith("no workflow is given")


def test_who_shows_no_workspaces(listen):
    """Servers can be compared although one of them does not name what the other does."""
    one, other = listen(coze(bots=GOOD)), listen(coze(bots=GOOD, workflows=GOOD))

    result = contract_of("--coze", one, *TOKENS, "--compare", other)

    assert "DIFFERS GET /v1/workflows/{workflow_id}/analytics?" in result.stdout


@of_both
def test_who_hangs_up(service, listen):
    """The error for a server that closes every connection differs from that for no server."""
    url = listen(responding(lambda *_: None))

    assert refused(url, service=service) in {
        "URL closes the connection without an answer",
        "URL cannot be reached: Connection reset by peer",
    }


@of_both
@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_who_never_ends(service, first, listen):
    """Silence, a head or a body that comes byte by byte: the time for one answer is limited as a whole."""
    done = threading.Event()
    try:
        url = listen(
            dripping(first, done) if first else lambda connection: done.wait(20) and read_request(connection)
        )
        assert (
            refused(url, "--timeout", 0.3, service=service) == "URL did not answer within 0.3 s (--timeout)"
        )
    finally:
        done.set()


def test_who_cannot_be_found():
    """A name that nobody has is said to be unknown."""
    options = ["--project-id", "0" * 32, "--qabot-id", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"]

    assert refused("https://cbs.invalid", *options).startswith("URL cannot be reached: ")


def test_an_unknown_authority(tmp_path):
    """A certificate is trusted if its authority is; a file without one is the user's mistake."""
    authority = trustme.CA()
    context = _context(authority.issue_cert("127.0.0.1"))
    trusted, empty = tmp_path / "ca.pem", tmp_path / "empty.pem"
    authority.cert_pem.write_to_path(str(trusted))
    empty.write_text("nothing")

    def handler(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            responding(lambda *_: response(502, PAGE, "text/html"))(secure)

    with listening(handler) as plain:
        url = plain.replace("http:", "https:")
        assert refused(url) == "URL has a TLS certificate that is not trusted (--ca-file, or --insecure)"
        assert refused(url, "--ca-file", trusted).startswith("URL answers 502 with an HTML page")
        assert refused(url, "--insecure").startswith("URL answers 502 with an HTML page")
        assert refused(url, "--ca-file", empty) == f"--ca-file {empty}: no certificate in it"
        assert refused(url, "--ca-file", tmp_path / "none").endswith("/none: No such file or directory")


def _context(certificate):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


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


@of_both
def test_who_hangs_up_at_random(service, listen, tmp_path):
    """Some calls stay unanswered: that is a broken clause, and all others are judged as ever."""
    chance = random.Random(5)

    result = contract_of(
        f"--{service}",
        listen(served(lambda _: chance.random() > 0.3 or None)),
        "--now",
        NOW,
        "--report",
        tmp_path,
    )

    clause = {"cbs": "http.answered", "coze": "coze.http.answered"}[service]
    content = json.loads((tmp_path / "report.json").read_text())
    assert result.exit_code == 1
    assert [row["id"] for row in content["clauses"] if row["verdict"] == "broken"] == [clause]
    assert content["counts"]["held"] > 50


@of_both
def test_who_goes_away(service, listen, tmp_path):
    """A target that disappears in mid run is status 2, with a report of what was found so far."""
    calls = iter(range(10**6))

    url = listen(served(lambda _: next(calls) < 100 or None))
    result = contract_of(f"--{service}", url, "--now", NOW, "--report", tmp_path)

    assert result.exit_code == 2
    assert re.search(
        r"mockcbs: \S+ (closes the connection|cannot be reached)", result.stderr.splitlines()[-1]
    )
    counts = json.loads((tmp_path / "report.json").read_text())["counts"]
    assert counts["held"] > 10
    assert counts["not reached"] > 50


@of_both
def test_who_throttles_now_and_then(service, listen, monkeypatch):
    """A call that is refused for haste is put again after the pause that is asked for; no clause breaks."""
    pauses = []
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)
    calls = iter(range(10**6))
    wait = response(
        429, '{"error_msg":"slow down","error_code":"APIG.0308","request_id":"0"}', Retry_After="3"
    )

    url = listen(served(lambda _: next(calls) % 100 != 50 or wait))
    result = contract_of(f"--{service}", url, "--now", NOW, "--max-calls", 400)

    assert result.exit_code == {"cbs": 3, "coze": 0}[service], result.output
    assert pauses.count(3) == 4


@of_both
def test_who_throttles_for_ever(service, listen, monkeypatch):
    """However long a server wants us to wait, the pauses are limited."""
    pauses = []
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)
    url = listen(responding(lambda *_: response(429, Retry_After="Tue, 19 Jan 2038 03:14:07 GMT")))

    assert refused(url, service=service) == "URL throttles us; try a lower --max-rps"
    assert max(pauses) == 30
    assert sum(pauses) < 100


@of_both
@pytest.mark.parametrize("body", ["", "null", "[]", "[" * 100_000, "{", '"text"', "NaN"])
def test_who_answers_nonsense(service, body, listen):
    """What never answers like the service is not the service."""
    line = refused(listen(responding(lambda *_: response(200, body))), service=service)

    assert line.startswith(f"URL is not {'CBS' if service == 'cbs' else 'Coze'}: it answers 200")


@of_both
@pytest.mark.parametrize("body", ["", "null", "[]", "[" * 100_000, '{"total":{}}', "{", '"text"', "NaN"])
def test_who_begins_to_answer_nonsense(service, body, listen, tmp_path):
    """Whatever comes in the place of an answer breaks clauses, and never the kit."""
    first = {"cbs": '{"total":{},"intervals":[]}', "coze": '{"code":0,"msg":"","data":{}}'}[service]
    calls = iter(range(10**6))
    target = listen(responding(lambda *_: response(200, first if next(calls) < 3 else body)))
    result = contract_of(f"--{service}", target, *TOKENS, "--report", tmp_path)

    assert result.exit_code == 1, result.output
    counts = json.loads((tmp_path / "report.json").read_text())["counts"]
    assert counts["broken"] > 10


def documented() -> dict[tuple[str, str], tuple[int, str]]:
    """The documented examples, by method and end of path; the parameters are not looked at."""
    found = {}
    for file in sorted(EXCHANGES.glob("g-*.json")):
        for exchange in json.loads(file.read_text("utf-8"))["exchanges"]:
            asked, answer = exchange["request"], exchange["response"]
            if answer["status"] == 200:
                key = asked["method"], _tail(asked["path"])
                found.setdefault(key, (200, answer["body"]))
    return found


def _tail(path: str) -> str:
    tail = re.sub(r"^/v1/[^/]+/qabots/[^/]+", "", path.partition("?")[0])
    return re.sub(
        r"/requests/[^/]+/(labor|satisfaction)$",
        r"/requests/*/\1",
        re.sub(r"^/sessions/.*", "/sessions/*", tail),
    )


@pytest.mark.parametrize("writes", [False, True])
def test_another_implementation(writes, listen, tmp_path, monkeypatch):
    """A static mock of the documented examples has their shapes and none of the behaviour."""
    monkeypatch.setattr("mockcbs.contract.dialogue.time.sleep", lambda _: None)
    examples = documented()
    unknown = '{"error_msg":"no such path","error_code":"APIG.0101","request_id":"0"}'

    def respond(head, _):
        method, target, _ = head.decode("latin-1").split("\r\n")[0].split(" ")
        status, body = examples.get((method, _tail(target)), (404, unknown))
        return response(status, body)

    options = ["--cbs", listen(responding(respond)), "--token", SECRET, "--report", tmp_path]
    result = contract_of(*options, *(["--allow-writes"] if writes else []))

    assert result.exit_code == 1
    verdicts = {
        row["id"]: row["verdict"] for row in json.loads((tmp_path / "report.json").read_text())["clauses"]
    }
    for held in (
        "cbs.shape-session-stats",
        "cbs.number-decimals",
        "cbs.R-1",
        "cbs.R-2",
        "cbs.S-8",
        "http.member-order",
    ):
        assert verdicts[held] == "held", held
    for broken in ("cbs.bad-interval", "cbs.S-17", "cbs.zone-echo", "auth.missing", "http.request-id"):
        assert verdicts[broken] == "broken", broken
    assert verdicts["iam.projects"] == "not applicable"
    assert verdicts["cbs.counted"] == ("broken" if writes else "not applicable")
    assert verdicts["cbs.shape-chat"] == ("held" if writes else "not applicable")


@of_both
def test_an_interrupted_run(service, listen, tmp_path):
    """Ctrl-C gives the report of what was found so far, and the status of an interruption."""
    reached = threading.Event()
    calls = iter(range(10**6))
    url = listen(served(lambda _: next(calls) < 60 or reached.set() or True))
    command = [
        sys.executable,
        "-m",
        "mockcbs",
        "contract",
        f"--{service}",
        url,
        "--now",
        str(NOW),
        "--max-rps",
        "100",
    ]
    running = subprocess.Popen(
        [*command, "--report", str(tmp_path)],
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    try:
        assert reached.wait(30)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=30)
    finally:
        running.kill()

    assert running.returncode == 130
    assert errors == "mockcbs: interrupted\n"
    assert "not reached" in output
    assert "interrupted" in (tmp_path / "index.html").read_text()
