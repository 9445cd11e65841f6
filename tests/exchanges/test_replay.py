"""Recorded answers, given again."""

import json
from importlib import resources
from pathlib import Path

import pytest
from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.exchanges import replay
from tests.conftest import BOT, NOW, PROJECT
from tests.exchanges.proxied import played
from tests.exchanges.recorded import LOGIN, STATS

FIXTURES = resources.files("mockcbs.fixtures") / "exchanges"
OTHER = f"/v1/{'0' * 31}a/qabots/11111111-2222-4333-8444-555555555555/requests"


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
    """The mock gets a request without a record completely, including its body."""
    client = Client(replay.Replay(create_app(Settings(now=NOW)), replay.read(recorded[0]), "mock"))

    answer = client.post(
        f"/v1/{PROJECT}/qabots/{BOT}/chat",
        json={"question": "发票", "user_id": "bob"},
        headers={"X-Auth-Token": "any"},
    )

    assert answer.status_code == 200, answer.text
    assert "not on record" not in answer.text


def test_a_miss_is_explained(recorded):
    """The error for a request without a record names the most similar record and the differences."""
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
    """Equal requests get the recorded responses in order; the last one is repeated."""
    rows = [
        {"request": {"method": "GET", "path": "/v1/p/x"}, "response": {"status": 200, "body": f'{{"n":{n}}}'}}
        for n in range(3)
    ]
    path = tmp_path / "three.json"
    path.write_text(json.dumps({"exchanges": rows}))
    client = Client(replay.Replay(create_app(), replay.read(path), "fail"))

    assert [client.get("/v1/p/x").get_json()["n"] for _ in range(5)] == [0, 1, 2, 2, 2]


@pytest.mark.parametrize("path", sorted(Path(str(FIXTURES)).glob("*.json")), ids=lambda path: path.stem)
def test_documented_exchanges_can_be_replayed(path):
    """Documented exchanges have the same format, with additional remarks."""
    assert replay.read(path)


def test_two_bots_are_kept_apart(tmp_path):
    """Each stand-in stays with the first id in its place; requests with other ids get a response, too."""
    rows = [
        {
            "request": {"method": "GET", "path": f"/v1/bots/900000000000000000{bot}/analytics"},
            "response": {"status": 200, "body": f'{{"n":"{bot}{turn}"}}'},
            "stand_ins": [f"900000000000000000{bot}"],
        }
        for turn in "ab"
        for bot in "12"
    ]
    client = played(rows, tmp_path)

    def asked(bot: str) -> str:
        return client.get(f"/v1/bots/{bot}/analytics").get_json()["n"]

    assert [asked(bot) for bot in ("7", "7", "8", "7", "8", "9")] == ["1a", "1b", "2a", "1b", "2b", "1b"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"path": "/x?id=1&id=2"}, 200),
        ({"path": "/x?id=2&id=1"}, 404),
        ({"path": "/x?id=2"}, 404),
        ({"path": "/x?id=1&id=2", "json": {}}, 404),
        ({"method": "POST", "data": {"b": "2", "a": "1"}}, 200),
        ({"method": "POST", "data": {"a": "1"}}, 404),
        (
            {
                "method": "PUT",
                "data": b"--X\r\nhi\r\n--X--",
                "content_type": "multipart/form-data; boundary=X",
            },
            200,
        ),
        (
            {
                "method": "PUT",
                "data": b"--X\r\nho\r\n--X--",
                "content_type": "multipart/form-data; boundary=X",
            },
            404,
        ),
        ({"path": "/_mockcbs/health"}, 200),
    ],
)
def test_what_counts_as_equal(sent, status, tmp_path):
    """Repeated parameters must have the same order; forms and boundaries may differ; the control API stays
    open.
    """
    form, parts = "application/x-www-form-urlencoded", 'multipart/form-data; boundary="abc"'
    rows = [
        {"request": {"method": "GET", "path": "/x?id=1&id=2"}},
        {"request": {"method": "POST", "path": "/x", "body": "a=1&b=2", "headers": {"content-type": form}}},
        {
            "request": {
                "method": "PUT",
                "path": "/x",
                "body": "--abc\r\nhi\r\n--abc--",
                "headers": {"Content-Type": parts},
            }
        },
    ]
    client = played([{**row, "response": {"status": 200, "body": "{}"}} for row in rows], tmp_path)

    assert client.open(**{"path": "/x", **sent}).status_code == status


def test_headers_of_the_connection_are_not_replayed(tmp_path):
    """A file with all headers of its exchanges gives responses that are framed once, and rightly."""
    headers = {"Transfer-Encoding": "chunked", "Content-Length": "3", "Connection": "close", "X-A": "é"}
    exchange = {
        "request": {"method": "GET", "path": "/v1/a"},
        "response": {"status": 200, "headers": headers, "body": "hello"},
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"exchanges": [exchange]}))
    client = Client(replay.Replay(create_app(Settings(now=NOW)), replay.read(path), "fail"))

    answer = client.get("/v1/a")

    assert answer.data == b"hello"
    assert sorted(answer.headers) == [
        ("Content-Length", "5"),
        ("Content-Type", "application/json"),
        ("X-A", "é"),
    ]
