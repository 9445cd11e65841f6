"""What passes through ``record`` is answered again by ``serve --replay``, and tells nothing of anybody."""

import json

import pytest
from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.errors import UserError
from mockcbs.exchanges import replay
from mockcbs.exchanges.mask import Masker
from mockcbs.exchanges.record import ExchangeFile, Recorder
from tests.conftest import BOT, NOW, PROJECT
from tests.contract.conftest import _served

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
    with _served(create_app(Settings(now=NOW))) as url:
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


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"exchanges": [{}]}', '{"exchanges": [{"request": 1}]}'])
def test_unreadable_files(text, tmp_path):
    """A file that holds no exchanges is the user's mistake."""
    path = tmp_path / "no.json"
    path.write_text(text)

    with pytest.raises(UserError, match="no file of exchanges"):
        replay.read(path)


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
    """Nobody at the other end is told as such, and is not recorded."""
    file = ExchangeFile(tmp_path / "none.json", "http://127.0.0.1:1")

    answer = Client(Recorder("http://127.0.0.1:1", file)).get("/v1/p/x")

    file.close()
    assert answer.status_code == 502
    assert json.loads((tmp_path / "none.json").read_text())["exchanges"] == []
