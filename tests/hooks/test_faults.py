"""Faults at the level of HTTP, as any client of the application sees them."""

import json
import re

import pytest
from werkzeug.test import EnvironBuilder

from mockcbs import Mock, Settings, create_app
from mockcbs.core.waiting import no_waiting
from mockcbs.hooks.faults import concern_uploads, draw_upload
from mockcbs.services.registry import services, vocabulary
from mockcbs.testing.exchange import exchange
from tests.conftest import BOT, NOW, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=year"
KEYWORDS = f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords"
TOKEN = {"X-Auth-Token": "any"}


@pytest.fixture
def client():
    return create_app(Settings(now=NOW)).test_client()


@pytest.fixture
def play(client):
    def play(*rules, **members):
        done = client.put("/_mockcbs/scenario", json={"scenario": {"rules": list(rules), **members}})
        assert done.status_code == 200, done.json

    return play


def statuses(client, count, path=PATH, **headers):
    return [client.get(path, headers={**TOKEN, **headers}).status_code for _ in range(count)]


def test_flaky_once(client):
    """The first call of each operation fails, all others succeed."""
    client.put("/_mockcbs/scenario", json={"scenario": "flaky-once"})

    assert statuses(client, 3) == [500, 200, 200]
    assert statuses(client, 2, KEYWORDS) == [500, 200]


def test_outage(client):
    """Five calls find the service down, then it is back."""
    client.put("/_mockcbs/scenario", json={"scenario": "outage"})

    assert statuses(client, 7) == [502] * 5 + [200] * 2


def test_throttled(client):
    """Three calls a second pass, the fourth has the gateway's words; a second later calls pass again."""
    client.put("/_mockcbs/scenario", json={"scenario": "throttled"})

    first = statuses(client, 3)
    fourth = client.get(PATH, headers=TOKEN)
    client.put("/_mockcbs/clock", json={"advance_ms": 1000})

    assert first == [200] * 3
    assert (fourth.status_code, fourth.json["error_code"]) == (429, "APIG.0308")
    assert fourth.json["error_msg"] == (
        "The throttling threshold has been reached: policy user over ratelimit,limit:3,time:1 second"
    )
    assert statuses(client, 1) == [200]


def test_token_expired(client):
    """A token is valid for three calls; a new token works again, and logging in always works."""
    client.put("/_mockcbs/scenario", json={"scenario": "token-expired"})

    old = statuses(client, 4)
    expired = client.get(PATH, headers=TOKEN).json
    new = statuses(client, 3, **{"X-Auth-Token": "another"})

    assert old == [200, 200, 200, 401]
    assert expired["error_code"] == "APIG.0301"
    assert "token expires, expires_at: 2026-11-22T" in expired["error_msg"]
    assert new == [200] * 3


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_every_service_fails_in_its_own_envelope(service):
    """Each service has all failures that scenarios name, each as a row of its catalogue."""
    assert set(service.failures) == {"server-error", "unavailable", "throttled", "token-expired"}
    assert {row.spec.code for row in service.failures.values()} <= {
        row.code for rows in service.catalogues.values() for row in rows
    }


def test_server_error_of_iam(client):
    """IAM fails in IAM's shape, CBS in that of CBS."""
    preferred = {**TOKEN, "Prefer": "scenario=server-error"}

    iam, cbs = (client.get(path, headers=preferred).json for path in ("/v3/projects", PATH))

    assert iam["error"]["code"] == 500
    assert cbs["error_code"] == "CBS.0031"


@pytest.fixture(scope="module")
def one_client():
    """A client of one application for all tests that state their scenario."""
    return create_app(Settings(now=NOW)).test_client()


@pytest.mark.parametrize("code", sorted(vocabulary().codes))
def test_any_code_can_be_provoked(one_client, code):
    """Every row of every catalogue can be answered, by a service that has it."""
    one_client.put("/_mockcbs/scenario", json={"scenario": {"rules": [{"answer": {"error": code}}]}})

    met = [one_client.get(path, headers=TOKEN) for path in (PATH, "/v3/projects", "/v1/users/me")]

    assert any("X-Mockcbs-Reason" in answer.headers for answer in met)


def test_a_status_picks_among_rows(client, play):
    """APIG.0201 has many statuses; the one that is named is answered."""
    play({"answer": {"error": "APIG.0201", "status": 504}})

    answer = client.get(PATH, headers=TOKEN)

    assert (answer.status_code, answer.json["error_msg"]) == (504, "Backend timeout.")


def test_any_status_body_and_headers(client, play):
    """An answer may be made up altogether."""
    play({"answer": {"status": 503, "body": "busy", "headers": {"Retry-After": "7"}}})

    answer = client.get(PATH, headers=TOKEN)

    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "busy", "7")
    assert answer.headers["X-Request-Id"]


