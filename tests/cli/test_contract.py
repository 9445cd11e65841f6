"""``mockcbs contract`` as users run it: exit statuses, one clear line, reports without secrets."""

import json
import re
import subprocess
import sys
import threading
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from mockcbs.contract_tests.clauses import CLAUSES

from mockcbs import Settings, create_app
from mockcbs.cli.contract import command as contract
from tests.conftest import BOT, NOW, PROJECT

SECRET = "a-secret-nobody-may-see"
TARGETS = [("--token", "x", "--cbs"), ("--coze",)]


def contract_of(*options: str, **environment: str):
    """Run the command."""
    return CliRunner().invoke(contract, [str(option) for option in options], env=environment)


def page(start_response, status="200 OK", body=b"<html><title>Proxy login</title></html>", kind="text/html"):
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


@pytest.mark.slow
def test_mock_over_http(serve, tmp_path):
    """A served mock breaks nothing; the reports name every clause, and no secret."""
    url = serve(create_app(Settings(now=NOW, strict=True, secret_key=SECRET, iam_user="Anna Example")))

    options = ["--cbs", url, "--ak", "MOCKCBSAK", "--now", str(NOW), "--allow-writes"]
    options += ["--report", tmp_path / "drift"]
    login = ["--iam-user", "Anna Example", "--iam-password", "mockcbs", "--iam-domain", "mockcbs"]
    result = contract_of(*options, *login, MOCKCBS_CONTRACT_SK=SECRET)

    assert result.exit_code == 0, result.output
    assert "0 broken" not in result.output
    texts = {path.name: path.read_text("utf-8") for path in (tmp_path / "drift").iterdir()}
    books = {"contract-cbs.html"}
    assert set(texts) == {"report.json", "junit.xml", "index.html", *books}
    content = json.loads(texts["report.json"])
    assert [row["id"] for row in content["clauses"]] == [clause.id for clause in CLAUSES]
    idle = {row["id"]: row["reason"] for row in content["clauses"] if row["verdict"] != "held"}
    assert idle == {
        "auth.expired": "needs a token, and a target whose clock the kit can move by a day",
        "cbs.session-life": "the target's clock is stopped",
    }
    suite = ET.fromstring(texts["junit.xml"]).find("testsuite")
    assert suite.get("failures") == "0"
    assert int(suite.get("tests")) == len(CLAUSES)
    found = [text for name, text in texts.items() if name not in books]  # those quote the vendors' examples
    for text in (*found, result.output):
        assert SECRET not in text
        assert "Anna Example" not in text
        assert PROJECT not in text
        assert BOT not in text
        assert "MII" not in text.replace("MIII", "")
    assert "http://" not in texts["index.html"].replace(url, "")
    links = re.findall(r'href="(contract-[a-z]+\.html)#([^"]+)"', texts["index.html"])
    assert len(links) >= len(CLAUSES)
    assert all(f'<a id="{anchor}">' in texts[name] for name, anchor in links)


def test_a_deviating_server_is_status_1(serve, tmp_path):
    """A deviation is named, with request, expectation and finding, and in every report."""
    healthy = create_app(Settings(now=NOW))

    def app(environ, start_response):
        def start(status, headers, exc_info=None):
            start_response(status, [(k, "nginx" if k == "Server" else v) for k, v in headers], exc_info)

        return healthy(environ, start)

    result = contract_of("--cbs", serve(app), "--max-calls", "30", "--report", tmp_path)

    assert result.exit_code == 1
    assert "BROKEN http.server (documented, 2.4): Every response has Server: api-gateway." in result.output
    assert "found    Server = " in result.output
    failure = ET.parse(tmp_path / "junit.xml").find(".//testcase[@name='server']/failure")
    assert "api-gateway" in failure.get("message")
    row = next(
        r for r in json.loads((tmp_path / "report.json").read_text())["clauses"] if r["id"] == "http.server"
    )
    assert row["verdict"] == "broken"
    assert row["evidence"][0]["request"].startswith("GET /v1/{project_id}/qabots/{qabot_id}/")


