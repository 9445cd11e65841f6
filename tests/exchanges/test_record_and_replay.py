"""What passes through ``record`` is answered again by ``serve --replay``, and tells nothing of anybody."""

import json
from importlib import resources
from pathlib import Path

import pytest
from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.core.errors import UserError
from mockcbs.exchanges import replay
from mockcbs.exchanges.mask import Masker
from mockcbs.exchanges.record import ExchangeFile, Recorder
from tests.conftest import BOT, NOW, PROJECT
from tests.servers import served

FIXTURES = resources.files("mockcbs.fixtures") / "exchanges"
TOKEN = "MIIsecret-token-of-somebody"
BASE = f"/v1/{PROJECT}/qabots/{BOT}/requests"
OTHER = f"/v1/{'0' * 31}a/qabots/11111111-2222-4333-8444-555555555555/requests"
STATS = "session-stats?interval=day&time_zone=%2B08%3A00&start_time=1795000000000&end_time=1795100000000"
LOGIN = {
    "auth": {
        "identity": {
            "methods": ["password"],
            "password": {
                "user": {"name": "somebody", "password": "hush-hush", "domain": {"name": "somewhere"}}
            },
        }
    }
}


@pytest.fixture
def recorded(tmp_path):
    """A file with some exchanges, and the answers as they came."""
    path = tmp_path / "recorded.json"
    file = ExchangeFile(path, "https://upstream.example")
    with served(create_app(Settings(now=NOW))) as url:
        proxy = Client(Recorder(url, file))
        headers = {"X-Auth-Token": TOKEN}
        answers = [
            proxy.get(f"{BASE}/{STATS}", headers=headers, buffered=True),
            proxy.get(f"{BASE}/reply-rates?interval=hour", headers=headers, buffered=True),
            proxy.get(f"{BASE}/reply-rates", buffered=True),
            proxy.post("/v3/auth/tokens", json=LOGIN, buffered=True),
        ]
    file.close()
    return path, answers


def test_answers_pass_unchanged(recorded):
    """The proxy changes neither status nor body, and every call is written down."""
    path, answers = recorded
    content = json.loads(path.read_text("utf-8"))

    assert [answer.status_code for answer in answers] == [200, 400, 401, 201]
    assert '"total":{"session_count":' in answers[0].text
    assert [row["response"]["status"] for row in content["exchanges"]] == [200, 400, 401, 201]
    assert content["exchanges"][0]["response"]["body"] == answers[0].text


def test_nothing_of_anybody_is_written_down(recorded):
    """Tokens, passwords, names and ids are gone; the same id has the same stand-in throughout."""
    path, answers = recorded
    text = path.read_text("utf-8")

    secrets = [
        TOKEN,
        PROJECT,
        BOT,
        "hush-hush",
        "somebody",
        "somewhere",
        answers[3].headers["X-Subject-Token"],
    ]
    assert [secret for secret in secrets if secret in text] == []
    rows = json.loads(text)["exchanges"]
    assert len({row["request"]["path"].rpartition("/")[0] for row in rows[:3]}) == 1
    refusal = rows[2]["response"]
    assert json.loads(refusal["body"])["request_id"] == refusal["headers"]["X-Request-Id"]


def test_replay_answers_whoever_asks(recorded):
    """Other projects, bots and tokens get the recorded answers, three decimals and all."""
    path, answers = recorded
    client = Client(replay.Replay(create_app(Settings(now=NOW)), replay.read(path), "fail"))

    shuffled = "&".join(reversed(STATS.partition("?")[2].split("&")))
    again = client.get(f"{OTHER}/session-stats?{shuffled}", headers={"X-Auth-Token": "another"})
    login = json.loads(json.dumps(LOGIN).replace("somebody", "me").replace("hush-hush", "mine"))
    token = client.post("/v3/auth/tokens", json=login)

    assert again.status_code == 200
    assert again.data == answers[0].data
    assert again.mimetype == "application/json"
    assert token.status_code == 201
    assert token.headers["X-Subject-Token"].startswith("masked-")


def test_the_mock_gets_the_whole_of_what_is_not_on_record(recorded):
    """A miss is the mock's to answer, its body too."""
    client = Client(replay.Replay(create_app(Settings(now=NOW)), replay.read(recorded[0]), "mock"))

    answer = client.post(
        f"/v1/{PROJECT}/qabots/{BOT}/chat",
        json={"question": "发票", "user_id": "bob"},
        headers={"X-Auth-Token": "any"},
    )

    assert answer.status_code == 200, answer.text
    assert "not on record" not in answer.text


def test_a_miss_is_explained(recorded):
    """What is not on record says which recorded request comes nearest, and how it differs."""
    path, _ = recorded
    exchanges = replay.read(path)
    mock = create_app(Settings(now=NOW))

    asked = f"{OTHER}/{STATS.replace('day', 'week')}", {"X-Auth-Token": "x"}
    failed = Client(replay.Replay(mock, exchanges, "fail")).get(asked[0], headers=asked[1])
    mocked = Client(replay.Replay(mock, exchanges, "mock")).get(asked[0], headers=asked[1])

    assert failed.status_code == 404
    assert failed.mimetype == "application/problem+json"
    detail = failed.get_json()["detail"]
    assert detail.startswith("GET /v1/ffffffff")
    assert "(interval=day was recorded, week sent)" in detail.partition(" | ")[0]
    assert mocked.status_code == 200
    assert mocked.get_json()["interval"] == "week"
    assert "interval=day was recorded, week sent" in mocked.headers["X-Mockcbs-Replay"]


