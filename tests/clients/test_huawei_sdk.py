"""The official Python SDK, ``huaweicloudsdkcbs``, as its users write it."""

import math
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from huaweicloudsdkcbs.v1 import (
    CbsAsyncClient,
    CbsClient,
    CollectHotQuestionsRequest,
    CollectKeyWordsRequest,
    CollectReplyRatesRequest,
    CollectSessionStatsRequest,
)
from huaweicloudsdkcbs.v1.region.cbs_region import CbsRegion
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    SdkException,
    ServerResponseException,
    SslHandShakeException,
)
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region

from .conftest import Served

AK, SK = "MOCKCBSAK", "mockcbs-secret-key"
PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
DOMAIN, DOMAIN_ID = "桌面云", "61dd7142-a28f-5b44-a150-d878bb530c1f"
DAY = 86_400_000
OUTCOMES = ("direct", "recommend", "notmatch", "chat", "invalid", "dialog")


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory) -> Iterator[None]:
    """The SDK reads a profile from the user's home and leaves an id there: give it another one."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "USERPROFILE"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    """Closes what the tests of this module open."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def connect(server: Served, stack: ExitStack):
    """Build a client of the default server."""

    def build(client_class=CbsClient, *, url=server.url, ak=AK, sk=SK, project=PROJECT, config=None):
        builder = client_class.new_builder().with_credentials(BasicCredentials(ak, sk, project))
        builder = builder.with_endpoint(url).with_http_config(config or HttpConfig(retry_times=0))
        client = builder.build()
        stack.callback(client.close)
        return client

    return build


@pytest.fixture(scope="module")
def client(connect):
    """A synchronous client."""
    return connect()


@pytest.fixture(scope="module")
def fortnight() -> dict[str, str]:
    """The fourteen days before yesterday, so that nothing is added to them while tests run."""
    today = int(time.time() * 1000) // DAY * DAY
    return {"start_time": str(today - 15 * DAY), "end_time": str(today - DAY - 1)}


def test_session_stats_add_up(client, fortnight):
    """CollectSessionStats: sessions of the days sum to the total; users lie between maximum and sum."""
    request = CollectSessionStatsRequest(BOT, interval="day", time_zone="+08:00", **fortnight)

    answer = client.collect_session_stats(request)

    total, days = answer.total, answer.intervals
    assert answer.status_code == 200
    assert (answer.interval, answer.time_zone) == ("day", "+08:00")
    assert (answer.startutc, answer.endutc) == (int(fortnight["start_time"]), int(fortnight["end_time"]))
    assert [day.start for day in days] == sorted({day.start for day in days})
    assert 14 <= len(days) <= 15
    assert total.session_count == sum(day.session_count for day in days) > 0
    users = [day.user_count for day in days]
    assert max(users) <= total.user_count <= sum(users)
    for mean in ("avg_request_count", "avg_session_time"):
        weighted = sum(getattr(day, mean) * day.session_count for day in days)
        assert math.isclose(getattr(total, mean), weighted / total.session_count, abs_tol=0.002)


@pytest.mark.parametrize("interval", ["day", "week", "month"])
def test_any_interval_has_the_same_total(client, fortnight, interval):
    """CollectSessionStats: the total does not depend on the interval."""
    daily = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day", **fortnight))

    answer = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval=interval, **fortnight))

    assert answer.interval == interval
    assert answer.total.to_dict() == daily.total.to_dict()
    assert sum(part.session_count for part in answer.intervals) == daily.total.session_count


def test_reply_rates_add_up(client, fortnight):
    """CollectReplyRates: outcomes partition the questions, days sum to the total, rates are shares."""
    request = CollectReplyRatesRequest(BOT, interval="day", time_zone="-05:00", **fortnight)

    answer = client.collect_reply_rates(request)

    total, days = answer.total, answer.intervals
    assert (answer.status_code, answer.interval, answer.time_zone) == (200, "day", "-05:00")
    assert total.question_count > 0
    for figures in (total, *days):
        counts = {name: getattr(figures, f"{name}_count") for name in OUTCOMES}
        assert sum(counts.values()) == figures.question_count
        for name, count in counts.items():
            rate = getattr(figures, f"{name}_rate")
            assert math.isclose(rate, count / figures.question_count, abs_tol=0.0005 + 1e-9)
    for name in ("question", *OUTCOMES):
        counts = [getattr(day, f"{name}_count") for day in days]
        assert sum(counts) == getattr(total, f"{name}_count")


def test_rounds_equal_questions(serving, connect):
    """The mean rounds of CollectSessionStats times its sessions are the questions of CollectReplyRates."""
    with serving("--now", "2026-03-05T12:00:00+08:00") as frozen:
        client = connect(url=frozen.url)

        sessions = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day")).total
        replies = client.collect_reply_rates(CollectReplyRatesRequest(BOT)).total

    rounds = sessions.avg_request_count * sessions.session_count
    assert replies.question_count > 1000
    assert abs(rounds - replies.question_count) <= 0.0005 * sessions.session_count + 1e-6


