"""The statistics operations over HTTP: parameters, headers, errors and their order."""

from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mockcbs import Mock, Settings, create_app
from mockcbs.services.cbs import errors
from mockcbs.services.gateway import errors as gateway
from mockcbs.services.iam import errors as iam
from mockcbs.web.context import KEY, Context
from tests.conftest import BOT, NOW, PROJECT
from tests.services.cbs.requests import BASE, OPERATIONS, PARAMETER_ERROR, TOKEN
from tests.services.iam.logins import login
from tests.thoroughness import examples

HOUR = 3_600_000


def test_the_reason_can_be_left_out():
    """--no-hints: the vendor's answer and nothing else."""
    client = create_app(Settings(dataset="empty", hints=False)).test_client()

    response = client.get(BASE + "/requests/keywords?top=x", headers=TOKEN)

    assert response.data == PARAMETER_ERROR
    assert "X-Mockcbs-Reason" not in response.headers


@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW"])
def test_a_wrong_method_is_no_api(client, path, method):
    """A wrong method gets 404 APIG.0101, with or without a token, never 405 or an automatic response."""
    response = client.open(BASE + path, method=method)

    assert response.status_code == 404
    if method != "HEAD":
        assert response.json["error_code"] == "APIG.0101"
        assert response.json["error_msg"] == "The API does not exist."


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}/requests/session-stats/",
        f"{BASE}/requests/session_stats",
        f"{BASE}//requests/session-stats",
        f"{BASE}/qa-pairs/session_stats",
        f"/v1/{PROJECT}/qabots//requests/session-stats",
        f"/v1/{PROJECT}/anything",
        "/v3/nothing",
    ],
)
def test_an_unknown_path_is_no_api_even_without_a_token(client, path):
    """404 APIG.0101 before authentication, no redirect for slashes, and the nearest route as a hint."""
    response = client.get(path)

    assert response.status_code == 404
    assert response.json == {
        "error_msg": "The API does not exist or has not been published in the environment.",
        "error_code": "APIG.0101",
        "request_id": response.headers["X-Request-Id"],
    }
    assert response.headers["X-Mockcbs-Reason"].startswith(f"no route for GET '{path}'")


def test_the_nearest_route_is_named(client):
    """The response to a misspelt path names the path that was probably meant."""
    response = client.get(f"{BASE}/requests/session_stats")

    hint = "nearest: GET /v1/<project_id>/qabots/<qabot_id>/requests/session-stats"
    assert hint in response.headers["X-Mockcbs-Reason"]


def test_a_real_host_tells_whose_path_it_is(client):
    """The gateway answers any unknown path on the vendor's host; mockcbs answers those on other hosts."""
    theirs = client.get("/", headers={"Host": "cbs-ext.cn-north-4.myhuaweicloud.com"})
    ours = client.get("/v2/x")

    assert theirs.json["error_code"] == "APIG.0101"
    assert ours.status_code == 404
    assert ours.headers["Content-Type"] == "application/problem+json"
    assert "Server" not in ours.headers


def test_strict_knows_the_bots_of_the_dataset_only():
    """--strict: a bot the dataset does not name does not exist."""
    client = create_app(Settings(dataset="everyday", strict=True, now=NOW)).test_client()
    token = client.post("/v3/auth/tokens", json=login()).headers["X-Subject-Token"]
    headers = {"X-Auth-Token": token}

    known = client.get(f"{BASE}/requests/keywords", headers=headers)
    upper = client.get(f"/v1/{PROJECT}/qabots/{BOT.upper()}/requests/keywords", headers=headers)
    unknown = client.get(f"/v1/{PROJECT}/qabots/{BOT[:-1]}3/requests/keywords", headers=headers)

    assert known.status_code == 200
    assert upper.data == known.data
    assert (unknown.status_code, unknown.json["error_code"]) == (400, "CBS.2114")


def test_a_body_on_get_is_ignored(client):
    """The vendor's samples send one, SDKs send an empty one with a content type."""
    expected = client.get(f"{BASE}/requests/keywords", headers=TOKEN).data

    for body in (b"", b"{}", b"not json", b'{"top": 1}'):
        response = client.get(
            f"{BASE}/requests/keywords", headers=TOKEN, data=body, content_type="application/json"
        )
        assert response.data == expected


CATALOGUE = {row.code: row.status for row in (*errors.CATALOGUE,)} | {"APIG.0201": 413}
GATEWAY = {(row.code, row.status) for row in gateway.CATALOGUE}
PARTS = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: quote(text, safe=""))
RAW = st.binary(max_size=20).map(lambda data: "".join(f"%{byte:02x}" for byte in data))
NAMES = st.sampled_from(
    ["start_time", "end_time", "interval", "time_zone", "top", "domain", "domain_id", "exclude"]
)


