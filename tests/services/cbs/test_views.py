"""The statistics operations over HTTP: parameters, headers, errors and their order."""

import re
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.services.cbs import errors, schemas
from mockcbs.services.gateway import errors as gateway
from mockcbs.services.iam import errors as iam
from tests.conftest import BOT, NOW, PROJECT

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
TOKEN = {"X-Auth-Token": "any"}
PARAMETER_ERROR = b'{"error_code":"CBS.0021","error_msg":"request parameter error"}'
OPERATIONS = {
    "/requests/session-stats": schemas.SessionStats(),
    "/requests/reply-rates": schemas.ReplyRates(),
    "/qa-pairs/hots": schemas.HotQuestions(),
    "/requests/keywords": schemas.Keywords(),
}

REASONS = {
    "/requests/session-stats?interval=hour": "interval 'hour' is not one of year, month, week, day",
    "/requests/session-stats?interval=DAY": "interval 'DAY' is not one of year, month, week, day",
    "/requests/session-stats": "interval is missing; accepted are year, month, week, day",
    "/requests/session-stats?interval=&time_zone=Mars": (
        "interval is missing; accepted are year, month, week, day; time_zone 'Mars' is neither"
    ),
    "/requests/reply-rates?time_zone=+08:00": (
        "time_zone ' 08:00': an unencoded + arrived as a blank, send %2B08:00"
    ),
    "/requests/reply-rates?time_zone=Mars": "time_zone 'Mars' is neither UTC nor an offset such as +08:00",
    "/requests/session-stats?time_zone=%2B18:30": "time_zone '+18:30' is more than 18:00 from UTC",
    "/requests/session-stats?time_zone=-19:00": "time_zone '-19:00' is more than 18:00 from UTC",
    "/requests/session-stats?start_time=abc": "start_time 'abc' is not a whole number of milliseconds",
    "/requests/session-stats?start_time=-1": "start_time '-1' is not a whole number",
    "/requests/session-stats?end_time=1.5": "end_time '1.5' is not a whole number",
    "/requests/session-stats?end_time=9223372036854775808": "end_time '9223372036854775808' is not",
    "/requests/session-stats?start_time=%D9%A1": r"start_time '\u0661' is not a whole number",
    "/requests/session-stats?start_time=2&end_time=1&interval=day": "start_time 2 lies after end_time (1)",
    f"/requests/keywords?start_time={NOW + 1}": f"start_time {NOW + 1} lies after now, the default ({NOW})",
    "/requests/keywords?top=51": "top '51' is not a whole number from 0 to 50",
    "/requests/keywords?top=x": "top 'x' is not a whole number from 0 to 50",
    "/qa-pairs/hots?top=0": "top '0' is not a whole number from 1 to 20",
    "/qa-pairs/hots?top=21": "top '21' is not a whole number from 1 to 20",
    "/qa-pairs/hots?exclude=TRUE": "exclude 'TRUE' is neither true nor false",
    "/qa-pairs/hots?domain_id=" + ",".join("abcdefghijk"): "domain_id holds 11 ids, at most 10 are accepted",
}


@pytest.mark.parametrize("target", REASONS)
def test_a_bad_parameter_gets_the_documented_bytes_and_the_reason_beside_them(client, target):
    """The body never tells which parameter was wrong; X-Mockcbs-Reason does."""
    response = client.get(BASE + target, headers=TOKEN)

    assert (response.status_code, response.data) == (400, PARAMETER_ERROR)
    assert response.headers["Content-Type"] == "application/json"
    assert REASONS[target] in response.headers["X-Mockcbs-Reason"]


