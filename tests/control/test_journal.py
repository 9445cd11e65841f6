"""The journal in the control API."""

import pytest

from tests.conftest import NOW, PROJECT
from tests.control.statistics import OTHER, TOKEN, stats


def test_journal_pages(client):
    """The newest calls come first; each page states where the next begins; the count is that of the
    filters.
    """
    for place in range(5):
        client.get(stats(query=f"interval=day&start_time={place}"), headers=TOKEN)
    client.get(stats(query="interval=hour"), headers=TOKEN)

    first = client.get("/_mockcbs/journal?limit=2&status=200").json
    second = client.get(f"/_mockcbs/journal?limit=2&status=200&before={first['next']}").json
    last = client.get(f"/_mockcbs/journal?limit=2&status=200&before={second['next']}").json

    seen = [
        entry["request"]["query"]["start_time"] for page in (first, second, last) for entry in page["entries"]
    ]
    assert seen == ["4", "3", "2", "1", "0"]
    assert (first["count"], last["next"]) == (5, None)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("service=cbs", 2),
        ("service=iam", 1),
        ("operation=cbs.session_stats", 2),
        ("operation=cbs.*", 2),
        (f"project={PROJECT}", 1),
        (f"project={OTHER}", 1),
        ("status=401", 1),
        (f"since={NOW}", 3),
        (f"until={NOW}", 0),
        ("limit=0", 3),
    ],
)
def test_journal_filters(client, query, count):
    """Calls can be filtered by service, operation, project, status and time."""
    client.get(stats(), headers=TOKEN)
    client.get(stats(OTHER))
    client.get("/v3/projects", headers=TOKEN)

    assert client.get(f"/_mockcbs/journal?{query}").json["count"] == count


def test_journal_by_token(client):
    """A token's calls to services without projects are its own."""
    client.get("/v3/projects", headers={"X-Auth-Token": "one"})
    client.get("/v3/projects", headers={"X-Auth-Token": "two"})

    assert client.get("/_mockcbs/journal?token=one").json["count"] == 1


def test_journal_is_emptied(client):
    """The journal can be emptied for one project or for all; it never contains the control API."""
    for project in (PROJECT, OTHER):
        client.get(stats(project), headers=TOKEN)

    assert client.delete(f"/_mockcbs/journal?project={OTHER}").json == {"forgotten": 1, "incomplete": []}
    assert client.get("/_mockcbs/journal").json["count"] == 1


def test_verify(client):
    """200 and the number, or 422 and the nearest misses."""
    client.get(stats(), headers=TOKEN)
    wanted = {"pattern": {"operation": "cbs.session_stats", "query": {"interval": "year"}}, "count": 1}

    found = client.post("/_mockcbs/journal/verify", json=wanted)
    missed = client.post("/_mockcbs/journal/verify", json={"pattern": {"query": {"interval": "day"}}})

    assert (found.status_code, found.json) == (200, {"matched": 1})
    assert (missed.status_code, missed.mimetype) == (422, "application/problem+json")
    assert "query 'interval': wanted 'day', was 'year'" in missed.json["detail"]