def test_reply_rates_of_a_chinese_domain(client, fortnight):
    """CollectReplyRates: a category in Chinese selects a part of the questions, all of them matched."""
    everything = client.collect_reply_rates(CollectReplyRatesRequest(BOT, **fortnight)).total

    answer = client.collect_reply_rates(CollectReplyRatesRequest(BOT, domain=DOMAIN, **fortnight))

    assert 0 < answer.total.question_count < everything.question_count
    assert answer.total.notmatch_count == 0
    assert answer.total.direct_count <= everything.direct_count


def test_hot_questions_of_a_domain(client, fortnight):
    """CollectHotQuestions: at most *top* distinct questions, all of the category asked for by name."""
    request = CollectHotQuestionsRequest(BOT, top=3, domain=DOMAIN, exclude=True, **fortnight)

    answer = client.collect_hot_questions(request)

    assert answer.status_code == 200
    assert 0 < len(answer.questions) <= 3
    assert {question.domain for question in answer.questions} == {DOMAIN}
    assert len({question.qa_pair_id for question in answer.questions}) == len(answer.questions)
    assert all(question.st_question for question in answer.questions)


def test_domain_id_selects_as_the_name_does(client, fortnight):
    """CollectHotQuestions: a category's id and its name select the same questions."""
    by_name = CollectHotQuestionsRequest(BOT, top=20, domain=DOMAIN, exclude=False, **fortnight)
    by_id = CollectHotQuestionsRequest(BOT, top=20, domain_id=DOMAIN_ID, exclude=False, **fortnight)

    named, identified = client.collect_hot_questions(by_name), client.collect_hot_questions(by_id)

    assert identified.raw_content == named.raw_content
    assert identified.questions


def test_hot_questions_begin_alike(client, fortnight):
    """CollectHotQuestions: a shorter list is the beginning of a longer one; ten is the default."""
    long, usual, short = (
        client.collect_hot_questions(CollectHotQuestionsRequest(BOT, top=top, **fortnight)).questions
        for top in (20, None, 5)
    )

    ids = [question.qa_pair_id for question in long]
    assert [question.qa_pair_id for question in usual] == ids[:10]
    assert [question.qa_pair_id for question in short] == ids[:5]


@pytest.mark.parametrize("top", [0, 1, 50])
def test_keywords_are_ranked(client, fortnight, top):
    """CollectKeyWords: at most *top* distinct words, the most frequent first; 0 asks for none."""
    answer = client.collect_key_words(CollectKeyWordsRequest(BOT, top=top, **fortnight))

    frequencies = [word.freq for word in answer.keywords]
    assert answer.status_code == 200
    assert len(answer.keywords) <= top
    assert bool(answer.keywords) == bool(top)
    assert frequencies == sorted(frequencies, reverse=True)
    assert all(frequency > 0 for frequency in frequencies)
    assert len({word.keyword for word in answer.keywords}) == len(answer.keywords)


def test_async_client_agrees_with_the_sync_one(connect, client, fortnight):
    """CbsAsyncClient: all four operations, all under way at once, answer as CbsClient does."""
    asynchronous = connect(CbsAsyncClient)
    calls = {
        "collect_session_stats": CollectSessionStatsRequest(
            BOT, interval="day", time_zone="+08:00", **fortnight
        ),
        "collect_reply_rates": CollectReplyRatesRequest(BOT, domain=DOMAIN, **fortnight),
        "collect_hot_questions": CollectHotQuestionsRequest(BOT, top=5, **fortnight),
        "collect_key_words": CollectKeyWordsRequest(BOT, top=5, **fortnight),
    }

    futures = {name: getattr(asynchronous, f"{name}_async")(request) for name, request in calls.items()}
    answers = {name: future.result() for name, future in futures.items()}

    for name, request in calls.items():
        expected = getattr(client, name)(request)
        assert answers[name].raw_content == expected.raw_content


@pytest.mark.parametrize("region_id", ["cn-north-4", "cn-north-1", "cn-nowhere-9"])
def test_project_is_found_through_iam(server, stack, fortnight, region_id):
    """Without a project id the SDK asks IAM for the one of its region and uses it."""
    credentials = BasicCredentials(AK, SK).with_iam_endpoint(server.url)
    builder = CbsClient.new_builder().with_credentials(credentials).with_region(Region(region_id, server.url))

    client = builder.build()
    stack.callback(client.close)
    answer = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day", **fortnight))

    assert len(credentials.project_id) == 32
    assert (credentials.project_id == PROJECT) == (region_id == "cn-north-4")
    assert answer.total.session_count > 0


