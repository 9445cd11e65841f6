"""Who may call, and the text of every refusal (contract 6.3)."""

import hashlib
from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import Headers

from mockcbs.services.gateway.signature import SignedRequest, canonical_request, sign
from tests.conftest import BOT, NOW, PROJECT
from tests.services.gateway.clients import PATH, client_of
from tests.services.iam.logins import IN_PROJECT, login

PREFIX = "Incorrect IAM authentication information: "
LOGIN = login(scope=IN_PROJECT)
NOTHING = hashlib.sha256(b"").hexdigest()


def signed(secret="mockcbs-secret-key", access="MOCKCBSAK", at=NOW, path=PATH, query="", body=b""):
    date = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = Headers({"Host": "localhost", "X-Sdk-Date": date})
    canonical = canonical_request(SignedRequest("GET", path, query, headers, body), "host;x-sdk-date")
    signature = sign(canonical, date, secret)
    authorization = f"SDK-HMAC-SHA256 Access={access}, SignedHeaders=host;x-sdk-date, Signature={signature}"
    return {**headers, "Authorization": authorization}


def refusal(response) -> str:
    assert response.status_code == 401
    body = response.get_json()
    assert list(body) == ["error_msg", "error_code", "request_id"]
    assert body["error_code"] == "APIG.0301"
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body["error_msg"].removeprefix(PREFIX)


@pytest.mark.parametrize("headers", [{}, {"X-Auth-Token": "  "}, {"Authorization": ""}])
def test_no_credentials(headers):
    """A request without token and signature is refused."""
    assert refusal(client_of().get(PATH, headers=headers)) == "x-auth-token not found"


def test_any_token_passes_unless_strict():
    """Open, a client's own token works; strict, only ours do."""
    headers = {"X-Auth-Token": "MIIanything"}

    assert client_of().get(PATH, headers=headers).status_code == 200
    assert refusal(client_of(strict=True).get(PATH, headers=headers)) == "decrypt token fail"


def test_an_issued_token_lasts_24_hours_everywhere_the_secret_is_known():
    """A token passes on another process with the same secret until the millisecond it expires."""
    day = 24 * 3_600_000
    token = client_of(strict=True).post("/v3/auth/tokens", json=LOGIN).headers["X-Subject-Token"]
    headers = {"X-Auth-Token": token}

    just_valid = client_of(now=NOW + day - 1, strict=True).get(PATH.replace(BOT, BOT), headers=headers)
    expired = client_of(now=NOW + day).get(PATH, headers=headers)
    foreign = client_of(secret="another", strict=True).get(PATH, headers=headers)

    assert just_valid.status_code == 200
    assert refusal(expired) == "token expires, expires_at: 2026-11-23T00:00:00.000000Z"
    assert refusal(foreign) == "decrypt token fail"


def test_a_token_that_is_always_expired():
    """`expired-token` answers as a token that has run out."""
    response = client_of().get(PATH, headers={"X-Auth-Token": "expired-token"})

    assert refusal(response).startswith("token expires, expires_at: 2026-11-2")


def test_a_token_of_another_project_is_refused_when_strict():
    """Strict, a project token opens its own project only; CBS answers, not the gateway."""
    token = client_of(strict=True).post("/v3/auth/tokens", json=LOGIN).headers["X-Subject-Token"]
    elsewhere = PATH.replace(PROJECT, "0" * 31 + "a")

    response = client_of(strict=True).get(elsewhere, headers={"X-Auth-Token": token})

    assert response.status_code == 401
    assert response.get_json() == {"error_code": "CBS.0011", "error_msg": "auth failed"}
    assert client_of().get(elsewhere, headers={"X-Auth-Token": token}).status_code == 200


def test_a_correct_signature_passes():
    """The configured key signs path, query and body."""
    query = "top=3&start_time=1"

    response = client_of(strict=True).get(f"{PATH}?{query}", headers=signed(query=query))

    assert response.status_code == 200


def test_a_token_is_used_before_a_signature():
    """If a request has both a token and a signature, the token is checked."""
    headers = {**signed(secret="wrong"), "X-Auth-Token": "any"}

    assert client_of().get(PATH, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        signed(secret="wrong"),
        signed(path=PATH + "x"),
        signed(query="a=b"),
        signed(body=b"x"),
        {**signed(body=b"x"), "X-Sdk-Content-Sha256": hashlib.sha256(b"x").hexdigest()},
    ],
    ids=["secret", "path", "query", "body", "hash of another body"],
)
def test_a_wrong_signature_is_told_the_canonical_request(headers):
    """Open as strict: the tail is what should have been signed, its line ends shown as bars."""
    detail = refusal(client_of().get(f"{PATH}?b=2&a=%E6", headers=headers))

    assert detail == (
        "verify aksk signature fail, canonicalRequest:"
        f"GET|{PATH}/|a=%E6&b=2|host:localhost|x-sdk-date:20261122T000000Z||host;x-sdk-date|{NOTHING}"
    )