def test_damage_leaves_errors_alone(client, play):
    """Damage is done to right answers only."""
    play({"damage": [{"kind": "empty-body"}]})

    right, wrong = (client.get(path, headers=TOKEN) for path in (PATH, PATH.replace("year", "hour")))

    assert (right.status_code, right.data) == (200, b"")
    assert wrong.json["error_code"] == "CBS.0021"


def test_damage_is_told_beside_the_answer(client, play):
    """The header and the journal name the damage."""
    play({"damage": [{"kind": "null-member", "member": "total.user_count"}]}, name="mine")

    answer = client.get(PATH, headers=TOKEN)

    told = "mine: null-member: member total.user_count"
    assert answer.json["total"]["user_count"] is None
    assert answer.headers["X-Mockcbs-Reason"] == f"scenario {told}"
    assert client.get("/_mockcbs/journal").json["entries"][0]["fault"] == told


def test_stale_is_the_answer_of_an_hour_ago(client, play):
    """A stale answer is the one that was right then, its end included."""
    client.put("/_mockcbs/clock", json={"advance_ms": -3_600_000})
    then = client.get(PATH, headers=TOKEN).data
    client.put("/_mockcbs/clock", json={"advance_ms": 3_600_000})
    now = client.get(PATH, headers=TOKEN).data

    play({"stale_ms": 3_600_000})

    assert client.get(PATH, headers=TOKEN).data == then != now


def test_swapped_answers(client, play):
    """A call receives the answer to the call before it."""
    play({"damage": [{"kind": "swapped"}]})

    own, keywords, stats = (client.get(path, headers=TOKEN).json for path in (PATH, KEYWORDS, PATH))

    assert "total" in own
    assert "total" in keywords
    assert "keywords" in stats


def test_prefer(client):
    """One request chooses its own scenario; other calls and counts are not affected."""
    asked = statuses(client, 6, Prefer='respond-async, scenario="outage"; wait=5')

    assert asked == [502] * 5 + [200]
    assert statuses(client, 1) == [200]


def test_prefer_of_an_unknown_name(client):
    """The call is answered, and the reason lists the available names."""
    answer = client.get(PATH, headers={**TOKEN, "Prefer": "scenario=../x"})

    assert answer.status_code == 200
    assert "no scenario '../x': name one of" in answer.headers["X-Mockcbs-Reason"]


def test_scenario_from_the_settings(tmp_path):
    """A mock may begin with a scenario, by name or from a file."""
    file = tmp_path / "mine.yaml"
    file.write_text(json.dumps({"rules": [{"answer": {"error": "CBS.0032"}}]}))

    for scenario, code in (("server-error", "CBS.0031"), (str(file), "CBS.0032")):
        client = create_app(Settings(scenario=scenario)).test_client()
        assert client.get(PATH, headers=TOKEN).json["error_code"] == code


def test_matching_on_everything(client, play):
    """A rule with every condition meets the call that fulfils them all, and no other."""
    when = {
        "service": "cbs",
        "operation": "cbs.session_stats",
        "method": "GET",
        "path": "/v1/*/requests/*",
        "project": PROJECT,
        "bot": BOT,
        "query": {"interval": "y*"},
        "header": {"X-Test": "on?"},
        "since": NOW,
        "until": NOW + 1,
    }
    play({"when": when, "answer": {"status": 418}})

    assert statuses(client, 1, **{"X-Test": "one"}) == [418]
    assert statuses(client, 1) == [200]
    assert statuses(client, 1, KEYWORDS, **{"X-Test": "one"}) == [200]


def test_without_mockcbs_own_server_breaks_are_left_out(client, play):
    """Another server cannot break a connection: the response is correct, and a header states this."""
    play({"wire": "reset"})

    answer = client.get(PATH, headers=TOKEN)

    assert answer.status_code == 200
    assert "reset is left out: it needs mockcbs's own server" in answer.headers["X-Mockcbs-Reason"]


def test_control_is_never_broken(client):
    """The control API answers under every scenario."""
    client.put("/_mockcbs/scenario", json={"scenario": "server-error"})

    assert client.get("/_mockcbs/health").status_code == 200
    assert client.delete("/_mockcbs/scenario").json == {"scenario": None}
    assert statuses(client, 1) == [200]


def test_a_scenario_may_be_called_anything(client, play):
    """A name that is not valid in a header is shown with escapes."""
    play({"stale_ms": 1}, name="坏\r\nX: y")

    reason = client.get(PATH, headers=TOKEN).headers["X-Mockcbs-Reason"]

    assert reason.startswith(r"scenario \u574f  X: y: stale")


def test_no_hints():
    """With --no-hints a response has no header of mockcbs."""
    client = create_app(Settings(hints=False)).test_client()

    for name in ("stale", "unknown", "missing-member", "html-gateway"):
        answer = client.get(PATH, headers={**TOKEN, "Prefer": f"scenario={name}"})
        assert "X-Mockcbs-Reason" not in answer.headers