def test_environment_variables_point_the_sdk_here(server, stack, fortnight, monkeypatch):
    """A program that takes region, keys and endpoints from the environment needs no change."""
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", AK)
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", SK)
    monkeypatch.setenv("HUAWEICLOUD_SDK_IAM_ENDPOINT", server.url)
    monkeypatch.setenv("HUAWEICLOUD_SDK_REGION_CBS_CN_SOUTH_1", server.url)

    client = CbsClient.new_builder().with_region(CbsRegion.value_of("cn-south-1")).build()
    stack.callback(client.close)
    answer = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day", **fortnight))

    assert answer.total.session_count > 0


def test_strict_server_knows_its_projects_only(strict_server):
    """Strict: the SDK finds no project for a region that the account does not have."""
    credentials = BasicCredentials(AK, SK).with_iam_endpoint(strict_server.url)
    region = Region("xx-strict-1", strict_server.url)

    with pytest.raises(SdkException) as caught:
        CbsClient.new_builder().with_credentials(credentials).with_region(region).build()

    assert "Failed to get project id of region 'xx-strict-1'" in caught.value.error_msg


def test_wrong_key_while_looking_for_the_project(server, client, fortnight):
    """IAM refuses a wrong signature, and the SDK quotes its words."""
    credentials = BasicCredentials(AK, "wrong").with_iam_endpoint(server.url)
    region = Region("xx-wrong-1", server.url)

    with pytest.raises(SdkException) as caught:
        CbsClient.new_builder().with_credentials(credentials).with_region(region).build()

    assert "error_code:APIG.0301" in caught.value.error_msg
    assert "verify aksk signature fail" in caught.value.error_msg
    client.collect_key_words(CollectKeyWordsRequest(BOT, **fortnight))  # else six failures lock the key


def test_bad_interval_is_a_client_error(client):
    """400: a bad parameter raises ClientRequestException with the documented body and a request id."""
    with pytest.raises(ClientRequestException) as caught:
        client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="hour"))

    assert _fields(caught.value) == (400, "CBS.0021", "request parameter error")
    assert _is_request_id(caught.value.request_id)


def test_failing_bot_is_a_client_error(client):
    """400: bot id …2114 raises ClientRequestException with code CBS.2114."""
    bot = "00000000-0000-0000-0000-000000002114"

    with pytest.raises(ClientRequestException) as caught:
        client.collect_reply_rates(CollectReplyRatesRequest(bot))

    assert _fields(caught.value) == (400, "CBS.2114", "qabot not exist")
    assert _is_request_id(caught.value.request_id)


def test_wrong_secret_key_is_a_client_error(connect, client, fortnight):
    """401: a wrong SK raises ClientRequestException with the gateway's words."""
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
    """401: a strict server does not know an AK that is not configured; an open one takes it on trust."""
    stranger = connect(url=strict_server.url, ak="SOMEBODYELSE", sk="whatever")

    with pytest.raises(ClientRequestException) as caught:
        stranger.collect_key_words(CollectKeyWordsRequest(BOT))

    detail = "Get secretKey failed,ak:SOMEBODYELSE,err:ak not exist"
    assert _fields(caught.value) == (401, "APIG.0301", f"Incorrect IAM authentication information: {detail}")


def test_six_failures_lock_a_key(serving, connect):
    """401: after more than five wrong signatures in a row even the right one is refused."""
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
    """429: the SDK's transport drops the body, and raises an error of its own."""
    throttled = connect(project="00000000000000000000000000000308")

    with pytest.raises(ClientRequestException) as caught:
        throttled.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day"))

    assert (caught.value.status_code, caught.value.error_code) == (429, "429")
    assert "too many 429 error responses" in caught.value.error_msg


def test_internal_error_is_a_server_error(client):
    """500: bot id …0031 raises ServerResponseException with code CBS.0031."""
    bot = "00000000-0000-0000-0000-000000000031"

    with pytest.raises(ServerResponseException) as caught:
        client.collect_hot_questions(CollectHotQuestionsRequest(bot))

    assert _fields(caught.value) == (500, "CBS.0031", "Internal service error.")
    assert _is_request_id(caught.value.request_id)


def test_async_errors_are_raised_by_result(connect):
    """CbsAsyncClient: errors come out of ``result()`` with the same fields."""
    asynchronous = connect(CbsAsyncClient)

    future = asynchronous.collect_session_stats_async(CollectSessionStatsRequest(BOT, interval="hour"))
    with pytest.raises(ClientRequestException) as caught:
        future.result()

    assert _fields(caught.value) == (400, "CBS.0021", "request parameter error")
    assert _is_request_id(caught.value.request_id)


def test_temporary_keys_are_signed_too(server, stack, fortnight):
    """A security token of temporary keys is part of the signature and passes."""
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
    """Over TLS the SDK does not trust the server unless told to."""
    suspicious = connect(url=tls_server.url)

    with pytest.raises(SslHandShakeException):
        suspicious.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day"))


def _fields(error) -> tuple[int, str, str]:
    return error.status_code, error.error_code, error.error_msg


def _is_request_id(text: str) -> bool:
    return len(text) == 32 and set(text) <= set("0123456789abcdef")
