"""Reads of a mock through the response cache."""

from mockcbs.core.clock import instant
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import exchange
from tests.conftest import BOT, PROJECT

NOW = instant("2026-11-23T11:30:00+08:00")
"""A Monday's forenoon: every minute brings turns."""
OTHER = "2" + PROJECT[1:]
COZE_BOT = "7342866812345678901"
CBS = "https://cbs-ext.cn-north-4.myhuaweicloud.com/v1"
COZE = "https://api.coze.cn/v1"
IAM = "https://iam.myhuaweicloud.com/v3"
WEEK_AGO = NOW - 7 * 86_400_000
READS = [
    *(
        f"{CBS}/{project}/qabots/{BOT}/{tail}"
        for project in (PROJECT, OTHER)
        for tail in (
            "requests/session-stats?interval=day&time_zone=%2B08%3A00",
            f"requests/session-stats?start_time={WEEK_AGO}&end_time={NOW - 1}&interval=week",
            f"requests/reply-rates?start_time={WEEK_AGO}",
            f"requests/reply-rates?end_time={NOW + 3_600_000}&interval=month&time_zone=-11:30",
            "qa-pairs/hots?top=3",
            f"requests/keywords?start_time={NOW - 600_000}&top=50",
            "requests/session-stats?interval=hour",
            f"requests/session-stats?start_time={NOW + 60_000}",
            "requests/session-stats?intervall=day",
        )
    ),
    f"{COZE}/bots/{COZE_BOT}/analytics?start_date=2026-11-20&end_date=2026-11-23",
    f"{COZE}/bots/{COZE_BOT}/analytics?start_date=2026-11-23&end_date=2026-11-23&granularity=hour",
    f"{COZE}/bots/{COZE_BOT}/analytics/logs?start_date=2026-11-23&end_date=2026-11-23&page_size=5",
    f"{COZE}/bots/{COZE_BOT}/analytics?start_date=2026-11-22",
    f"{IAM}/projects?name=cn-north-4",
    f"{IAM}/auth/domains",
]


def token(controls: Controls) -> str:
    """A token that IAM here issued, good for a day."""
    answer = exchange(
        controls.cache,
        "POST",
        f"{IAM}/auth/tokens",
        [],
        b'{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"mockcbs","password":"mockcbs",'
        b'"domain":{"name":"mockcbs"}}}},"scope":{"project":{"name":"cn-north-4"}}}}',
    )
    return dict(answer.headers)["X-Subject-Token"]


def ask(controls: Controls, url: str, credential: str, **headers: str):
    """A read: its status, headers, body and delivery."""
    sent = {"X-Auth-Token": credential} if credential else {}
    if credential and "coze" in url:
        sent = {"Authorization": f"Bearer {credential}"}
    answer = exchange(controls.cache, "GET", url, [*sent.items(), *headers.items()], b"")
    return answer.status, answer.headers, answer.body, answer.delivery
