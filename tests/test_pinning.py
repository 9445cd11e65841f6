"""``mockcbs pin`` and the files it is given."""

import json
from importlib import resources

import pytest
import yaml
from click.testing import CliRunner

from mockcbs.cli import cli
from tests.coze.conftest import BOT as COZE_BOT
from tests.coze.test_pin import SAMPLE

STATS = json.loads(
    (resources.files("mockcbs.fixtures") / "exchanges" / "g-01-session-stats.json").read_text()
)["exchanges"][0]["response"]["body"]
METRICS = json.dumps(SAMPLE, default=float)
COZE_PATH = f"/v1/bots/{COZE_BOT}/analytics?start_date=2025-12-15&end_date=2025-12-17"


def pin(*arguments: object) -> tuple[int, str]:
    """Exit status and output."""
    done = CliRunner().invoke(cli, ["pin", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture
def file(tmp_path):
    """A way to write down an answer."""

    def write(content: str | bytes, name: str = "answer.json"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no JSON (Expecting value"),
        ("<html>Bad gateway</html>", "no JSON (Expecting value"),
        (STATS.encode("utf-16"), "no JSON ('utf-8' codec"),
        (
            STATS.replace('"user_count":4', '"user_count":4,"user_count":5', 1),
            "member 'user_count' stands twice",
        ),
        (STATS.replace("1.467", "NaN"), "NaN is no number"),
        (STATS.replace("1.467", "Infinity"), "Infinity is no number"),
        (STATS.replace("1.467", "1e999999999999"), "avg_request_count 1E+999999999999 is not a number"),
        (
            STATS.replace("122", "1e2"),
            "session_count 1E+2 is not a whole number of 0 or more; nearest is 100",
        ),
        (STATS.replace("122", '"122"'), "session_count '122' is not a whole number"),
        (STATS.replace("122", "9" * 5000), "no JSON (Exceeds the limit"),
        ("[" * 100_000, "no JSON (maximum recursion depth"),
        (f'{{"total": "{"x" * (32 << 20)}"}}', "larger than 32 MiB"),
        ("null", "give one answer of session-stats"),
        ("[]", "give one answer of session-stats"),
        (f"[{STATS},{STATS}]", "one of each"),
        (f"[{STATS},{METRICS}]", "or one of Coze analytics"),
        ('{"error_code":"CBS.0021","error_msg":"x"}', "an error answer ('CBS.0021') has no figures"),
        ('{"exchanges": [{"request": {"path": "/"}, "response": {"body": "{}"}}, 3]}', "no exchange in it"),
    ],
)
def test_files_without_an_answer(content, reason, file):
    """Whatever else a file holds is told in one line."""
    path = file(content)

    status, output = pin(path)

    assert status == 2
    assert output.startswith(f"Error: {path}: ")
    assert reason in output
    assert output.count("\n") == 1


def test_a_folder_is_no_answer(tmp_path):
    """Nor is what is not there."""
    assert f"File '{tmp_path}' is a directory." in pin(tmp_path)[1]
    assert pin(tmp_path / "x") == (2, f"Error: {tmp_path / 'x'}: No such file or directory\n")


def test_the_service_is_seen(file):
    """Without --service an answer is taken for what it looks like; with it, for what is said."""
    stats, metrics = file(b"\xef\xbb\xbf" + STATS.encode(), "stats.json"), file(METRICS, "metrics.json")

    assert 'id: "*"' in pin(stats)[1]
    assert pin(stats) == pin(stats, "--service", "cbs")
    assert f'id: "{COZE_BOT}"' in pin(metrics)[1]
    assert pin(metrics) == pin(metrics, "--service", "coze")
    assert "not an answer of Coze analytics" in pin(stats, "--service", "coze")[1]
    assert "not an answer of session-stats or reply-rates" in pin(metrics, "--service", "cbs")[1]
    assert f"about bot {COZE_BOT}, not about 1" in pin(metrics, "--bot", "1")[1]


def test_among_recorded_exchanges(file):
    """Of recorded exchanges those with statistics are taken, with the filters they were asked with."""
    data = json.loads(METRICS)["data"]
    data["metrics"][0] |= {"total_messages": 2, "total_calls": 1, "unique_users": 1, "total_sessions": 1}
    for row in (data["metrics"][0], data["metrics"][1], data["summary"]):
        row |= {"success_rate": 1.0, "error_rate": 0.0, "avg_response_time_ms": 700.0}
    data["summary"] |= {"total_messages": 4, "total_calls": 2, "unique_users": 1, "total_sessions": 1}
    rows = [
        ("/v3/auth/tokens", 201, '{"token": {}}'),
        (f"{COZE_PATH}&user_id=me&session_id=s-9", 400, '{"code": 4000, "msg": ""}'),
        (f"{COZE_PATH}&user_id=me&session_id=s-9", 200, json.dumps({"code": 0, "msg": "", "data": data})),
    ]
    exchanges = [
        {"request": {"method": "GET", "path": path}, "response": {"status": status, "body": body}}
        for path, status, body in rows
    ]

    status, output = pin(file(json.dumps({"exchanges": exchanges})))

    assert status == 0
    (session,) = yaml.safe_load(output)["bots"][0]["sessions"]
    assert (session["id"], session["user"], len(session["turns"])) == ("s-9", "me", 2)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (f"{COZE_PATH}&user_id=me", "unique_users 3 is impossible with the filter user_id=me"),
        ("/v1/bots/1/chat", "request '/v1/bots/1/chat' is not one such as /v1/bots/"),
        ("no url", "request 'no url' is not one such as"),
    ],
)
def test_requests_are_told(target, reason, file):
    """What a plain answer was asked with can be told beside it."""
    metrics = file(METRICS)

    assert pin(metrics, "--request", f"https://api.coze.cn{COZE_PATH}") == pin(metrics)
    assert reason in pin(metrics, "--request", target)[1]
    assert "one answer of Coze analytics only" in pin(file(STATS), "--request", COZE_PATH)[1]


def test_output_that_cannot_be_written(tmp_path, file):
    """A folder that is not there is told."""
    path = tmp_path / "no" / "x.yaml"

    assert pin(file(STATS), "-o", path) == (2, f"Error: {path}: No such file or directory\n")
