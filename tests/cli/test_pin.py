"""``mockcbs pin`` and the files it is given."""

import json
import os
from importlib import resources

import pytest
import yaml
from click.testing import CliRunner

from mockcbs import Settings, create_app
from mockcbs.cli.main import cli
from mockcbs.cli.pin import DEFAULT_BOT
from tests.pinning.test_coze import SAMPLE
from tests.services.coze.conftest import BOT as COZE_BOT

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
        ("", "not JSON (Expecting value"),
        ("<html>Bad gateway</html>", "not JSON (Expecting value"),
        (STATS.encode("utf-16"), "byte 0 is not UTF-8"),
        (
            STATS.replace('"user_count":4', '"user_count":4,"user_count":5', 1),
            "member 'user_count' occurs twice",
        ),
        (STATS.replace("1.467", "NaN"), "NaN is not a number"),
        (STATS.replace("1.467", "Infinity"), "Infinity is not a number"),
        (STATS.replace("1.467", "1e999999999999"), "avg_request_count 1E+999999999999 is not a number"),
        (
            STATS.replace("122", "1e2"),
            "session_count 1E+2 is not a whole number of 0 or more; nearest is 100",
        ),
        (STATS.replace("122", '"122"'), "session_count '122' is not a whole number"),
        (STATS.replace("122", "9" * 5000), "not JSON (Exceeds the limit"),
        ("[" * 100_000, "not JSON (maximum recursion depth"),
        (f'{{"total": "{"x" * (32 << 20)}"}}', "larger than 32 MiB"),
        ("null", "give one response of session-stats"),
        ("[]", "give one response of session-stats"),
        (f"[{STATS},{STATS}]", "one of each"),
        (f"[{STATS},{METRICS}]", "or of Coze analytics"),
        ('{"error_code":"CBS.0021","error_msg":"x"}', "an error response ('CBS.0021') has no figures"),
        (
            '{"exchanges": [{"request": {"path": "/"}, "response": {"body": "{}"}}, 3]}',
            "no exchange contains",
        ),
    ],
)
def test_files_without_an_answer(content, reason, file):
    """The error for any other content of a file is one line."""
    path = file(content)

    status, output = pin(path)

    assert status == 2
    assert output.startswith(f"Error: {path}: ")
    assert reason in output
    assert output.count("\n") == 1


def test_a_folder_is_no_answer(tmp_path):
    """A missing file is an error, too."""
    assert f"File '{tmp_path}' is a directory." in pin(tmp_path)[1]
    assert pin(tmp_path / "x") == (2, f"Error: {tmp_path / 'x'}: No such file or directory\n")


def test_the_service_is_seen(file):
    """--service states the service of a response; without it, the members of the response decide."""
    stats, metrics = file(b"\xef\xbb\xbf" + STATS.encode(), "stats.json"), file(METRICS, "metrics.json")

    assert 'id: "*"' in pin(stats)[1]
    assert pin(stats) == pin(stats, "--service", "cbs")
    assert f'id: "{COZE_BOT}"' in pin(metrics)[1]
    assert pin(metrics) == pin(metrics, "--service", "coze")
    assert "not a response of Coze analytics" in pin(stats, "--service", "coze")[1]
    assert "not a response of session-stats or reply-rates" in pin(metrics, "--service", "cbs")[1]
    assert f"about bot {COZE_BOT}, not about 1" in pin(metrics, "--bot", "1")[1]


def test_among_recorded_exchanges(file):
    """The command finds responses with statistics among recorded exchanges, and uses their filters."""
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


WITHOUT_RANGE, _, RANGE = COZE_PATH.partition("?")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (f"{COZE_PATH}&user_id=me", "unique_users 3 is impossible with the filter user_id=me; 1 is possible"),
        ("/v1/bots/1/chat", "request '/v1/bots/1/chat' is not one such as /v1/bots/"),
        ("no url", "request 'no url' is not one such as"),
        ("http://[", "request 'http://[' is not one such as"),
        (
            f"/v1/bots/7342866812345678999/analytics?{RANGE}",
            f"id '7342866812345678999' contradicts the response, which has '{COZE_BOT}'",
        ),
        (
            COZE_PATH.replace("-17", "-18"),
            "end_date '2025-12-18' contradicts the response, which has '2025-12-17'",
        ),
        (
            COZE_PATH.replace("-15", "-14"),
            "start_date '2025-12-14' contradicts the response, which has '2025-12-15'",
        ),
        (f"{COZE_PATH}&granularity=hour", "granularity 'hour' contradicts the response, which has 'day'"),
        (f"{COZE_PATH}&granularity=week", "granularity 'week' must be one of day, hour"),
        (f"{COZE_PATH}&end_date=2025-12-19", "end_date '2025-12-19' contradicts the response"),
        (f"{WITHOUT_RANGE}?end_date=2025-12-17", "request: start_date is required"),
        (COZE_PATH.replace("12-17", "2-17"), "end_date '2025-2-17' must be a date in YYYY-MM-DD format"),
        (
            f"{COZE_PATH}&usr_id=u-001",
            "unknown parameter 'usr_id'; accepted are start_date, end_date, session_id, ",
        ),
        (f"{COZE_PATH}&session_id=a&conversation_id=b", "session_id and conversation_id differ"),
        (f"{COZE_PATH}&connector_id=wechat", "connector_id 'wechat' must be a decimal id"),
        (f"{COZE_PATH}&user_id={'x' * 257}", "must have at most 256 characters"),
    ],
)
def test_requests_are_told(target, reason, file):
    """The request of a response can be given; a contradiction to the response is refused."""
    status, output = pin(file(METRICS), "--request", target)

    assert status == 2
    assert reason in output
    assert output.count("\n") == 1


