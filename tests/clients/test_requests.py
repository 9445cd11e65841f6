"""Plain ``requests``, as the vendor's pages write it: a token from IAM, then GET with a JSON body."""

from datetime import datetime, timedelta

import pytest
import requests
import urllib3

from tests.services.iam.logins import IN_PROJECT, login

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"
STATS = PATH.replace("reply-rates", "session-stats")
DOCUMENTED_BODY = {"start_time": "0", "interval": "day"}
"""The vendor's samples send parameters a second time, as a JSON body of GET; the service ignores it."""


def _headers(token: str) -> dict[str, str]:
    return {"X-Auth-Token": token, "Content-Type": "application/json"}


def _token(url: str, project: str = "cn-north-4") -> str:
    response = requests.post(
        f"{url}/v3/auth/tokens", json=login(scope={"project": {"name": project}}), timeout=10
    )
    assert response.status_code == 201, response.text
    return response.headers["X-Subject-Token"]


def test_documented_sample(server):
    """The vendor's sample works as written: token, then GET with both headers and a JSON body."""
    issued = requests.post(f"{server.url}/v3/auth/tokens", json=login(scope=IN_PROJECT), timeout=10)
    headers = _headers(issued.headers["X-Subject-Token"])
    params = {"interval": "day", "time_zone": "+08:00"}

    response = requests.get(
        server.url + STATS, headers=headers, params=params, json=DOCUMENTED_BODY, timeout=10
    )

    assert (issued.status_code, issued.json()["token"]["project"]["id"]) == (201, PROJECT)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["Server"] == "api-gateway"
    assert len(response.headers["X-Request-Id"]) == 32
    assert list(response.json()) == ["interval", "total", "intervals", "startutc", "endutc", "time_zone"]
    assert response.json()["time_zone"] == "+08:00"


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_documented_sample_without_checking_the_certificate(tls_server):
    """Over TLS the vendor's sample works with ``verify=False``."""
    issued = requests.post(
        f"{tls_server.url}/v3/auth/tokens", json=login(scope=IN_PROJECT), timeout=10, verify=False
    )
    headers = _headers(issued.headers["X-Subject-Token"])

    response = requests.get(
        tls_server.url + PATH, headers=headers, json=DOCUMENTED_BODY, timeout=10, verify=False
    )

    assert (issued.status_code, response.status_code) == (201, 200)
    assert response.json()["interval"] == "day"


def test_certificate_is_vouched_for(tls_server):
    """Over TLS a client trusts the server only with the printed CA file."""
    headers = _headers("any-token")

    response = requests.get(tls_server.url + PATH, headers=headers, timeout=10, verify=tls_server.ca_file)

    assert response.status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(tls_server.url + PATH, headers=headers, timeout=10)


def test_certificate_names_localhost(tls_server):
    """Over TLS the server may be called localhost."""
    url = tls_server.url.replace("127.0.0.1", "localhost")

    response = requests.get(url + PATH, headers=_headers("any-token"), timeout=10, verify=tls_server.ca_file)

    assert response.status_code == 200


def test_connection_is_kept(server):
    """A session makes all its calls, good and bad, over one connection."""
    pool = urllib3.HTTPConnectionPool("127.0.0.1", server.port, maxsize=1)
    good, bad = {"X-Auth-Token": "any-token"}, {}

    with pool:
        statuses = [pool.request("GET", PATH, headers=headers).status for headers in (good, bad) * 10]
        unknown = pool.request("GET", "/v1/p/qabots/q/nothing", headers=good).status

    assert statuses == [200, 401] * 10
    assert unknown == 404
    assert pool.num_connections == 1


def test_decimals_keep_their_zeros(server):
    """Averages have exactly three decimals, and counts have none."""
    params = {"interval": "day", "start_time": "0", "end_time": "1"}

    response = requests.get(server.url + STATS, headers=_headers("any-token"), params=params, timeout=10)

    zeros = (
        '{"session_count":0,"user_count":0,"avg_request_count":0.000,"avg_session_time":0.000},"intervals":[]'
    )
    expected = f'{{"interval":"day","total":{zeros},"startutc":0,"endutc":1,"time_zone":"utc"}}'
    assert response.text == expected


def test_without_token(server):
    """A call without credentials gets 401 APIG.0301, and its request id is also in the header."""
    response = requests.get(server.url + PATH, headers={"Content-Type": "application/json"}, timeout=10)

    request_id = response.headers["X-Request-Id"]
    assert response.status_code == 401
    assert response.json() == {
        "error_msg": "Incorrect IAM authentication information: x-auth-token not found",
        "error_code": "APIG.0301",
        "request_id": request_id,
    }


