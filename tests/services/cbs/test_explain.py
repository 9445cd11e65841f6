"""The turns and formulas behind the figures of the statistics operations."""

from collections import Counter

import pytest

from mockcbs.traffic.numbering import Repertoire
from tests.conftest import BOT, NOW, PROJECT

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
RANGE = f"start_time={NOW - 2 * 86_400_000}&end_time={NOW}"


def explained(client, request, figure):
    query = {"request": request, "figure": figure, "page_size": 1000}
    answer = client.get("/_mockcbs/explain", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize("name", ["session_count", "user_count"])
def test_a_count_of_sessions_is_the_number_of_its_turns(client, name):
    """One turn stands for each session, or for each user."""
    request = f"{BASE}/requests/session-stats?interval=day&{RANGE}"

    found = explained(client, request, f"intervals[0].{name}")

    assert found["value"] == found["count"] == len(found["turns"]) > 0


@pytest.mark.parametrize("outcome", ["direct", "recommend", "notmatch"])
def test_a_rate_is_its_count_by_the_total(client, outcome):
    """The printed calculation contains the count and the total."""
    request = f"{BASE}/requests/reply-rates?interval=day&{RANGE}"
    body = client.get(request, headers={"X-Auth-Token": "t"}).json
    names = [name for name in body["total"] if name.startswith(outcome) and name.endswith("_rate")]

    (name,) = names
    found = explained(client, request, f"total.{name}")

    count = body["total"][name.replace("_rate", "_count")]
    assert f"{count}" in found["calculation"]
    assert found["value"] == body["total"][name]


def test_a_hot_question_is_explained_by_its_hits(client):
    """The first hot question is the pair that most of the turns hit."""
    request = f"{BASE}/qa-pairs/hots?{RANGE}"
    first = client.get(request, headers={"X-Auth-Token": "t"}).json["questions"][0]

    found = explained(client, request, "questions[0]")

    assert found["value"] == first
    hits = Counter(turn["qa_pair_id"] for turn in found["turns"])
    assert hits[first["qa_pair_id"]] == max(hits.values())


@pytest.mark.parametrize(
    ("request_text", "figure"),
    [
        ("requests/reply-rates?interval=day&domain=桌面云", "total.direct_count"),
        ("qa-pairs/hots?", "questions[0]"),
        ("requests/keywords?", "keywords[0]"),
        ("requests/keywords?", "keywords[0].freq"),
    ],
)
def test_only_what_was_said_is_read(client, monkeypatch, request_text, figure):
    """The repertoire of a bot has thousands of utterances, and the turns of a range have few of them."""
    read, utterance = set(), Repertoire.__getitem__
    monkeypatch.setattr(
        Repertoire, "__getitem__", lambda said, number: read.add(number) or utterance(said, number)
    )

    found = explained(client, f"{BASE}/{request_text}&{RANGE}", figure)

    listed = sum(row["count"] for row in found["left_out"] if row["code"] in {"outcome", "filter"})
    assert found["count"] > 0
    assert len(read) <= found["count"] + listed


def test_a_keyword_is_explained_by_its_questions(client):
    """Each listed question has the keyword."""
    request = f"{BASE}/requests/keywords?{RANGE}"
    first = client.get(request, headers={"X-Auth-Token": "t"}).json["keywords"][0]

    found = explained(client, request, "keywords[0].freq")

    assert found["value"] == first["freq"]
    assert all(first["keyword"] in turn["keywords"] for turn in found["turns"])
