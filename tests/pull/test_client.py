"""The client's reaction to responses that are not successful."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import responses

from mockcbs.pull.client import MAX_WAIT, Client
from mockcbs.pull.errors import PullError

URL = "https://api.coze.cn"
SECRET = "pat_secret"


@pytest.fixture
def client() -> Client:
    return Client(URL + "/", {"Authorization": f"Bearer {SECRET}"}, attempts=3)


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        yield service


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_some_statuses_are_tried_again(client, service, waits, status):
    """The client retries with growing pauses if the service does not state a time."""
    service.get(f"{URL}/x", status=status)
    service.get(f"{URL}/x", status=status)
    service.get(f"{URL}/x", json={"code": 0})

    assert client.get("/x", {}) == {"code": 0}
    assert (client.calls, waits) == (3, [0.5, 1.0])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 302])
def test_others_end_the_run_at_once(client, service, waits, status):
    """The message has the code and the text of the service, and its log id."""
    body = {"code": 4000, "msg": "no such thing", "detail": {"logid": "20261122"}}
    service.get(f"{URL}/x", status=status, json=body, headers={"Location": "https://elsewhere.example"})

    with pytest.raises(PullError) as failure:
        client.get("/x", {"a": 1})

    expected = f"GET {URL}/x?a=1: status {status}, code 4000 no such thing (20261122)"
    assert (str(failure.value), client.calls, waits) == (expected, 1, [])


def test_errors_of_cbs_are_read_too(client, service):
    """Errors of CBS have other members, which are read, too."""
    body = {"error_code": "CBS.0021", "error_msg": "request parameter error"}
    service.get(f"{URL}/x", status=400, json=body)

    with pytest.raises(PullError, match=r"status 400, code CBS\.0021 request parameter error"):
        client.get("/x", {})


def test_errors_with_status_200(client, service):
    """Coze may put a code into a success: a rate limit is tried again, others are not."""
    service.get(f"{URL}/x", json={"code": 4013, "msg": "limit"})
    service.get(f"{URL}/x", json={"code": 4100, "msg": "authentication is invalid"})

    with pytest.raises(PullError, match="code 4100 authentication is invalid"):
        client.get("/x", {})
    assert client.calls == 2


def test_retry_after_may_be_a_date(client, service, waits):
    """Retry-After has both forms of RFC 9110; a date in the past means no pause."""
    now = datetime.now(UTC)
    for at in (now + timedelta(seconds=90), now - timedelta(seconds=90)):
        service.get(f"{URL}/x", status=503, headers={"Retry-After": format_datetime(at, usegmt=True)})
    service.get(f"{URL}/x", json={})

    client.get("/x", {})

    assert 0 < waits[0] <= 90
    assert waits[1] == 0


def test_a_pause_that_is_too_long_ends_the_run(client, service, waits):
    """A pause that is too long for a nightly job ends the run."""
    service.get(f"{URL}/x", status=429, headers={"Retry-After": "3600"})

    with pytest.raises(PullError, match=f"asks for 3600 s, the limit is {MAX_WAIT:.0f} s"):
        client.get("/x", {})
    assert waits == []


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"a": 1', b'{"a": "\xff"}', b""])
def test_bodies_that_are_no_json_object_are_tried_again(client, service, body):
    """A body that is not a JSON object, such as a gateway's page, is tried again."""
    for _ in range(3):
        service.get(f"{URL}/x", body=body)

    with pytest.raises(PullError, match=r"the body is not a JSON object \(attempt 3 of 3\)"):
        client.get("/x", {})


def test_the_token_goes_to_the_service_only(client, service, tmp_path, monkeypatch):
    """A ~/.netrc does not replace it, and a redirect does not carry it away."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.coze.cn login me password other\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    service.get(f"{URL}/x", json={})
    service.get(f"{URL}/y", status=302, headers={"Location": "https://elsewhere.example/"})

    client.get("/x", {})
    with pytest.raises(PullError, match="status 302") as failure:
        client.get("/y", {})

    assert [call.request.headers["Authorization"] for call in service.calls] == [f"Bearer {SECRET}"] * 2
    assert SECRET not in str(failure.value)
