"""Targets that are not the mock: nobody, proxies, login pages, other implementations, servers in trouble."""

import json
import random
import re
import threading
from pathlib import Path

import pytest

from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.foreign import (
    GOOD,
    PAGE,
    SECRET,
    TOKENS,
    coze,
    of_both,
    refusal,
    refused,
    served,
)
from tests.contract.sockets import dripping, read_request, responding, response

EXCHANGES = Path(__file__).parents[2] / "fixtures" / "exchanges"
UNAVAILABLE = '{"error_msg":"Backend unavailable.","error_code":"APIG.0201","request_id":"0"}'
LOGIN = "https://login.example.com/?to=cbs"


@of_both
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            response(200, PAGE, "text/html"),
            "URL responds 200 with an HTML page (Proxy error) instead of an API response",
        ),
        (
            response(407, PAGE, "text/html"),
            f"URL is behind a proxy that requires credentials: 407 {' '.join(PAGE.split())}",
        ),
        (
            response(502, PAGE, "text/html"),
            (
                "found a page of a proxy that does not reach the service: URL responds 502 with an HTML page "
                "(Proxy error) instead of an API response"
            ),
        ),
        (response(200, PAGE), "URL responds 200 with an HTML page (Proxy error) instead of an API response"),
        (
            response(302, Location=LOGIN),
            "URL redirects to a login page, perhaps of a captive portal: 302 to https://login.example.com",
        ),
        (
            response(303, Location="/login"),
            "URL redirects to a login page, perhaps of a captive portal: 303 to URL/login",
        ),
        (response(302, Location="http://["), "URL sends an unreadable response (ValueError)"),
        (response(502, UNAVAILABLE), "URL is not available: 502 APIG.0201 Backend unavailable."),
        (response(503), "URL is not available: 503"),
        (response(403), "no permission: URL says 403"),
        (
            response(401, WWW_Authenticate='Basic realm="registry"'),
            "URL requires a password (HTTP Basic), which none of the services does",
        ),
        (
            response(511, PAGE, "text/html"),
            (
                "found a login page, perhaps of a captive portal: URL responds 511 with an HTML page "
                "(Proxy error) instead of an API response"
            ),
        ),
        (
            response(200, "{}", Content_Encoding="gzip"),
            "URL sends a body that is not what its Content-Encoding says",
        ),
        (b"\x00\x01 no HTTP\r\n\r\n", "URL does not respond in HTTP"),
    ],
)
def test_who_is_not_the_service(service, answer, words, listen):
    """The kit names in one line why the target is not the service."""
    url = listen(responding(lambda *_: answer))

    assert refused(url, service=service) == words


@pytest.mark.parametrize(
    ("status", "code"),
    [(200, 4100), (200, 4101), (200, 700012006), (200, '"4101"'), (403, 4101), (401, 4100), (401, 1)],
)
@pytest.mark.parametrize("nouns", [("bots", "workflows"), ("workflows",)])
def test_whom_coze_does_not_let_in(status, code, nouns, listen):
    """A token that Coze refuses, for the bot or for the workflow, by status or by code."""
    url = listen(coze(**{"bots": GOOD, **dict.fromkeys(nouns, refusal(status, code))}))

    said = str(code).strip('"')
    what = "no permission" if said == "4101" else "bad credentials"

    assert refused(url, service="coze") == f"{what}: URL says {status} {said} go away"


def test_a_workflow_that_nobody_named(listen, tmp_path):
    """On a local server without the usual workflow, the clauses on workflows are not applicable."""
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

    assert refused(url, service=service) == "URL closes the connection without a response"


@of_both
@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_who_never_ends(service, first, listen):
    """The total time of a response is limited, also if it is silent or arrives byte by byte."""
    done = threading.Event()
    try:
        url = listen(
            dripping(first, done) if first else lambda connection: done.wait(20) and read_request(connection)
        )
        assert (
            refused(url, "--timeout", 0.3, service=service) == "URL did not respond within 0.3 s (--timeout)"
        )
    finally:
        done.set()


@pytest.mark.slow
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
def test_who_throttles_for_ever(service, listen, monkeypatch):
    """The kit limits the number of its pauses."""
    pauses = []
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)
    url = listen(responding(lambda *_: response(429, Retry_After="30")))

    assert refused(url, service=service) == "URL throttles calls; try a lower --max-rps"
    assert max(pauses) == 30
    assert sum(pauses) < 100


@of_both
@pytest.mark.parametrize("pause", ["3600", "Tue, 19 Jan 2038 03:14:07 GMT"])
def test_who_demands_a_long_pause(service, pause, listen):
    """The kit does not wait for a server that demands a pause of more than half a minute."""
    url = listen(responding(lambda *_: response(429, Retry_After=pause)))

    assert refused(url, service=service).startswith("URL throttles calls, and demands a pause of ")


@pytest.mark.parametrize(
    ("service", "status", "body", "words"),
    [
        ("coze", 402, '{"code":4028,"msg":"no credits","detail":{"logid":"1"}}', "402 4028 no credits"),
        (
            "coze",
            500,
            '{"code":5000,"msg":"internal error","detail":{"logid":"1"}}',
            "500 5000 internal error",
        ),
        ("cbs", 500, '{"error_code":"CBS.0500","error_msg":"internal error"}', "500 CBS.0500 internal error"),
    ],
)
def test_who_fails_every_call(service, status, body, words, listen):
    """A service that is down, or that nobody paid for, cannot be checked."""
    url = listen(responding(lambda *_: response(status, body)))

    assert refused(url, service=service) == f"URL fails every call: {words}"


@of_both
@pytest.mark.parametrize("body", ["", "null", "[]", "[" * 100_000, "{", '"text"', "NaN"])
def test_who_answers_nonsense(service, body, listen):
    """A server whose responses never have the service's form is not taken for the service."""
    line = refused(listen(responding(lambda *_: response(200, body))), service=service)

    assert line.startswith(f"URL is not {'CBS' if service == 'cbs' else 'Coze'}: it responds 200")


@pytest.mark.slow
@of_both
@pytest.mark.parametrize("body", ["", "null", "[]", "[" * 5_000, '{"total":{}}', "{", '"text"', "NaN"])
def test_who_begins_to_answer_nonsense(service, body, listen, tmp_path):
    """Arbitrary responses break clauses, but never the kit."""
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


@pytest.mark.slow
@pytest.mark.parametrize("writes", [False, True])
def test_another_implementation(writes, listen, tmp_path, monkeypatch):
    """A static mock of the documented examples has their shapes but not the behaviour."""
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
