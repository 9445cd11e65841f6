"""Ranges without traffic are explained, in the header of an otherwise good response."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.core.clock import instant
from tests.conftest import BOT, PROJECT

NOW = instant("2026-11-22T04:00:00Z")
AGENT = "7342866812345678901"
CBS, COZE = {"X-Auth-Token": "t"}, {"Authorization": "Bearer pat_mockcbs"}
KEYWORDS = f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords"
ANALYTICS = f"/v1/bots/{AGENT}/analytics?start_date=2025-12-15&end_date=2025-12-21"


def reason(client, path, headers=CBS) -> str | None:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.headers.get("X-Mockcbs-Reason")


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(now=NOW)).test_client()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("start_time=0&end_time=1", "the range ends at 1970-01-01"),
        (
            f"end_time={instant('2026-01-01')}",
            "before the kept traffic of this bot, which begins at 2026-08-",
        ),
        (f"start_time={NOW + 1}&end_time={NOW + 2}", "after now (2026-11-22T04:00:00"),
        (f"start_time={2**63 - 1}&end_time={2**63 - 1}", f"begins at {2**63 - 1} ms, after now"),
        ("start_time=1795305600", "start_time 1795305600 is 1970-01-21"),
        ("start_time=0&end_time=1795305600", "may have been meant as seconds"),
        ("inteval=day", "parameter 'inteval' is ignored"),
        (f"start_time={NOW - 1}", None),
        ("", None),
    ],
)
def test_cbs(client, query, told):
    """A range before the traffic, after now or in seconds gets a remark; an ordinary range gets none."""
    found = reason(client, f"{KEYWORDS}?{query}")

    assert found is None if told is None else told in found


def test_a_new_query_of_a_known_caller_is_remarked_too(client):
    """The response cache answers other queries of a caller, but not those that need a remark."""
    for _ in range(3):
        assert reason(client, f"{KEYWORDS}?start_time={NOW - 5}") is None

    assert [bool(reason(client, f"{KEYWORDS}?start_time=0&end_time={end}")) for end in (1, 1, NOW)] == [
        True,
        True,
        False,
    ]


def test_coze(client):
    """The vendor's example lies outside the traffic of a mock with the real clock."""
    assert "before the kept traffic of this bot" in reason(client, ANALYTICS, COZE)
    recent = ANALYTICS.replace("2025-12-15", "2026-11-15").replace("2025-12-21", "2026-11-21")
    assert reason(client, recent, COZE) is None


def test_a_dataset_in_the_future():
    """If the clock is before the traffic of the dataset, the remark names --now."""
    client = create_app(Settings(dataset="coze-sample", now="2024-01-01")).test_client()

    path = f"/v1/bots/{AGENT}/analytics?start_date=2023-12-15&end_date=2023-12-16"

    assert "the traffic of dataset coze-sample begins at 2025-12-15" in reason(client, path, COZE)


def test_a_bot_without_traffic():
    """A bot without stated and recorded traffic gets a remark, which a call ends."""
    client = create_app(Settings(dataset="coze-sample")).test_client()
    silent = reason(client, KEYWORDS)

    client.post(f"/v1/{PROJECT}/qabots/{BOT}/chat", json={"question": "x"}, headers=CBS)

    expected = f"bot {BOT} has no traffic: none in dataset coze-sample, and none recorded by calls"
    assert silent == expected
    assert reason(client, KEYWORDS) is None
    unknown = ANALYTICS.replace(AGENT, AGENT[::-1])
    assert "has no traffic" in reason(client, unknown, COZE)


def test_a_name_in_the_wrong_place(client):
    """The remark states where the parameter belongs; --no-hints removes it."""
    message = {"role": "user", "content": "你好", "content_type": "text"}
    body = {"bot_id": AGENT, "user_id": "u", "additional_messages": [message], "conversation_id": "1"}
    silent = create_app(Settings(now=NOW, hints=False)).test_client()

    answer = client.post("/v3/chat", json=body, headers=COZE)
    asked = client.post(
        f"/v1/{PROJECT}/qabots/{BOT}/chat", json={"question": "x", "source": "web"}, headers=CBS
    )

    told = answer.headers["X-Mockcbs-Reason"]
    assert told == "parameter 'conversation_id' is ignored; it belongs in the query"
    assert (
        "'source' is ignored; it belongs in the body, at 'extends.source'"
        in asked.headers["X-Mockcbs-Reason"]
    )
    assert "X-Mockcbs-Reason" not in silent.post("/v3/chat", json=body, headers=COZE).headers
