"""``/_mockcbs/dataset`` and ``/_mockcbs/seed``: another dataset and another seed while the mock runs."""

import pytest

from mockcbs import Mock
from mockcbs.core.clock import iso
from mockcbs.core.files import shipped
from mockcbs.testing.exchange import exchange
from tests.conftest import BOT, NOW, PROJECT

TOKEN = {"X-Auth-Token": "a"}
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=year"
ONE_SESSION = f"bots:\n- id: {BOT}\n  sessions:\n  - turns:\n    - at: 2026-02-01T00:00:00Z\n"


def stats(http):
    return http.get(STATS, headers=TOKEN).json["total"]


def started_with(**settings):
    return Mock(now=NOW, **settings).app.test_client()


@pytest.fixture
def http():
    return started_with()


@pytest.mark.parametrize("name", ["busy", "quiet", "empty", "incident"])
def test_a_dataset_by_name(http, name):
    """The responses are those of a mock that was started with that dataset."""
    changed = http.put("/_mockcbs/dataset", json={"dataset": name})

    assert (changed.status_code, changed.json["name"], changed.json["chosen"]) == (200, name, True)
    assert http.get(STATS, headers=TOKEN).data == started_with(dataset=name).get(STATS, headers=TOKEN).data
    assert http.get("/_mockcbs/health").json["dataset"] == name
    assert http.get("/_mockcbs/settings").json["dataset"] == name


def test_a_seed(http):
    """The responses are those of a mock that was started with that seed."""
    before = http.get(STATS, headers=TOKEN).data

    assert http.put("/_mockcbs/seed", json={"seed": 7}).json == {"seed": 7}

    assert http.get(STATS, headers=TOKEN).data == started_with(seed=7).get(STATS, headers=TOKEN).data
    assert http.get("/_mockcbs/settings").json["seed"] == http.get("/_mockcbs/health").json["seed"] == 7
    assert http.delete("/_mockcbs/seed").json == http.get("/_mockcbs/seed").json == {"seed": 42}
    assert http.get(STATS, headers=TOKEN).data == before


@pytest.mark.parametrize(
    "sent",
    [
        {"data": ONE_SESSION, "content_type": "application/yaml"},
        {"data": ONE_SESSION},
        {"json": {"dataset": {"bots": [{"id": BOT, "sessions": [{"turns": [{"at": 1_769_904_000_000}]}]}]}}},
    ],
)
def test_a_dataset_in_the_body(http, sent):
    """A dataset file, with or without its content type, or its content as JSON; the query names it."""
    changed = http.put("/_mockcbs/dataset?name=mine", **sent).json

    assert (changed["name"], changed["bots"][0]["stated"]) == ("mine", 1)
    assert stats(http)["session_count"] == 1
    assert http.get("/_mockcbs/dataset").json == changed


def test_what_clients_made_stays(http):
    """Recorded turns count together with the new traffic; a reset deletes them and restores the start."""
    before = http.get(STATS, headers=TOKEN).data
    http.post("/_mockcbs/turns", json={"bot": BOT, "question": "桌面云打不开", "user": "u"})
    http.put("/_mockcbs/seed", json={"seed": 7})

    http.put("/_mockcbs/dataset", json={"dataset": "empty"})

    assert stats(http)["session_count"] == 1
    http.post("/_mockcbs/reset")
    assert http.get(STATS, headers=TOKEN).data == before
    restored = http.get("/_mockcbs/dataset").json
    assert (restored["chosen"], restored["seed"]) == (False, 42)


def test_the_journal_names_what_a_response_came_from():
    """Dataset and seed of each call, also of those that the response cache answered."""
    mock = Mock(now=NOW)
    http = mock.app.test_client()
    sent = [("X-Auth-Token", "a")]
    for _ in range(4):
        exchange(mock.cache, "GET", f"http://localhost{STATS}", sent, b"")
    http.put("/_mockcbs/dataset", json={"dataset": "quiet"})
    http.put("/_mockcbs/seed", json={"seed": 7})
    for _ in range(4):
        exchange(mock.cache, "GET", f"http://localhost{STATS}", sent, b"")

    entries = http.get("/_mockcbs/journal").json["entries"]
    assert [(one["dataset"], one["seed"]) for one in entries] == [("quiet", 7)] * 4 + [("everyday", 42)] * 4
    assert {one["at"] for one in entries} == {iso(NOW)}
    assert all(one["real_at"] != one["at"] for one in entries)


def test_a_reset_of_one_project_leaves_the_dataset(http):
    """A reset of one project does not change the dataset, which others still see."""
    http.put("/_mockcbs/dataset", json={"dataset": "empty"})

    http.post(f"/_mockcbs/reset?project={PROJECT}")

    assert http.get("/_mockcbs/dataset").json["name"] == "empty"


def test_the_dataset_of_the_start_again(http):
    """`DELETE`, or the name of the first dataset, restores the dataset of the start."""
    for restore in (
        lambda: http.delete("/_mockcbs/dataset"),
        lambda: http.put("/_mockcbs/dataset", json={"dataset": "everyday"}),
    ):
        http.put("/_mockcbs/dataset", json={"dataset": "empty"})
        assert (restore().json["name"], restore().json["chosen"]) == ("everyday", False)


