"""Flask as mocks need it."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from flask import Blueprint
from werkzeug.routing import Map, Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mockcbs import Settings, create_app
from mockcbs.web.wsgi import Application, Route, Routes

PATTERN = "/v1/<project_id>/qabots/<qabot_id>/chat"


def built(kind, **values):
    adapter = Map([kind(PATTERN, endpoint="chat")]).bind("localhost")
    return adapter.build("chat", values)


def test_a_route_builds_the_url_that_any_rule_builds():
    """A route, whose builder is compiled late, builds the URL of an ordinary rule, with or without a
    query.
    """
    for values in (
        {"project_id": "p/1", "qabot_id": "二"},
        {"project_id": "p", "qabot_id": "b", "top": 3, "q": "a b"},
    ):
        assert built(Route, **values) == built(Rule, **values)


def test_no_route_makes_a_builder_when_it_is_made(monkeypatch):
    """A name werkzeug no longer uses would cost every mock ten milliseconds in silence."""
    made = []
    monkeypatch.setattr(Rule, "_get_func_code", staticmethod(lambda *code: made.append(code)))
    app = Application("routes")

    app.add_url_rule(PATTERN, "chat", lambda **ids: ids)

    assert app.test_client().get("/v1/p/qabots/b/chat").json == {"project_id": "p", "qabot_id": "b"}
    assert made == []


def test_mocks_share_their_routes():
    """The second mock of a process adds no routes; without the control API, its routes are unknown."""
    first, second, bare = create_app(), create_app(), create_app(Settings(control=False))

    assert first.url_map is second.url_map
    assert first.test_client().get("/_mockcbs/health").status_code == 200
    assert bare.test_client().get("/_mockcbs/health").status_code == 404
    assert len(bare.rules()) < len(second.rules())


def test_a_shared_route_is_nobodys_own():
    """A route that one application added would lead nowhere in all others."""
    with pytest.raises(RuntimeError, match=r"^/mine: all mocks of this process share their routes"):
        create_app().add_url_rule("/mine", "mine", lambda: "mine")


def test_routes_are_added_by_many_at_once():
    """Threads that create the first applications at the same time get every route once."""
    shared = Routes()

    def add(_: int) -> None:
        with shared.opened():
            for name in "abc":
                shared.add(Route(f"/{name}", endpoint=name))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(200)))

    assert [rule.endpoint for rule in shared.iter_rules()] == ["a", "b", "c"]


def test_a_request_waits_until_new_routes_match(monkeypatch):
    """A request that arrives while the routes of its service are being added gets no 404."""
    app, late = Application("late", Routes()), Blueprint("late", __name__)
    late.add_url_rule("/late", "late", lambda: "late")
    app.offer("late", lambda: late, lambda _, path: path == "/late")
    publish, others = Routes._publish, []

    def get() -> int:
        return app.test_client().get("/late").status_code

    def publishing(routes: Routes) -> None:
        others.append(threads.submit(get))
        wait(others, timeout=0.2)  # enough for a response by the earlier routes
        publish(routes)

    monkeypatch.setattr(Routes, "_publish", publishing)
    with ThreadPoolExecutor(1) as threads:
        statuses = [get(), *(other.result(20) for other in others)]

    assert statuses == [200, 200]


@pytest.mark.parametrize(
    ("sent", "query"),
    [("名".encode(), "domain=%E5%90%8D"), (b"\xff", "domain=%FF"), (b"%E5%90%8D", "domain=%E5%90%8D")],
)
def test_a_query_that_is_not_encoded(sent, query):
    """Some servers pass it on; its response and its entry in the journal are those of the encoded one."""
    app = create_app(Settings())
    path = "/v1/p/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/reply-rates"
    environ = EnvironBuilder(path, headers={"X-Auth-Token": "t"}).get_environ()
    environ["QUERY_STRING"] = f"interval=day&domain={sent.decode('latin-1')}"

    _, status, _ = run_wsgi_app(app, environ, buffered=True)

    (entry,) = app.extensions["mockcbs"].journal.entries()
    assert status == "200 OK"
    assert entry.shown_query == f"interval=day&{query}"
