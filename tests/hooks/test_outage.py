"""Answers while the database of the state is away."""

import json

import pytest
from flask import Flask

from mockcbs import Settings, create_app
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.backend.postgres.feed import PostgresFeed
from mockcbs.backend.postgres.recordings import PostgresRecordings
from mockcbs.testing.exchange import exchange
from mockcbs.web.cache.response_cache import ResponseCache
from tests.conftest import BOT, NOW, PROJECT
from tests.proxies import proxied

HEADERS = {"X-Auth-Token": "token"}
OTHER = "403a0a00-c88a-43e3-aa2f-d5b8b9832b02"
QUESTION = {"question": "怎么开发票", "user_id": "u", "session_id": ""}


def rates(client, bot=BOT):
    path = f"/v1/{PROJECT}/qabots/{bot}/requests/reply-rates"
    return client.get(path, headers=HEADERS)


def ask(client, bot):
    return client.post(f"/v1/{PROJECT}/qabots/{bot}/chat", headers=HEADERS, json=QUESTION)


def questions(client):
    """The number of questions to the other bot."""
    return rates(client, OTHER).json["total"]["question_count"]


def ask_as_before(cache):
    """A question whose head is the same each time: the cache knows its caller after two of them."""
    url = f"http://localhost/v1/{PROJECT}/qabots/{OTHER}/chat"
    headers = {**HEADERS, "Content-Type": "application/json"}
    return exchange(cache, "POST", url, headers.items(), json.dumps(QUESTION).encode())


@pytest.fixture
def dispatched(monkeypatch):
    """A list with an item for each request that Flask handles."""
    found, dispatch = [], Flask.full_dispatch_request
    monkeypatch.setattr(Flask, "full_dispatch_request", lambda app: found.append(1) or dispatch(app))
    return found


@pytest.fixture
def proxy_and_client(postgres_url):
    """A mock whose database is behind a proxy."""
    with proxied(f"{postgres_url}?schema=outage") as (proxy, url):
        backend = PostgresBackend(url)
        yield proxy, create_app(Settings(now=NOW), backend).test_client()
        proxy.mend()
        backend.close()


def test_what_needs_no_database_is_answered_without_it(proxy_and_client):
    """Figures of generated traffic stay, with a remark; what was recorded, and writes, are unavailable."""
    proxy, client = proxy_and_client
    generated = rates(client).json
    assert ask(client, OTHER).status_code == 200
    before = rates(client, OTHER).json["total"]

    proxy.cut()
    away, written, recorded = rates(client), ask(client, OTHER), rates(client, OTHER)
    ready = client.get("/_mockcbs/ready").json

    assert away.json == generated
    assert "the database" in away.headers["X-Mockcbs-Reason"]
    assert (written.status_code, written.json["error_code"]) == (503, "APIG.0201")
    assert "cannot be reached" in written.headers["X-Mockcbs-Reason"]
    assert recorded.status_code == 503
    assert "cannot be reached" in ready["database"]

    proxy.mend()
    while rates(client, OTHER).status_code == 503:
        pass
    assert rates(client, OTHER).json["total"] == before
    assert "X-Mockcbs-Reason" not in rates(client).headers
    assert ask(client, OTHER).status_code == 200
    assert client.get("/_mockcbs/ready").json["database"] == "connected"


def test_the_database_comes_back_while_a_request_is_answered(proxy_and_client, monkeypatch):
    """A response that may lack data because of an outage has a remark about it, beside other remarks."""
    _, client = proxy_and_client
    connections = client.application.extensions["mockcbs"].backend.feed._db.connections
    path = f"/v1/{PROJECT}/qabots/{OTHER}/requests/reply-rates?unknown=1"
    load = PostgresRecordings.load

    def load_and_come_back(recordings, scope, bot_id):
        connections.mark_away("the database is away")
        load(recordings, scope, bot_id)
        connections.mark_back()

    with monkeypatch.context() as patch:
        patch.setattr(PostgresRecordings, "load", load_and_come_back)
        meanwhile = client.get(path, headers=HEADERS)
    afterwards = client.get(path, headers=HEADERS)

    assert (meanwhile.status_code, afterwards.status_code) == (200, 200)
    assert "the database is away" in meanwhile.headers["X-Mockcbs-Reason"]
    assert "unknown" in meanwhile.headers["X-Mockcbs-Reason"]
    assert "the database" not in afterwards.headers["X-Mockcbs-Reason"]


def test_questions_of_known_callers_need_the_database(proxy_and_client, dispatched):
    """They skip Flask, which tells what is wrong while the database is away."""
    proxy, client = proxy_and_client
    cache = ResponseCache(client.application)
    assert [ask_as_before(cache).status for _ in range(4)] == [200] * 4
    assert len(dispatched) == 2

    proxy.cut()
    away = ask_as_before(cache)
    proxy.mend()
    while ask_as_before(cache).status == 503:
        pass

    assert (away.status, json.loads(away.body)["error_code"]) == (503, "APIG.0201")
    assert "cannot be reached" in dict(away.headers)["X-Mockcbs-Reason"]
    before = questions(client)
    assert ask_as_before(cache).status == 200
    assert questions(client) == before + 1


def test_a_known_caller_learns_that_the_database_was_away(proxy_and_client, monkeypatch):
    """The question is answered once, although Flask adds the remark."""
    _, client = proxy_and_client
    cache = ResponseCache(client.application)
    for _ in range(3):
        ask_as_before(cache)
    before = questions(client)

    with monkeypatch.context() as patch:
        patch.setattr(PostgresFeed, "away_within", lambda *_: "the database hiccuped")
        answer = ask_as_before(cache)

    assert "hiccuped" in dict(answer.headers)["X-Mockcbs-Reason"]
    assert questions(client) == before + 1