def test_the_clock_follows_a_dataset_that_states_a_time():
    """The clock moves to the dataset's time and back; one that is not stated leaves it alone."""
    http = Mock().app.test_client()
    http.put("/_mockcbs/clock", json={"freeze": "2026-05-01"})

    assert http.put("/_mockcbs/dataset", json={"dataset": "busy"}).json["iso"] == "2026-05-01T00:00:00.000Z"
    told = http.put("/_mockcbs/dataset", json={"dataset": "documented-week"}).json
    assert (told["iso"], told["mode"]) == ("2021-02-19T07:49:25.417Z", "frozen")
    assert http.delete("/_mockcbs/dataset").json["mode"] == "real"


def test_now_outweighs_the_time_of_a_dataset(http):
    """With --now, another dataset does not move the clock."""
    assert http.put("/_mockcbs/dataset", json={"dataset": "documented-week"}).json["now"] == NOW


def test_tables_and_webhooks_of_the_new_dataset():
    """Tables and webhooks that a new dataset states are there at once."""
    http = started_with(dataset="empty")
    content = {
        "bots": [],
        "webhooks": [{"url": "http://127.0.0.1:9/hook"}],
        "airtable": {
            "tables": [
                {
                    "base": "app00000000000001",
                    "table": "tbl00000000000001",
                    "fields": [{"name": "id"}],
                    "rows": [{"id": "x"}],
                }
            ]
        },
    }

    assert http.put("/_mockcbs/dataset", json={"dataset": content}).status_code == 200

    assert [one["id"] for one in http.get("/_mockcbs/webhooks").json["webhooks"]] == ["dataset-1"]
    rows = http.get(
        "/v0/app00000000000001/tbl00000000000001", headers={"Authorization": "Bearer pat1.2"}
    ).json
    assert [record["fields"] for record in rows["records"]] == [{"id": "x"}]


def test_cache_and_explain_follow():
    """A cached response is not served once the data is another; the explanation is of the new figure."""
    with Mock(now=NOW) as mock:
        http = mock.app.test_client()
        before = stats(http)["session_count"]
        http.put("/_mockcbs/seed", json={"seed": 7})
        after = stats(http)["session_count"]

        explained = http.get(
            "/_mockcbs/explain", query_string={"request": STATS, "figure": "total.session_count"}
        ).json

        assert before != after == explained["value"]


@pytest.mark.parametrize(
    ("path", "sent", "reason"),
    [
        ("dataset", {"json": {"dataset": "busyy"}}, "no dataset 'busyy': name one of busy,"),
        ("dataset", {"json": {"dataset": "/etc/passwd"}}, "no dataset '/etc/passwd'"),
        ("dataset", {"json": {"dataset": None}}, "null is neither a name nor the content"),
        ("dataset", {"json": {"dataset": 7}}, "7 is neither a name nor the content"),
        ("dataset", {"json": {"data": "busy"}}, "data: unknown key; accepted here: dataset"),
        ("dataset", {"data": ""}, "body: is missing"),
        ("dataset", {"data": b"bots: \xff"}, "byte 6 is not UTF-8"),
        ("dataset", {"data": "bots:\n- id: [1\n"}, "unnamed:"),
        ("dataset", {"data": "bots: []\nknowledge: /etc/passwd"}, "no knowledge base '/etc/passwd'"),
        ("dataset", {"json": {"dataset": {"bots": [], "knowledge": "x.yaml"}}}, "no knowledge base 'x.yaml'"),
        ("dataset", {"data": "bots: []\nbotss: []\n"}, "unnamed:2: botss: unknown key"),
        ("dataset?project=p", {"json": {"dataset": "busy"}}, "all projects and tokens have the same dataset"),
        ("dataset?name=", {"json": {"dataset": "busy"}}, "name: must have 1 to 64"),
        ("seed", {"json": {"seed": "7"}}, "'7' is not a whole number between"),
        ("seed", {"json": {"seed": 2**63}}, "is not between"),
        ("seed", {"json": {}}, "seed: is missing"),
        ("seed?token=p", {"json": {"seed": 7}}, "all projects and tokens have the same dataset"),
    ],
)
def test_what_is_refused(http, path, sent, reason):
    """A wrong name, value, key or file is named with what is accepted, and nothing changes."""
    before = http.get("/_mockcbs/dataset").json

    refused = http.put(f"/_mockcbs/{path}", **sent)

    assert refused.status_code == 400
    assert reason in refused.json["detail"]
    assert http.get("/_mockcbs/dataset").json == before


def test_a_ticking_clock_needs_a_start():
    """With --tick and without --now, only a dataset that states a time can be chosen."""
    http = Mock(dataset="documented-week", tick=True).app.test_client()

    refused = http.put("/_mockcbs/dataset", json={"dataset": "everyday"})

    assert (refused.status_code, "everyday does not" in refused.json["detail"]) == (400, True)
    assert http.get("/_mockcbs/dataset").json["name"] == "documented-week"


def test_the_list(http):
    """The list has all shipped datasets, each with its description."""
    listed = http.get("/_mockcbs/datasets").json["datasets"]

    assert [one["name"] for one in listed] == [*shipped("datasets")]
    assert all(one["description"] for one in listed)