@given(
    path=st.sampled_from([*OPERATIONS]),
    query=st.lists(st.tuples(NAMES | PARTS, PARTS | RAW), max_size=4),
    project=st.just(PROJECT) | PARTS,
    bot=st.just(BOT) | PARTS,
    headers=st.dictionaries(
        st.sampled_from(["X-Auth-Token", "Authorization", "X-Sdk-Date", "Host", "Content-Type"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30),
        max_size=3,
    ),
    method=st.sampled_from(["GET", "GET", "GET", "POST", "DELETE", "HEAD", "OPTIONS", "PURGE"]),
)
@example("/requests/keywords", [], "..", "..", {}, "GET")
@settings(max_examples=examples(500), deadline=None)
def test_any_bytes_get_a_catalogued_answer(app, path, query, project, bot, headers, method):
    """Any bytes get the operation's schema or a row of a catalogue, never HTML or a redirect (law 6)."""
    target = f"/v1/{project}/qabots/{bot}{path}?{'&'.join(f'{key}={value}' for key, value in query)}"

    response = app.test_client().open(target, method=method, headers=headers)

    if method == "HEAD":
        assert response.status_code in {400, 401, 404}
    elif response.status_code == 200:
        assert OPERATIONS[path].validate(response.json) == {}
    else:
        assert_catalogued(response)
    reason = response.headers.get("X-Mockcbs-Reason", "")
    assert reason.isascii()
    assert reason.isprintable() or not reason


def assert_catalogued(response):
    if response.headers["Content-Type"] == "application/problem+json":
        assert response.status_code == 404
        return
    assert response.headers["Content-Type"] == "application/json"
    body = response.json
    if "error" in body:
        assert response.status_code in {row.status for row in iam.CATALOGUE}
        return
    code = body["error_code"]
    if code.startswith("CBS."):
        assert list(body) == ["error_code", "error_msg"]
        assert CATALOGUE[code] == response.status_code
    else:
        assert list(body) == ["error_msg", "error_code", "request_id"]
        assert (code, response.status_code) in GATEWAY


@pytest.mark.parametrize(
    ("query", "interval"), [("", "day"), ("interval=&start_time=1", "day"), ("interval=week", "week")]
)
def test_a_lenient_mock_takes_session_stats_without_an_interval(query, interval):
    """--lenient-interval: an interval that is left out is a day; one that is given counts (D-2)."""
    client = create_app(Settings(dataset="empty", lenient_interval=True)).test_client()

    response = client.get(f"{BASE}/requests/session-stats?{query}", headers=TOKEN)

    assert (response.status_code, response.json["interval"]) == (200, interval)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"start_time={NOW // 1000}", ["seconds"]),
        ("start_time=0&end_time=3600000", ["before the kept traffic"]),
        ("", []),
    ],
    ids=["in seconds", "before the traffic", "usual"],
)
def test_a_surprising_range_has_a_remark(query, words):
    """Times that were probably meant in seconds, and a range without traffic, are named in a header."""
    client = create_app(Settings(now=NOW)).test_client()

    response = client.get(f"{BASE}/requests/session-stats?interval=day&{query}", headers=TOKEN)

    remark = response.headers.get("X-Mockcbs-Reason", "")
    assert [word for word in ("seconds", "before the kept traffic") if word in remark] == words


def validity_of(app, query):
    """How long the response to that query of session-stats stays valid."""
    builder = EnvironBuilder(
        f"{BASE}/requests/session-stats", query_string=f"interval=day{query}", headers=TOKEN
    )
    this = Context()
    run_wsgi_app(app, builder.get_environ() | {KEY: this})
    return this.validity


def test_a_response_holds_until_its_range_moves(app):
    """The response for a fixed past range stays valid for longer than one for a range that ends now."""
    fixed = validity_of(app, f"&start_time={NOW - 48 * HOUR}&end_time={NOW - 24 * HOUR}")
    moving = validity_of(app, "")

    assert not [text for text in fixed.fresh if "endutc" in text]
    assert f'"endutc":{NOW}' in moving.fresh
    assert NOW < moving.until <= fixed.until


def test_a_question_makes_a_response_stale():
    """A question to a bot changes the figures of the bot."""
    mock = Mock(now=NOW)
    validity = validity_of(mock.app, "")
    assert validity.holds(NOW, mock.state.changes)

    mock.ask(BOT, "?", project=PROJECT)

    assert not validity.holds(NOW, mock.state.changes)