def test_the_reason_can_be_left_out():
    """--no-hints: the vendor's answer and nothing else."""
    client = create_app(Settings(dataset="empty", hints=False)).test_client()

    response = client.get(BASE + "/requests/keywords?top=x", headers=TOKEN)

    assert response.data == PARAMETER_ERROR
    assert "X-Mockcbs-Reason" not in response.headers


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("start_time=&end_time=&interval=&time_zone=", ("day", "UTC", 0, NOW)),
        ("interval=week&interval=hour", ("week", "UTC", 0, NOW)),
        ("time_zone=uTc&foo=bar", ("day", "uTc", 0, NOW)),
        ("time_zone=%2B05%3A45&interval=year", ("year", "+05:45", 0, NOW)),
        (f"start_time={NOW}&end_time={2**63 - 1}", ("day", "UTC", NOW, 2**63 - 1)),
        ("start_time=0000000000000000001", ("day", "UTC", 1, NOW)),
        ("time_zone=-18%3A00", ("day", "-18:00", 0, NOW)),
    ],
)
def test_parameters_are_read_as_the_vendor_does(client, given_, expected):
    """Empty counts as absent, the first of several counts, unknown ones are ignored, the zone is echoed."""
    body = client.get(f"{BASE}/requests/reply-rates?{given_}", headers=TOKEN).json

    assert (body["interval"], body["time_zone"], body["startutc"], body["endutc"]) == expected


def test_the_default_zone_is_spelt_as_each_table_spells_it(client):
    """D-5: utc in session-stats, UTC in reply-rates."""
    spelt = [
        client.get(f"{BASE}/requests/{name}?interval=day", headers=TOKEN).json["time_zone"]
        for name in ("session-stats", "reply-rates")
    ]

    assert spelt == ["utc", "UTC"]


@pytest.mark.parametrize("path", OPERATIONS)
def test_answers_are_compact_json_of_their_schema(client, path):
    """Every answer validates, is one line of raw UTF-8, and carries the gateway's headers."""
    response = client.get(f"{BASE}{path}?interval=day", headers=TOKEN)

    text = response.get_data(as_text=True)
    assert OPERATIONS[path].validate(response.json) == {}
    assert not re.search(r"[:,] |\n|\\u", text)
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"])
    assert response.headers["Server"] == "api-gateway"
    assert not re.search(r'"(avg_\w+|\w+_rate)":\d+(\.\d{0,2})?[,}]', text), "three decimals"
    assert not re.search(r'"((?!avg)\w+_count|freq|startutc|endutc)":\d+\.', text), "whole numbers"


def test_top_limits_the_list(client):
    """Keywords take 0 to 50, hot questions 1 to 20; the default is 10."""
    sizes = [
        len(next(iter(client.get(f"{BASE}{path}", headers=TOKEN).json.values())))
        for path in (
            "/requests/keywords?top=0",
            "/requests/keywords",
            "/requests/keywords?top=50",
            "/qa-pairs/hots",
            "/qa-pairs/hots?top=1",
            "/qa-pairs/hots?top=20",
        )
    ]

    assert sizes == [0, 10, 50, 10, 1, 20]


@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW"])
def test_a_wrong_method_is_no_api(client, path, method):
    """404 APIG.0101, never 405, never an automatic HEAD or OPTIONS, with or without a token."""
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
    """On the vendor's host any path is the gateway's; elsewhere one that is nobody's is mockcbs's own."""
    theirs = client.get("/", headers={"Host": "cbs-ext.cn-north-4.myhuaweicloud.com"})
    ours = client.get("/v2/x")

    assert theirs.json["error_code"] == "APIG.0101"
    assert ours.status_code == 404
    assert ours.headers["Content-Type"] == "application/problem+json"
    assert "Server" not in ours.headers


def test_checks_come_in_the_documented_order(client):
    """Route, credentials, project, bot, parameters (contract 6.3)."""
    bad = "/requests/session-stats?interval=x"
    no_bot = f"/v1/{PROJECT}/qabots/no-uuid{bad}"
    failing_project = f"/v1/{'0308':0>32}/qabots/no-uuid{bad}"

    codes = [
        client.get(no_bot.replace("session-stats", "nothing")).json["error_code"],
        client.get(failing_project).json["error_code"],
        client.get(failing_project, headers=TOKEN).json["error_code"],
        client.get(no_bot, headers=TOKEN).json["error_code"],
        client.get(BASE + bad, headers=TOKEN).json["error_code"],
    ]

    assert codes == ["APIG.0101", "APIG.0301", "APIG.0308", "CBS.2114", "CBS.0021"]


