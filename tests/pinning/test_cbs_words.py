"""Pinned hot questions and keywords: the dataset gives the very response, or a reason why none can."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.pinning.cbs_words import pin
from mockcbs.pinning.reading import PinError
from tests.conftest import BOT, NOW, PROJECT
from tests.thoroughness import examples

HOTS, KEYWORDS = "qa-pairs/hots", "requests/keywords"
TEXT = st.text("云桌面打印机VPNab1", min_size=1, max_size=9)
DOMAINS = st.sampled_from(["", "桌面云", "网络"])


def again(operation: str, answer: dict, folder, query: str = "") -> dict:
    """The response of a mock with the pinned dataset."""
    file = folder / "pinned.json"
    file.write_text(json.dumps(pin(answer, BOT, NOW)), "utf-8")
    client = create_app(Settings(dataset=str(file))).test_client()
    path = f"/v1/{PROJECT}/qabots/{BOT}/{operation}"
    return client.get(path, query_string=query, headers={"X-Auth-Token": "any"}).json


@settings(max_examples=examples(25), deadline=None)
@given(rows=st.lists(st.tuples(TEXT, DOMAINS), max_size=20, unique_by=lambda row: row[0]))
@example(rows=[])
def test_hot_questions(rows, tmp_path_factory):
    """Any list of hot questions comes back in the same order, with ids, texts and domains."""
    questions = [
        {"qa_pair_id": f"id-{place * 7 % 20}", "st_question": text, "domain": domain}
        for place, (text, domain) in enumerate(rows)
    ]

    assert again(HOTS, {"questions": questions}, tmp_path_factory.mktemp("hot"), "top=20") == {
        "questions": questions
    }


@settings(max_examples=examples(25), deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["桌面云", "云", "打印机", "VPN", "AD 域", "桌面", "c#"]), st.integers(1, 40)
        ),
        unique_by=lambda row: row[0],
    )
)
@example(rows=[("桌面云", 70_000), ("VPN", 70_000), ("云", 1)])
def test_keywords(rows, tmp_path_factory):
    """Any list of keywords comes back with its frequencies, ties in the same order."""
    ordered = sorted(rows, key=lambda row: -row[1])
    keywords = [{"keyword": word, "freq": number} for word, number in ordered]

    assert again(KEYWORDS, {"keywords": keywords}, tmp_path_factory.mktemp("words")) == {"keywords": keywords}


def hot(pair_id: object = "1", question: object = "a", domain: object = "") -> dict:
    return {"qa_pair_id": pair_id, "st_question": question, "domain": domain}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"total": {}}, "no list 'questions' or 'keywords'"),
        ([], "not a response of hots or keywords"),
        ({"questions": {}}, "not a response of hots or keywords"),
        ({"questions": [], "more": 1}, "'more' cannot be reproduced"),
        ({"questions": [{"st_question": "a"}]}, "no member qa_pair_id, domain"),
        ({"questions": [hot(question=1)]}, "st_question 1 is not a text"),
        ({"questions": [hot("****"), hot("****", "b")]}, "qa_pair_id '****' must be given, and only once"),
        ({"questions": [hot(), hot(question="b", domain="x")]}, "has another st_question above"),
        ({"questions": [hot(), hot("2")]}, "st_question 'a' has two values of qa_pair_id"),
        ({"keywords": [{"keyword": "a", "freq": 0}]}, "freq is 0"),
        ({"keywords": [{"keyword": " ", "freq": 1}]}, "keyword ' ' is not a word"),
        ({"keywords": [{"keyword": "a" * 65, "freq": 1}]}, "is not a word"),
        ({"keywords": [{"keyword": "ab", "freq": "1"}]}, "freq '1' is not a whole number"),
        (
            {"keywords": [{"keyword": "ab", "freq": 1}, {"keyword": "cd", "freq": 2}]},
            "freq 2 of 'cd' is above 1",
        ),
        ({"keywords": [{"keyword": "ab", "freq": 1}] * 2}, "keyword 'ab' occurs twice"),
        ({"keywords": [{"keyword": "云" * 64, "freq": 9_999_999}]}, "too many for a dataset file"),
    ],
)
def test_impossible_lists(answer, words):
    """A list that no traffic gives is refused with the place and the reason."""
    with pytest.raises(PinError, match=words.replace("*", r"\*")):
        pin(answer, BOT, NOW)