@pytest.mark.parametrize(
    ("path", "token", "used", "other"),
    [
        (f"{KEYWORDS}?top=3&top=7", TOKEN, "3", "7"),
        (f"{KEYWORDS}?top=&top=3&top=7", TOKEN, "3", "7"),
        ("/v1/bots?page_size=7&page_size=3&workspace_id=7361424235321600001", None, "3", "7"),
    ],
)
def test_repeated_parameter(client, play, path, token, used, other):
    """Scenario, verify and journal go by the value that the service used; the journal shows them all."""
    name = "top" if "top" in path else "page_size"
    headers = token or {"Authorization": "Bearer pat_mockcbs"}
    verify = "/_mockcbs/journal/verify"

    answer = client.get(path, headers=headers)
    verified = [
        client.post(verify, json={"pattern": {"query": {name: value}}}).status_code for value in (used, other)
    ]
    [entry] = client.get("/_mockcbs/journal").json["entries"]
    statuses = []
    for value in (used, other):
        play({"when": {"query": {name: value}}, "answer": {"status": 418}})
        statuses.append([client.get(path, headers=headers).status_code for _ in range(3)])

    assert answer.status_code == 200
    assert verified == [200, 422]
    assert entry["request"]["query"][name] == re.findall(rf"{name}=(\d*)", path)
    assert statuses == [[418] * 3, [200] * 3]


@pytest.mark.parametrize(
    "rule",
    [
        {"answer": {"error": "throttled", "headers": {"retry-after": 7}}},
        {"throttle": {"calls": 0, "seconds": 1, "headers": {"retry-after": 7}}},
    ],
    ids=["answer", "throttle"],
)
@pytest.mark.parametrize(
    "path", [f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords", "/v1/bots/7342866812345678901/analytics"]
)
def test_a_scenario_says_when_to_try_again(path, rule):
    """A Retry-After of the scenario replaces the service's own in the 429 of every service."""
    mock = Mock(scenario={"rules": [rule]})

    response = mock.app.test_client().get(path, headers={"X-Auth-Token": "a", "Authorization": "Bearer a"})

    assert response.status_code == 429
    assert response.headers.getlist("Retry-After") == ["7"]


def test_in_process_a_slow_upload_delays_the_response():
    """A slow upload delays the response by the time of its bytes; a request without a body is not delayed."""
    slow = Mock(scenario={"rules": [{"upload_bytes_per_second": 1000}]})
    url = "http://bucket.oss-cn-hangzhou.aliyuncs.com/key"
    signed = "OSSAccessKeyId=Any&Expires=4102444800&Signature=any"

    sent = exchange(slow.cache, "PUT", f"{url}?{signed}", [], b"a" * 500)
    read = exchange(slow.cache, "GET", f"{url}?{signed}", [], b"")

    assert (sent.status, sent.seconds) == (200, 0.5)
    assert "read at 1,000 bytes a second" in dict(sent.headers)["X-Mockcbs-Reason"]
    assert (read.body, read.seconds) == (b"a" * 500, 0.0)
    assert "X-Mockcbs-Reason" not in dict(read.headers)


def test_in_process_an_upload_is_reset():
    """Nothing is done with it; in another server than ours it arrives, with a note."""
    mock = Mock(scenario={"rules": [{"wire": "reset-upload"}]})
    url = "http://bucket.oss-cn-hangzhou.aliyuncs.com/key?OSSAccessKeyId=Any&Expires=4102444800&Signature=any"

    reset = exchange(mock.cache, "PUT", url, [], b"content")
    missing = exchange(mock.cache, "GET", url, [], b"")
    elsewhere = mock.app.test_client().put(url, data=b"content")

    assert (reset.delivery.wire, missing.delivery.wire, missing.status) == ("reset-upload", None, 404)
    assert elsewhere.status_code == 200
    assert "reset-upload is left out" in elsewhere.headers["X-Mockcbs-Reason"]


def test_what_uploads_ask_in_a_thread_is_known_afterwards(postgres_backend):
    """The next upload need not ask the database, until a scenario begins."""
    backend = postgres_backend()
    app = create_app(Settings(now=NOW), backend)
    head = EnvironBuilder(PATH.replace("requests", "chat"), method="POST", headers=TOKEN).get_environ

    assert draw_upload(app, head()) is None

    with no_waiting:
        assert not concern_uploads(app)
    slow = {"rules": [{"upload_bytes_per_second": 1}]}
    done = app.test_client().put("/_mockcbs/scenario", json={"scenario": slow})
    assert done.status_code == 200, done.json
    assert draw_upload(app, head())
    with no_waiting:
        assert concern_uploads(app)
    backend.close()