@pytest.mark.parametrize("row", errors.CATALOGUE, ids=lambda row: row.code)
def test_a_bot_id_provokes_each_error_of_cbs(client, row):
    """Bot 00000000-0000-0000-0000-00000000NNNN answers CBS.NNNN."""
    bot = row.provoke.removeprefix("bot ")

    response = client.get(f"/v1/{PROJECT}/qabots/{bot}/requests/keywords", headers=TOKEN)

    assert response.status_code == row.status
    assert response.json == {"error_code": row.code, "error_msg": row.message}


@pytest.mark.parametrize("row", [row for row in gateway.CATALOGUE if row.provoke], ids=lambda row: row.code)
def test_a_project_id_provokes_each_code_of_the_gateway(client, row):
    """Project id of 28 zeros and NNNN answers APIG.NNNN."""
    project = row.provoke.removeprefix("project ")

    response = client.get(f"/v1/{project}/qabots/{BOT}/requests/keywords", headers=TOKEN)

    assert len(project) == 32
    assert (response.status_code, response.json["error_code"]) == (row.status, row.code)


def test_strict_knows_the_bots_of_the_dataset_only():
    """--strict: a bot the dataset does not name does not exist."""
    client = create_app(Settings(dataset="everyday", strict=True, now=NOW)).test_client()
    token = client.post(
        "/v3/auth/tokens",
        json={
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {"name": "mockcbs", "password": "mockcbs", "domain": {"name": "mockcbs"}}
                    },
                }
            }
        },
    ).headers["X-Subject-Token"]
    headers = {"X-Auth-Token": token}

    known = client.get(f"{BASE}/requests/keywords", headers=headers)
    upper = client.get(f"/v1/{PROJECT}/qabots/{BOT.upper()}/requests/keywords", headers=headers)
    unknown = client.get(f"/v1/{PROJECT}/qabots/{BOT[:-1]}3/requests/keywords", headers=headers)

    assert known.status_code == 200
    assert upper.data == known.data
    assert (unknown.status_code, unknown.json["error_code"]) == (400, "CBS.2114")


def test_the_gateway_tells_its_timings_on_request(client):
    """X-Apig-Mode: debug brings the debugging headers; without it there are none."""
    debug = client.get(f"{BASE}/requests/keywords", headers={**TOKEN, "X-Apig-Mode": "debug"})
    plain = client.get(f"{BASE}/requests/keywords", headers=TOKEN)

    assert debug.headers["X-Apig-RateLimit-api"] == "remain:99,limit:100,time:1 second"
    assert debug.headers["X-Apig-Latency"].isdigit()
    assert not [name for name, _ in plain.headers if name.startswith("X-Apig")]


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
@settings(max_examples=500, deadline=None)
def test_any_bytes_get_a_catalogued_answer(app, path, query, project, bot, headers, method):
    """Never HTML, a stack trace or a redirect: the operation's schema, or a row of a catalogue (law 6)."""
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


@given(st.binary(max_size=200), st.sampled_from(["POST", "GET"]))
@settings(max_examples=200, deadline=None)
def test_any_body_gets_an_answer_of_iam(app, body, method):
    """Whatever is posted to IAM, the answer is in IAM's own shape."""
    response = app.test_client().open("/v3/auth/tokens", method=method, data=body, headers=TOKEN)

    assert response.json == (
        {"error": {"code": 400, "message": "The request body is invalid", "title": "Bad Request"}}
        if method == "POST"
        else {
            "error": {
                "code": 404,
                "message": "X-Subject-Token is invalid in the request",
                "title": "Not Found",
            }
        }
    )


@pytest.mark.parametrize(
    ("query", "interval"), [("", "day"), ("interval=&start_time=1", "day"), ("interval=week", "week")]
)
def test_a_lenient_mock_takes_session_stats_without_an_interval(query, interval):
    """--lenient-interval: an interval that is left out is a day; one that is given counts (D-2)."""
    client = create_app(Settings(dataset="empty", lenient_interval=True)).test_client()

    response = client.get(f"{BASE}/requests/session-stats?{query}", headers=TOKEN)

    assert (response.status_code, response.json["interval"]) == (200, interval)