@pytest.mark.parametrize("more", ["", "&granularity=day", "&user_id=&session_id=", "&start_date=2025-12-15"])
def test_requests_that_say_nothing_new(more, file):
    """A whole URL, and parameters that are default, empty or repeated, do not contradict the response."""
    metrics = file(METRICS)

    assert pin(metrics, "--request", f"https://api.coze.cn{COZE_PATH}{more}") == pin(metrics)


def test_requests_of_cbs_are_not_told(file):
    """A response of CBS shows all that matters of its request."""
    assert (
        "one response of Coze analytics, of hots or of keywords"
        in pin(file(STATS), "--request", COZE_PATH)[1]
    )


def test_recorded_requests_may_hold_strangers(file):
    """A parameter that the recorded server did not know has done nothing; another bot is a mistake."""
    said = {"status": 200, "body": METRICS}
    exchanges = [{"request": {"method": "GET", "path": f"{COZE_PATH}&trace=1"}, "response": said}]
    other = json.dumps({"exchanges": exchanges}).replace(f"/bots/{COZE_BOT}", "/bots/7342866812345678999")

    assert pin(file(json.dumps({"exchanges": exchanges}))) == pin(file(METRICS))
    assert "id '7342866812345678999' contradicts the response" in pin(file(other))[1]


def test_output_that_cannot_be_written(tmp_path, file):
    """A missing folder is an error."""
    path = tmp_path / "no" / "x.yaml"

    assert pin(file(STATS), "-o", path) == (2, f"Error: {path}: No such file or directory\n")


def test_an_existing_file_is_kept(tmp_path, file):
    """Only --force overwrites an existing file, even if it is the response itself."""
    stats, path = file(STATS), tmp_path / "x.yaml"
    path.write_text("mine")

    refusal = pin(stats, "-o", path)

    assert refusal == (2, f"Error: {path} exists already; --force overwrites it\n")
    assert path.read_text() == "mine"
    assert pin(stats, "-o", stats)[0] == 2
    assert pin(stats, "-o", path, "--force") == (0, "")
    assert path.read_text() == pin(stats)[1]


def test_standard_output(file):
    """A dash and a missing --out are standard output; a device is written, because no file can be lost."""
    stats = file(STATS)

    assert pin(stats, "-o", "-") == pin(stats)
    assert pin(stats, "-o", os.devnull) == (0, "")


LISTS = {
    "qa-pairs/hots": {
        "questions": [
            {"qa_pair_id": "q-2", "st_question": "怎么报销差旅费", "domain": "财务"},
            {"qa_pair_id": "q-1", "st_question": "打印机无法打印", "domain": ""},
        ]
    },
    "requests/keywords": {"keywords": [{"keyword": "打印机", "freq": 3}, {"keyword": "发票", "freq": 1}]},
}
"""Published lists, by the end of the path of their operation."""


@pytest.mark.parametrize("operation", LISTS)
@pytest.mark.parametrize("is_recorded", [False, True])
def test_a_list_is_reproduced(operation, is_recorded, file, tmp_path):
    """A list of hot questions or of keywords becomes a dataset whose bot returns it for the same range."""
    body = json.dumps(LISTS[operation], ensure_ascii=False)
    path = f"/v1/p/qabots/{DEFAULT_BOT}/{operation}?start_time=1765814400000&end_time=1765900799999"
    recorded = {"request": {"path": path}, "response": {"status": 200, "body": body}}
    given = [file(json.dumps({"exchanges": [recorded]}))] if is_recorded else [file(body), "--request", path]

    status, output = pin(*given, "-o", tmp_path / "pinned.yaml")
    app = create_app(Settings(dataset=str(tmp_path / "pinned.yaml")))

    assert (status, output) == (0, "")
    assert app.test_client().get(path, headers={"X-Auth-Token": "any"}).json == LISTS[operation]


def test_a_list_without_a_request_is_of_now(file, tmp_path):
    """Without a request the questions are asked now, so that the default range contains them."""
    pin(file(json.dumps(LISTS["requests/keywords"])), "-o", tmp_path / "pinned.yaml")

    client = create_app(Settings(dataset=str(tmp_path / "pinned.yaml"))).test_client()
    found = client.get(f"/v1/p/qabots/{DEFAULT_BOT}/requests/keywords", headers={"X-Auth-Token": "any"})

    assert found.json == LISTS["requests/keywords"]


def test_a_list_with_a_wrong_request(file):
    """A range that is no number is an error that names the request."""
    status, output = pin(file(json.dumps(LISTS["requests/keywords"])), "--request", "/x?start_time=monday")

    assert status == 2
    assert "'/x?start_time=monday': start_time and end_time are numbers" in output
