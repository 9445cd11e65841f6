"""``mockcbs contract --coze`` as users run it."""

import json
from xml.etree import ElementTree as ET

import pytest
from mockcbs.contract_tests import clauses, coze_clauses

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of, page
from tests.conftest import NOW

TOKEN = "pat_nobody_may_see"
BOT = "7342866812345678901"


@pytest.mark.slow
def test_coze_over_http(serve, tmp_path):
    """A served mock breaks nothing; the reports are about Coze only, and name no secret and no id."""
    url = serve(create_app(Settings(now=NOW, strict=True, coze_token=TOKEN)))

    report = tmp_path / "drift"
    result = contract_of(
        "--coze", url, "--allow-writes", "--report", report, MOCKCBS_CONTRACT_COZE_TOKEN=TOKEN
    )

    assert result.exit_code == 0, result.output
    texts = {path.name: path.read_text("utf-8") for path in report.iterdir()}
    content = json.loads(texts["report.json"])
    assert content["target"] == url
    assert [row["id"] for row in content["clauses"]] == [clause.id for clause in coze_clauses.CLAUSES]
    assert content["counts"]["held"] == len(coze_clauses.CLAUSES) - 1
    assert ET.fromstring(texts["junit.xml"]).find("testsuite").get("failures") == "0"
    del texts["contract-coze.html"]  # it quotes the vendor's examples
    for text in (*texts.values(), result.output):
        assert TOKEN not in text
        assert BOT not in text
        assert "czu_" not in text


@pytest.mark.slow
def test_both_services_in_one_run(serve, tmp_path):
    """CBS of one server and Coze of another are checked in one run and one report."""
    cbs, coze = (serve(create_app(Settings(now=NOW))) for _ in range(2))

    result = contract_of("--cbs", cbs, "--coze", coze, "--now", NOW, "--report", tmp_path, "--max-calls", 150)

    assert result.exit_code == 3, result.output
    assert f"{cbs} and {coze}: " in result.output
    rows = json.loads((tmp_path / "report.json").read_text())["clauses"]
    assert len(rows) == len(clauses.CLAUSES) + len(coze_clauses.CLAUSES)


def test_a_deviating_server_is_status_1(serve, tmp_path):
    """A deviation is named unless it is known; known deviations of CBS count only in runs on CBS."""
    healthy = create_app(Settings(now=NOW))

    def app(environ, start_response):
        def start(status, headers, exc_info=None):
            start_response(status, [(k, v) for k, v in headers if k != "X-Tt-Logid"], exc_info)

        return healthy(environ, start)

    known = tmp_path / "known.yaml"
    known.write_text(
        "- {clause: coze.http.logid, reason: an old gateway, since: 2026-01-02}\n"
        "- {clause: coze.http.detail, reason: an old gateway, since: 2026-01-02}\n"
        "- {clause: http.server, reason: another service, since: 2026-01-02}\n"
    )
    url = serve(app)

    plain = contract_of("--coze", url, "--now", NOW, "--max-calls", 50)
    excused = contract_of("--coze", url, "--now", NOW, "--max-calls", 50, "--deviations", known)

    assert plain.exit_code == 1
    assert "BROKEN coze.http.logid (documented, 2.3.5): Every response has X-Tt-Logid." in plain.output
    assert excused.exit_code == 3, excused.output
    assert (
        "known deviation, an old gateway (since 2026-01-02): coze.http.logid, coze.http.detail"
        in excused.output
    )
    assert "http.server" not in excused.output


@pytest.mark.slow
def test_compare(serve):
    """Two servers are compared: equal shapes are no difference, and a missing member is one."""
    healthy = create_app(Settings(now=NOW))
    one, same = serve(healthy), serve(create_app(Settings(now=NOW, seed=7)))

    def app(environ, start_response):
        body = b"".join(healthy(environ, start_response)).replace(b'"timezone":', b'"timezome":')
        return [body]

    alike = contract_of("--coze", one, "--compare", same, "--max-calls", 150)
    unlike = contract_of("--coze", one, "--compare", serve(app), "--max-calls", 150)

    assert alike.exit_code == 3, alike.output
    assert "DIFFERS" not in alike.output
    assert unlike.exit_code == 1
    assert "DIFFERS GET /v1/bots/{bot_id}/analytics" in unlike.output
    assert "data.timezone: string / absent" in unlike.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ["--coze", "http://127.0.0.1:1"],
            "http://127.0.0.1:1 cannot be reached: no server listens",
        ),
        (["--coze", "https://coze.invalid"], "no credentials: set MOCKCBS_CONTRACT_COZE_TOKEN"),
        (["--coze", "https://coze.invalid", "--coze-token", "x"], "no bot: set MOCKCBS_CONTRACT_COZE_BOT_ID"),
        (["--coze", "127.0.0.1:8021"], "'127.0.0.1:8021' is not a URL such as https://api.coze.cn"),
        (["--coze", "http://["], "'http://[' is not a URL such as https://api.coze.cn"),
        (["--coze-bot-id", TOKEN], "--coze-bot-id is not an id such as 7342866812345678901"),
        (["--coze-bot-id", "7" * 21], "--coze-bot-id is not an id such as 7342866812345678901"),
        (["--coze-workflow-id", "7/8"], "--coze-workflow-id is not an id such as 7389589103588700001"),
    ],
)
def test_what_cannot_run(options, words):
    """A target that cannot be checked is one clear line and status 2."""
    result = contract_of(*options)

    assert result.exit_code == 2
    assert words in result.stderr
    assert TOKEN not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--coze-token", TOKEN], "bad credentials: {url} says 401 700012006 access token invalid"),
        (["--coze-bot-id", "7342866812345678999"], "{url} has no such bot: 404 4200 Requested resource"),
        (
            ["--coze-workflow-id", "7389589103588700999"],
            "{url} has no such workflow: 404 4200 Requested resource",
        ),
    ],
)
def test_who_is_not_let_in(options, words, serve):
    """A wrong token, bot or workflow is an error, not a deviation; it does not show the token."""
    url = serve(create_app(Settings(now=NOW, strict=True)))

    result = contract_of("--coze", url, *options)

    assert result.exit_code == 2
    assert words.format(url=url) in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert TOKEN not in result.output


def test_a_token_refused_with_200(serve):
    """Coze refuses some tokens with HTTP 200; the kit does not check such a server."""
    body = b'{"code":700012006,"msg":"access token invalid","detail":{"logid":"x"}}'
    url = serve(lambda _, start_response: page(start_response, body=body, kind="application/json"))

    result = contract_of("--coze", url)

    assert result.exit_code == 2
    assert f"bad credentials: {url} says 200 700012006 access token invalid" in result.stderr


def test_a_host_that_goes_away(serve):
    """A host that stops responding ends the run, with one clear line."""
    healthy, calls = create_app(Settings(now=NOW)), []

    def app(environ, start_response):
        calls.append(environ["PATH_INFO"])
        if len(calls) > 30:
            raise ConnectionAbortedError
        return healthy(environ, start_response)

    result = contract_of("--coze", serve(app), "--now", NOW, "--timeout", "0.3")

    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
