"""Statistics, as huaweicloudsdkcbs reads them, sync and async."""

import math

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
from huaweicloudsdkcore.region.region import Region

from tests.clients.huawei_sdk.account import AK, BOT, PROJECT, SK

DOMAIN, DOMAIN_ID = "桌面云", "33f3eb77-d557-4c46-86d2-435145465c04"
OUTCOMES = ("direct", "recommend", "notmatch", "chat", "invalid", "dialog")


def test_session_stats_add_up(client, fortnight):
    """The sessions of the days sum to the total, and the users lie between maximum and sum."""
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
    """The total of CollectSessionStats does not depend on the interval."""
    daily = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval="day", **fortnight))

    answer = client.collect_session_stats(CollectSessionStatsRequest(BOT, interval=interval, **fortnight))

    assert answer.interval == interval
    assert answer.total.to_dict() == daily.total.to_dict()
    assert sum(part.session_count for part in answer.intervals) == daily.total.session_count


def test_reply_rates_add_up(client, fortnight):
    """Outcomes partition the questions, days sum to the total, and rates are shares."""
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
    """A category in Chinese selects a part of the questions, all of them matched."""
    everything = client.collect_reply_rates(CollectReplyRatesRequest(BOT, **fortnight)).total

    answer = client.collect_reply_rates(CollectReplyRatesRequest(BOT, domain=DOMAIN, **fortnight))

    assert 0 < answer.total.question_count < everything.question_count
    assert answer.total.notmatch_count == 0
    assert answer.total.direct_count <= everything.direct_count


def test_hot_questions_of_a_domain(client, fortnight):
    """CollectHotQuestions returns at most *top* distinct questions, all of the named category."""
    request = CollectHotQuestionsRequest(BOT, top=3, domain=DOMAIN, exclude=True, **fortnight)

    answer = client.collect_hot_questions(request)

    assert answer.status_code == 200
    assert 0 < len(answer.questions) <= 3
    assert {question.domain for question in answer.questions} == {DOMAIN}
    assert len({question.qa_pair_id for question in answer.questions}) == len(answer.questions)
    assert all(question.st_question for question in answer.questions)


def test_domain_id_selects_as_the_name_does(client, fortnight):
    """The id of a category and its name select the same questions."""
    by_name = CollectHotQuestionsRequest(BOT, top=20, domain=DOMAIN, exclude=False, **fortnight)
    by_id = CollectHotQuestionsRequest(BOT, top=20, domain_id=DOMAIN_ID, exclude=False, **fortnight)

    named, identified = client.collect_hot_questions(by_name), client.collect_hot_questions(by_id)

    assert identified.raw_content == named.raw_content
    assert identified.questions


def test_hot_questions_begin_alike(client, fortnight):
    """A shorter list is the beginning of a longer one, and the default is ten."""
    long, usual, short = (
        client.collect_hot_questions(CollectHotQuestionsRequest(BOT, top=top, **fortnight)).questions
        for top in (20, None, 5)
    )

    ids = [question.qa_pair_id for question in long]
    assert [question.qa_pair_id for question in usual] == ids[:10]
    assert [question.qa_pair_id for question in short] == ids[:5]


@pytest.mark.parametrize("top", [0, 1, 50])
def test_keywords_are_ranked(client, fortnight, top):
    """CollectKeyWords returns at most *top* distinct words, the most frequent first; 0 returns none."""
    answer = client.collect_key_words(CollectKeyWordsRequest(BOT, top=top, **fortnight))

    frequencies = [word.freq for word in answer.keywords]
    assert answer.status_code == 200
    assert len(answer.keywords) <= top
    assert bool(answer.keywords) == bool(top)
    assert frequencies == sorted(frequencies, reverse=True)
    assert all(frequency > 0 for frequency in frequencies)
    assert len({word.keyword for word in answer.keywords}) == len(answer.keywords)


def test_async_client_agrees_with_the_sync_one(connect, client, fortnight):
    """Four parallel operations of CbsAsyncClient have the same results as CbsClient."""
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
    """Without a project id, the SDK requests the project of its region from IAM and uses it."""
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