def test_equal_requests_are_answered_in_order(tmp_path):
    """Answers to the same request come as they were recorded; the last one stays."""
    rows = [
        {"request": {"method": "GET", "path": "/v1/p/x"}, "response": {"status": 200, "body": f'{{"n":{n}}}'}}
        for n in range(3)
    ]
    path = tmp_path / "three.json"
    path.write_text(json.dumps({"exchanges": rows}))
    client = Client(replay.Replay(create_app(), replay.read(path), "fail"))

    assert [client.get("/v1/p/x").get_json()["n"] for _ in range(5)] == [0, 1, 2, 2, 2]


ASKED = {"method": "GET", "path": "/v1/p/x"}
GIVEN = {"status": 200}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([], "must be a mapping of keys to values"),
        ({}, "exchanges: is missing; expected a list, each a request and its response"),
        ({"exchanges": {}}, "exchanges: expected a list, each"),
        ({"exchanges": [1]}, "exchanges[0]: must be a mapping"),
        ({"exchanges": [{"response": GIVEN}]}, "exchanges[0].request: is missing; expected method, path, "),
        ({"exchanges": [{"request": ASKED}]}, "exchanges[0].response: is missing; expected status, "),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN}, {"request": 1, "response": GIVEN}]},
            "exchanges[1].request: must be a mapping",
        ),
        (
            {"exchanges": [{"request": {"path": "/"}, "response": {"status": "200"}}]},
            "exchanges[0].request.method: is missing; expected a method such as GET; exchanges[0].response",
        ),
        (
            {"exchanges": [{"request": ASKED | {"path": 5}, "response": GIVEN}]},
            "exchanges[0].request.path: expected the path and query that were asked",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": {"status": 1}}]},
            "exchanges[0].response.status: expected a status such as 200",
        ),
        (
            {"exchanges": [{"request": ASKED | {"body": {}}, "response": GIVEN}]},
            "exchanges[0].request.body: expected the body as a text",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"body": "?", "encoding": "base64"}}]},
            "exchanges[0].response.body: cannot be decoded: ",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"encoding": "gzip"}}]},
            "exchanges[0].response.encoding: expected base64, or nothing",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a": 1}}}]},
            "exchanges[0].response.headers.a: expected a text",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a": "b\r\nc: d"}}}]},
            "exchanges[0].response.headers.a: expected a text without line breaks",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a:\n": "b"}}}]},
            "exchanges[0].response.headers.a:\n: expected a header's name",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN, "stand_ins": "a"}]},
            "exchanges[0].stand_ins: expected a list of texts",
        ),
    ],
)
def test_a_file_that_is_none_is_told_by_its_keys(content, told, tmp_path):
    """The error names the file, the key, and what is expected there."""
    path = tmp_path / "no.json"
    path.write_text(json.dumps(content))

    with pytest.raises(UserError) as caught:
        replay.read(path)

    assert str(caught.value).startswith(f"{path}: no file of exchanges as `mockcbs record` writes it: {told}")


@pytest.mark.parametrize("content", [b"", b'{"exchanges": [', b"[" * 100_000])
def test_a_file_that_is_no_json(content, tmp_path):
    """It is the user's mistake, too."""
    path = tmp_path / "no.json"
    path.write_bytes(content)

    with pytest.raises(UserError, match=r"no\.json: no file of exchanges, no JSON: "):
        replay.read(path)


@pytest.mark.parametrize("path", sorted(Path(str(FIXTURES)).glob("*.json")), ids=lambda path: path.stem)
def test_documented_exchanges_can_be_replayed(path):
    """They have the same format, and remarks beside it."""
    assert replay.read(path)


def test_stand_ins_keep_the_form():
    """UUIDs stay UUIDs, hexadecimal ids hexadecimal, digits digits, each its own."""
    masker = Masker()
    masker.learn_body('{"id": "0"}')
    body = json.dumps(
        {"qabot_id": BOT, "project": {"id": PROJECT}, "bot_id": "7342866812345678901", "user_id": "u1"}
    )

    masker.learn_body(body)
    masked = json.loads(masker.text(body))

    assert len(masked["qabot_id"]) == 36
    assert len(masked["project"]["id"]) == 32
    assert masked["bot_id"].isdigit()
    assert len(masked["bot_id"]) == 19
    assert masker.path("/v1/p?top=0") == "/v1/p?top=0"
    assert masked["user_id"].startswith("masked-")
    assert len({masked["qabot_id"], masked["bot_id"], masked["user_id"]}) == 3


def test_an_upstream_that_is_gone(tmp_path):
    """A server that is not there has a message of its own, and is not recorded."""
    file = ExchangeFile(tmp_path / "none.json", "http://127.0.0.1:1")

    answer = Client(Recorder("http://127.0.0.1:1", file)).get("/v1/p/x")

    file.close()
    assert answer.status_code == 502
    assert json.loads((tmp_path / "none.json").read_text())["exchanges"] == []


def test_the_file_of_the_page(tmp_path):
    """The format that the page shows is answered from, for any project and bot."""
    page = (Path(__file__).parents[2] / "docs/record.md").read_text("utf-8")
    path = tmp_path / "mine.json"
    path.write_text(page.partition("```json\n")[2].partition("```")[0])
    client = Client(replay.Replay(create_app(), replay.read(path), "fail"))

    assert client.get(f"{BASE}/keywords?top=1").get_json() == {"keywords": []}