def test_calls_are_bounded(serve):
    """The limit of calls is kept; clauses beyond it are reported as not reached."""
    healthy, calls = create_app(Settings(now=NOW)), []

    def app(environ, start_response):
        calls.append(environ["PATH_INFO"])
        return healthy(environ, start_response)

    result = contract_of("--cbs", serve(app), "--max-calls", "25", "--now", NOW)

    assert len(calls) == 25
    assert result.exit_code == 3
    assert re.search(
        r"not reached,\s+25\s+calls\s+were\s+made\s+\(--max-calls\):\s.*cbs\.S-1,", result.output, re.DOTALL
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ["--cbs", "http://127.0.0.1:1"],
            "http://127.0.0.1:1 cannot be reached: no server listens",
        ),
        (["--cbs", "https://cbs.invalid"], "no credentials: set MOCKCBS_CONTRACT_TOKEN"),
        (["--cbs", "https://cbs.invalid", "--token", "x"], "no bot: set MOCKCBS_CONTRACT_PROJECT_ID"),
        (["--cbs", "127.0.0.1:8021"], "'127.0.0.1:8021' is not a URL such as https://cbs-ext.cn-north-4."),
        (["--cbs", "http://127.0.0.1:x"], "'http://127.0.0.1:x' is not a URL such as https://cbs-ext."),
        (["--iam", "nonsense"], "'nonsense' is not a URL such as https://iam.cn-north-4.myhuaweicloud.com"),
        (["--compare", "nonsense"], "'nonsense' is not a URL such as https://cbs-ext."),
        (["--cbs", "http://u:p@127.0.0.1"], "a base URL has no query, fragment or password"),
        (["--dataset", "nowhere"], "no dataset 'nowhere'"),
        (["--qabot-id", "a/b"], "--qabot-id is not an id such as 303a0a00-c88a-43e3-aa2f-d5b8b9832b02"),
        (["--project-id", "a b"], "--project-id is not an id such as 1604d8170cd84440a81281e5a3a04f8b"),
        (["--deviations", "nowhere.yaml"], "nowhere.yaml: No such file or directory"),
    ],
)
def test_what_cannot_run(options, words):
    """A target that cannot be checked is one clear line and status 2."""
    result = contract_of(*options)

    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--token", SECRET], "bad credentials: {url} says 401 APIG.0301"),
        (["--ak", "NOBODY", "--sk", SECRET], "bad credentials: {url} says 401 APIG.0301"),
        (
            ["--iam-user", "mockcbs", "--iam-password", SECRET],
            "bad credentials: {url} says 401 The username or password is wrong.",
        ),
        (["--qabot-id", "303a0a00-c88a-43e3-aa2f-d5b8b9832b99"], "{url} has no such bot: 400 CBS.2114"),
        (["--project-id", "0" * 32], "bad credentials: {url} says 401 "),
    ],
)
def test_who_is_not_let_in(options, words, serve):
    """Wrong credentials are an error of the command, not a deviation; the error does not show them."""
    url = serve(create_app(Settings(now=NOW, strict=True)))

    result = contract_of("--cbs", url, *options)

    assert result.exit_code == 2
    assert words.format(url=url) in result.stderr
    assert SECRET not in result.output


@pytest.mark.parametrize("target", TARGETS)
def test_a_page_of_a_proxy_is_no_service(serve, target):
    """The error for HTML instead of a response of the service names the title of the page."""
    url = serve(lambda _, start_response: page(start_response))

    result = contract_of(*target, url)

    assert result.exit_code == 2
    assert f"{url} responds 200 with an HTML page (Proxy login) instead of an API response" in result.stderr


@pytest.mark.parametrize("target", TARGETS)
def test_a_slow_host(serve, target):
    """The command does not wait for a host that exceeds the timeout."""
    done = threading.Event()

    def app(_, start_response):
        done.wait(20)
        return page(start_response)

    url = serve(app)
    try:
        result = contract_of(*target, url, "--timeout", "0.2")
    finally:
        done.set()

    assert result.exit_code == 2
    assert f"{url} did not respond within 0.2 s" in result.stderr


def test_a_throttling_host(serve, monkeypatch):
    """The command pauses for a host that throttles, and then stops calling it."""
    pauses = []
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)

    def app(_, start_response):
        start_response("429 Too Many Requests", [("Retry-After", "7"), ("Content-Length", "0")])
        return []

    result = contract_of("--cbs", serve(app), "--token", "x")

    assert result.exit_code == 2
    assert "throttles calls; try a lower --max-rps" in result.stderr
    assert [pause for pause in pauses if pause >= 1] == [7, 7, 7]


@pytest.mark.slow
@pytest.mark.parametrize("strict", [True, False])
def test_compare_with_another_strictness(strict, serve):
    """One note states that only one server accepts any bot; that is not a difference."""
    url = serve(create_app(Settings(now=NOW, strict=strict)))

    result = contract_of("--compare", url, "--now", NOW)

    said = [line for line in result.stdout.splitlines() if "(serve --strict)" in line]
    expected = f"{url} takes any token and any bot, the mock in process does not (serve --strict): "
    assert result.exit_code == 0, result.output
    assert "DIFFERS" not in result.stdout
    assert [line.startswith(expected) for line in said] == ([] if strict else [True])


@pytest.mark.slow
@pytest.mark.parametrize(("target", "status"), [("", 0), ("http://127.0.0.1:1", 2)])
def test_pytest_runs_the_kit_too(target, status, tmp_path):
    """``pytest --pyargs mockcbs.contract_tests`` is another runner of the same checks."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "mockcbs.contract_tests",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    environment = {"MOCKCBS_CONTRACT_CBS": target, "PATH": "", "NO_PROXY": "127.0.0.1"}

    done = subprocess.run(
        [*command, "-k", "unknown_path or no_credentials"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == status, done.stdout
    assert ("2 passed" if status == 0 else "Connection refused") in done.stdout + done.stderr