def test_foreign_token_when_strict(strict_server):
    """Strict: a token that IAM here did not issue cannot be decrypted; one it issued is good."""
    foreign = requests.get(strict_server.url + PATH, headers=_headers("any-token"), timeout=10)

    own = requests.get(strict_server.url + PATH, headers=_headers(_token(strict_server.url)), timeout=10)

    assert foreign.status_code == 401
    assert foreign.json()["error_msg"] == "Incorrect IAM authentication information: decrypt token fail"
    assert own.status_code == 200


def test_token_of_another_project_when_strict(strict_server):
    """Strict: the gateway refuses a token of another region, CBS one of another project."""
    headers = _headers(_token(strict_server.url, project="cn-north-1"))
    unknown = PATH.replace(PROJECT, "0" * 31 + "a")

    region, project = (
        requests.get(strict_server.url + path, headers=headers, timeout=10) for path in (PATH, unknown)
    )

    assert (region.status_code, project.status_code) == (401, 401)
    assert region.json()["error_code"] == "APIG.0307"
    assert project.json() == {"error_code": "CBS.0011", "error_msg": "auth failed"}


def test_wrong_password(server):
    """IAM refuses a wrong password in its own envelope."""
    response = requests.post(
        f"{server.url}/v3/auth/tokens", json=login(password="guess", scope=IN_PROJECT), timeout=10
    )

    assert response.status_code == 401
    assert "X-Subject-Token" not in response.headers
    expected = {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}
    assert response.json() == {"error": expected}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"auth":{}}', b"\xff\xfe", b"null"])
def test_broken_login(server, body):
    """IAM refuses a body that is not a login, in IAM's envelope."""
    headers = {"Content-Type": "application/json"}

    response = requests.post(f"{server.url}/v3/auth/tokens", data=body, headers=headers, timeout=10)

    assert response.status_code == 400
    expected = {"code": 400, "message": "The request body is invalid", "title": "Bad Request"}
    assert response.json() == {"error": expected}


def test_bad_parameter_explains_itself(server):
    """A bad parameter gets the documented body, and X-Mockcbs-Reason names it."""
    url = f"{server.url}{PATH}?time_zone=+08:00"

    response = requests.get(url, headers=_headers("any-token"), timeout=10)

    assert response.status_code == 400
    assert response.json() == {"error_code": "CBS.0021", "error_msg": "request parameter error"}
    assert "%2B08:00" in response.headers["X-Mockcbs-Reason"]


def test_throttled_project(server):
    """Project …0308 is always throttled: 429 APIG.0308 with a body, which plain clients do see."""
    url = server.url + PATH.replace(PROJECT, "00000000000000000000000000000308")

    response = requests.get(url, headers=_headers("any-token"), timeout=10)

    assert response.status_code == 429
    assert response.json()["error_code"] == "APIG.0308"
    assert response.json()["request_id"] == response.headers["X-Request-Id"]


def test_unknown_path_and_method(server):
    """An unknown path and a wrong method both get 404 APIG.0101, each in its own words."""
    headers = _headers("any-token")

    path = requests.get(f"{server.url}{PATH}/", headers=headers, timeout=10, allow_redirects=False)
    method = requests.put(server.url + PATH, headers=headers, json={}, timeout=10)

    assert (path.status_code, method.status_code) == (404, 404)
    assert path.json()["error_code"] == method.json()["error_code"] == "APIG.0101"
    assert path.json()["error_msg"].endswith("or has not been published in the environment.")
    assert method.json()["error_msg"] == "The API does not exist."


@pytest.mark.slow
def test_token_is_good_in_another_process_for_a_day(serving):
    """A token is valid in every process with the same secret, until 24 hours after it was issued."""
    issued = datetime.fromisoformat("2026-03-05T12:00:00+08:00")
    last = issued + timedelta(hours=24, milliseconds=-1)
    with serving("--strict", "--now", issued.isoformat()) as served:
        token = _token(served.url)

    with serving("--strict", "--now", last.isoformat()) as served:
        in_time = requests.get(served.url + PATH, headers=_headers(token), timeout=10)
    with serving("--strict", "--now", (issued + timedelta(hours=24)).isoformat()) as served:
        too_late = requests.get(served.url + PATH, headers=_headers(token), timeout=10)

    assert in_time.status_code == 200
    assert too_late.status_code == 401
    detail = "token expires, expires_at: 2026-03-06T04:00:00.000000Z"
    assert too_late.json()["error_code"] == "APIG.0301"
    assert too_late.json()["error_msg"] == f"Incorrect IAM authentication information: {detail}"


def test_token_of_another_secret_when_strict(serving, strict_server):
    """Strict: a token signed with another secret cannot be decrypted."""
    with serving("--strict", "--secret", "another") as other:
        token = _token(other.url)

    response = requests.get(strict_server.url + PATH, headers=_headers(token), timeout=10)

    assert response.status_code == 401
    assert response.json()["error_msg"].endswith("decrypt token fail")
