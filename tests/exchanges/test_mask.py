"""What is written down in place of secrets, names and ids."""

import base64
import json

import pytest
import requests

from mockcbs.exchanges.mask import Masker
from tests.conftest import BOT, PROJECT
from tests.exchanges.proxied import plain, recording, upstream
from tests.exchanges.recorded import TOKEN


def test_nothing_of_anybody_is_written_down(recorded):
    """Tokens, passwords, names and ids are replaced; the same id has the same stand-in everywhere."""
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


def test_no_secrets_anywhere(tmp_path):
    """Headers, query, form, JSON, cookies and signatures are masked, also where they are repeated."""
    grant = plain(
        b'{"access_token":"SECRET-granted","name":"x"}',
        200,
        ("Set-Cookie", "one=SECRET-cookie; Path=/"),
        ("Set-Cookie", "two=SECRET-other"),
        ("X-Subject-Token", "SECRET-subject"),
        ("Location", "https://x/?code=SECRET-code"),
    )
    with upstream({"/grant": grant}) as target, recording(target, tmp_path) as (url, rows):
        granted = requests.get(f"{url}/grant", timeout=10)
        echo = requests.get(
            f"{url}/a?token=SECRET-token&user_id=SECRET-user&X-Amz-Signature=SECRET-signature&page=1",
            headers={
                "X-Auth-Token": "SECRET-subject",
                "Authorization": "SDK-HMAC-SHA256 Access=SECRET-ak, SignedHeaders=x, Signature=SECRET-sign",
                "Cookie": "one=SECRET-cookie",
            },
            timeout=10,
        ).json()
        requests.post(
            f"{url}/b",
            data={"client_secret": "SECRET-client", "code": "SECRET-code"},
            auth=("al", "SECRET-pw"),
            timeout=10,
        )
        body = {"apiKey": "SECRET-key", "sessionId": "SECRET-session", "user": {"name": "SECRET-张三"}}
        requests.post(f"{url}/c", json=body, timeout=10)
        written = json.dumps(rows(), ensure_ascii=False)

    assert granted.raw.headers.getlist("Set-Cookie") == ["one=SECRET-cookie; Path=/", "two=SECRET-other"]
    assert echo["headers"]["X-Auth-Token"] == "SECRET-subject"
    assert "two=" not in echo["headers"]["Cookie"]
    assert "SECRET" not in written
    assert "page=1" in written
    masked = {row["request"]["path"]: row["response"] for row in json.loads(written)}
    assert (
        masked["/grant"]["headers"]["X-Subject-Token"]
        in masked[next(p for p in masked if p[:2] == "/a")]["body"]
    )


KEYS = {"auth": {"hw_ak_sk": {"access": {"key": "an-ak"}, "secret": {"key": "SECRET-sk"}}}}

SENT = {
    "multipart": {"files": {"f": b"\xff\xfe"}, "data": {"client_secret": "SECRET-part"}},
    "code": {"json": {"grant_type": "authorization_code", "code": "SECRET-code"}},
    "access key": {"json": KEYS},
    "cut off": {"data": b'{"question":"x","password":"SECRET-cut-o'},
    "number": {"json": {"api_key": 123456789}},
    "header": {"headers": {"X-Api-Key": "SECRET-api"}},
}


@pytest.mark.parametrize("kind", SENT)
def test_secrets_in_any_form(kind, tmp_path):
    """A secret is masked in text and in Base64."""
    with upstream({"/x": plain(b"{}")}) as target, recording(target, tmp_path) as (url, rows):
        requests.post(f"{url}/x", **SENT[kind], timeout=10)
        (exchange,) = rows()

    body = exchange["request"].get("body", "").encode()
    body = base64.b64decode(body) if "encoding" in exchange["request"] else body
    assert b"SECRET" not in body
    assert b"123456789" not in body
    assert "SECRET" not in json.dumps(exchange)


def test_a_secret_that_was_no_secret_yet(tmp_path):
    """A token under an unknown name is also masked there as soon as it is used as a token."""
    handed = plain(b'{"for_you":"SECRET-of-unknown-name"}')
    with upstream({"/hand": handed}) as target, recording(target, tmp_path) as (url, rows):
        requests.get(f"{url}/hand", timeout=10)
        before = rows()
        requests.get(f"{url}/a", headers={"Authorization": "Bearer SECRET-of-unknown-name"}, timeout=10)
        after = rows()

    assert "SECRET" in json.dumps(before)
    assert "SECRET" not in json.dumps(after)
    assert len(after) == 2


def test_masking_looks_at_few_of_many():
    """The cost of an exchange does not depend on the number of earlier secrets and ids."""
    masker = Masker()
    for number in range(3000):
        masker.learn(f"czu_eyJ{number:08d}")

    found = masker._known_in(json.dumps({"token": "czu_eyJ00000007", "text": "x" * 70_000}))

    assert len(found) <= 2


def test_figures_stay(tmp_path):
    """An id of few digits, or one that is a word, changes neither numbers nor the names of members."""
    figures = '{"user_id":"session_count","id":"123456","session_count":123456.5,"more":[9123456,0.123456]}'
    with upstream({"/x": plain(figures.encode())}) as target, recording(target, tmp_path) as (url, rows):
        requests.get(f"{url}/x", timeout=10)
        (exchange,) = rows()

    body = json.loads(exchange["response"]["body"])
    assert (body["session_count"], body["more"]) == (123456.5, [9123456, 0.123456])
    assert body["user_id"].startswith("masked-")
    assert body["id"] == "900002"


def test_the_number_of_known_texts_does_not_matter():
    """However many secrets and ids were recorded, and however alike, a text is compared with few of them."""
    masker = Masker()
    for number in range(1000):
        masker.learn_body(json.dumps({"token": f"tok-{number}-same-ending", "user_id": f"u{number}"}))
    text = json.dumps({"note": ["tok-7-same-ending", "u7"], "more": "the same ending"})

    known = [real for real, _ in masker._known_in(text)]

    assert known == ["tok-7-same-ending", "u7"]
    assert "tok-7" not in masker.text(text)
    assert masker.stand_ins_in(masker.text(text)) == ["masked-15", "masked-16"]


def test_a_secret_in_an_encoded_part_of_a_path():
    """A secret is masked wherever it stands in a path; an id only where it is a whole value."""
    masker = Masker()
    masker.learn_request("/a?token=S3cr3t-1&user_id=anna", {}, "")

    assert masker.path("/b?to=https%3A%2F%2Fx%3Fcode%3DS3cr3t-1") == "/b?to=https%3A%2F%2Fx%3Fcode%3Dmasked-1"
    assert masker.path("/annabel?user=anna") == "/annabel?user=masked-2"
    assert masker.new_secrets() == {"S3cr3t-1"}
    assert masker.new_secrets() == set()
