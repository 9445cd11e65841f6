"""Errors, keys and TLS as the Huawei SDK shows them."""

import pytest
from huaweicloudsdkcbs.v1 import (
    CbsAsyncClient,
    CbsClient,
    CollectHotQuestionsRequest,
    CollectKeyWordsRequest,
    CollectReplyRatesRequest,
    CollectSessionStatsRequest,
)
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    SdkException,
    ServerResponseException,
    SslHandShakeException,
)
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region

from tests.clients.huawei_sdk.account import AK, BOT, PROJECT, SK


def test_strict_server_knows_its_projects_only(strict_server):
    """On a strict server the SDK finds no project for a region that the account does not have."""
    credentials = BasicCredentials(AK, SK).with_iam_endpoint(strict_server.url)
    region = Region("xx-strict-1", strict_server.url)

    with pytest.raises(SdkException) as caught:
        CbsClient.new_builder().with_credentials(credentials).with_region(region).build()

    assert "Failed to get project id of region 'xx-strict-1'" in caught.value.error_msg


def test_wrong_key_while_looking_for_the_project(server, client, fortnight):
    """IAM refuses a wrong signature, and the SDK quotes its message."""
    credentials = BasicCredentials(AK, "wrong").with_iam_endpoint(server.url)
    region = Region("xx-wrong-1", server.url)

    with pytest.raises(SdkException) as caught:
        CbsClient.new_builder().with_credentials(credentials).with_region(region).build()

    assert "error_code:APIG.0301" in caught.value.error_msg
    assert "verify aksk signature fail" in caught.value.error_msg
    client.collect_key_words(CollectKeyWordsRequest(BOT, **fortnight))  # else six failures lock the key


def test_bad_interval_is_a_client_error(client):
    """A bad parameter (400) raises ClientRequestException with the documented body and a request id."""
    with pytest.raises(ClientRequestException) as caught:
        client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="hour"))

    assert _fields(caught.value) == (400, "CBS.0021", "request parameter error")
    assert _is_request_id(caught.value.request_id)


def test_failing_bot_is_a_client_error(client):
    """Bot id …2114 (400) raises ClientRequestException with code CBS.2114."""
    bot = "00000000-0000-0000-0000-000000002114"

    with pytest.raises(ClientRequestException) as caught:
        client.collect_reply_rates(CollectReplyRatesRequest(bot))

    assert _fields(caught.value) == (400, "CBS.2114", "qabot not exist")
    assert _is_request_id(caught.value.request_id)


def test_wrong_secret_key_is_a_client_error(connect, client, fortnight):
    """A wrong SK (401) raises ClientRequestException with the gateway's message."""
    intruder = connect(sk="wrong")

    with pytest.raises(ClientRequestException) as caught:
        intruder.collect_key_words(CollectKeyWordsRequest(BOT))

    message = (
        "Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:GET|/v1/"
    )
    status, code, told = _fields(caught.value)
    assert (status, code, told[: len(message)]) == (401, "APIG.0301", message)
    assert _is_request_id(caught.value.request_id)
    client.collect_key_words(CollectKeyWordsRequest(BOT, **fortnight))  # else six failures lock the key


def test_unknown_key_is_a_client_error_when_strict(connect, strict_server):
    """A strict server refuses an AK that is not configured (401); an open one accepts it."""
    stranger = connect(url=strict_server.url, ak="SOMEBODYELSE", sk="whatever")

    with pytest.raises(ClientRequestException) as caught:
        stranger.collect_key_words(CollectKeyWordsRequest(BOT))

    detail = "Get secretKey failed,ak:SOMEBODYELSE,err:ak not exist"
    assert _fields(caught.value) == (401, "APIG.0301", f"Incorrect IAM authentication information: {detail}")


def test_six_failures_lock_a_key(serving, connect):
    """After more than five wrong signatures in a row, even the right one is refused (401)."""
    with serving() as served:
        intruder, owner = connect(url=served.url, sk="wrong"), connect(url=served.url)
        request = CollectKeyWordsRequest(BOT, top=0)
        for _ in range(6):
            with pytest.raises(ClientRequestException, match="verify aksk signature fail"):
                intruder.collect_key_words(request)

        with pytest.raises(ClientRequestException) as caught:
            owner.collect_key_words(request)

    assert caught.value.status_code == 401
    assert caught.value.error_msg.endswith("AK access failed to reach the limit,forbidden.")


def test_throttling_as_the_sdk_shows_it(connect):
    """For 429 the SDK's transport discards the body and raises its own error."""
    throttled = connect(project="00000000000000000000000000000308")

    with pytest.raises(ClientRequestException) as caught:
        throttled.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day"))

    assert (caught.value.status_code, caught.value.error_code) == (429, "429")
    assert "too many 429 error responses" in caught.value.error_msg


def test_internal_error_is_a_server_error(client):
    """Bot id …0031 (500) raises ServerResponseException with code CBS.0031."""
    bot = "00000000-0000-0000-0000-000000000031"

    with pytest.raises(ServerResponseException) as caught:
        client.collect_hot_questions(CollectHotQuestionsRequest(bot))

    assert _fields(caught.value) == (500, "CBS.0031", "Internal service error.")
    assert _is_request_id(caught.value.request_id)


def test_async_errors_are_raised_by_result(connect):
    """CbsAsyncClient raises errors from ``result()`` with the same fields."""
    asynchronous = connect(CbsAsyncClient)

    future = asynchronous.collect_session_stats_async(CollectSessionStatsRequest(BOT, interval="hour"))
    with pytest.raises(ClientRequestException) as caught:
        future.result()

    assert _fields(caught.value) == (400, "CBS.0021", "request parameter error")
    assert _is_request_id(caught.value.request_id)


def test_temporary_keys_are_signed_too(server, stack, fortnight):
    """The security token of temporary keys is part of the signature and is accepted."""
    credentials = BasicCredentials(AK, SK, PROJECT).with_security_token("temporary")

    client = CbsClient.new_builder().with_credentials(credentials).with_endpoint(server.url).build()
    stack.callback(client.close)
    answer = client.collect_key_words(CollectKeyWordsRequest(BOT, **fortnight))

    assert answer.keywords


def test_sdk_over_tls(connect, tls_server, fortnight):
    """Over TLS the SDK trusts the printed CA file."""
    trusting = connect(url=tls_server.url, config=HttpConfig(ssl_ca_cert=tls_server.ca_file))

    answer = trusting.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day", **fortnight))

    assert answer.total.session_count > 0


def test_sdk_does_not_trust_tls_untold(connect, tls_server):
    """Over TLS the SDK does not trust the server without the CA file."""
    suspicious = connect(url=tls_server.url)

    with pytest.raises(SslHandShakeException):
        suspicious.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day"))


def _fields(error) -> tuple[int, str, str]:
    return error.status_code, error.error_code, error.error_msg


def _is_request_id(text: str) -> bool:
    return len(text) == 32 and set(text) <= set("0123456789abcdef")