@pytest.mark.parametrize("off", [-901_000, 901_000], ids=["too old", "too new"])
def test_an_expired_signature_is_told_both_times(off):
    """A signature is valid for a quarter of an hour before and after its date."""
    headers = signed(at=NOW + off)

    detail = refusal(client_of().get(PATH, headers=headers))

    assert detail == (
        f"calc aksk signature fail:signature expired, signature time:{headers['X-Sdk-Date']},"
        "server time:20261122T000000Z"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {**signed(), "X-Sdk-Date": "now"},
        {**signed(), "Authorization": "SDK-HMAC-SM3 Access=MOCKCBSAK"},
        {"Authorization": "Basic bW9jaw=="},
        {**signed(), "Authorization": signed()["Authorization"].replace("host;", "host;host;")},
    ],
    ids=["no date", "algorithm", "no signature", "a header signed twice"],
)
def test_a_known_key_must_sign_in_the_documented_form(headers):
    """A malformed header is not a signature."""
    assert refusal(client_of().get(PATH, headers=headers)) == "verify aksk signature fail"


@pytest.mark.parametrize(
    ("scope", "host", "path", "status"),
    [
        ({"project": {"name": "cn-east-3"}}, "cbs-ext.cn-north-4.myhuaweicloud.com", PROJECT, 401),
        ({"project": {"name": "cn-east-3_dev"}}, "CBS-EXT.cn-north-4.myhuaweicloud.com:443", PROJECT, 401),
        ({"project": {"name": "cn-north-4"}}, "cbs-ext.cn-north-4.myhuaweicloud.com", PROJECT, 200),
        ({"project": {"name": "my-own"}}, "cbs-ext.cn-north-4.myhuaweicloud.com", PROJECT, 200),
        ({"domain": {"name": "mockcbs"}}, "cbs-ext.cn-north-4.myhuaweicloud.com", PROJECT, 200),
        ({"project": {"name": "cn-east-3"}}, "localhost:8021", PROJECT, 200),
    ],
)
def test_a_token_of_another_region_must_be_updated(scope, host, path, status):
    """A token of another region than the host's gets APIG.0307; a host of a user names no region."""
    client = client_of()
    token = client.post("/v3/auth/tokens", json=login(scope=scope)).headers["X-Subject-Token"]

    response = client.get(PATH.replace(PROJECT, path), headers={"X-Auth-Token": token, "Host": host})

    assert response.status_code == status
    if status == 401:
        body = response.get_json()
        assert (body["error_code"], body["error_msg"]) == ("APIG.0307", "The token must be updated.")
        assert "region cn-east-3, the request for cn-north-4" in response.headers["X-Mockcbs-Reason"]


def test_a_token_of_a_regional_endpoint_is_good_there_only():
    """A token for the whole account is good everywhere if the global IAM issued it."""
    body = login(scope={"domain": {"name": "mockcbs"}})
    client, statuses = client_of(), []

    for issuer in ("iam.myhuaweicloud.com", "iam.cn-north-4.myhuaweicloud.com"):
        issued = client.post("/v3/auth/tokens", json=body, headers={"Host": issuer})
        for region in ("cn-north-1", "cn-north-4"):
            headers = {
                "X-Auth-Token": issued.headers["X-Subject-Token"],
                "Host": f"cbs-ext.{region}.myhuaweicloud.com",
            }
            statuses.append(client.get(PATH, headers=headers).status_code)

    assert statuses == [200, 200, 401, 200]


def test_a_strict_mock_takes_the_region_from_the_project_too():
    """If the host names no region, the project of the path does; an open mock accepts any project."""
    body = login(scope={"project": {"name": "cn-east-3"}})
    headers = {"X-Auth-Token": client_of().post("/v3/auth/tokens", json=body).headers["X-Subject-Token"]}

    codes = [client_of(strict=strict).get(PATH, headers=headers).get_json() for strict in (True, False)]

    assert [code.get("error_code") for code in codes] == ["APIG.0307", None]


def test_a_signature_made_by_the_machines_clock_passes_though_ours_is_frozen():
    """A signature with the machine's time, as SDKs make it, passes at any time of the mock."""
    headers = signed(at=int(datetime.now(UTC).timestamp() * 1000))

    assert client_of(now=1_613_720_965_417).get(PATH, headers=headers).status_code == 200


def test_an_unknown_key_is_trusted_unless_strict():
    """Open, a client's own key works; strict, it does not exist."""
    headers = signed(access="OTHER", secret="whatever")

    assert client_of().get(PATH, headers=headers).status_code == 200
    detail = refusal(client_of(strict=True).get(PATH, headers=headers))
    assert detail == "Get secretKey failed,ak:OTHER,err:ak not exist"


def test_a_key_is_locked_after_more_than_five_failures():
    """The seventh call of a key that failed six times is refused even if it is signed well."""
    client = client_of()

    for _ in range(6):
        client.get(PATH, headers=signed(secret="wrong"))

    detail = refusal(client.get(PATH, headers=signed()))
    assert detail == "AK access failed to reach the limit,forbidden."
