"""The context of a request."""

import re

import pytest
from flask import g

from mockcbs import Settings, create_app
from mockcbs.web import context
from mockcbs.web.context import KEY, Context
from tests.conftest import BOT, PROJECT

PATHS = [
    f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=week&strange=1",
    "/v3/projects",
    "/v1/bots/7342866812345678901/analytics?start_date=2026-11-20&end_date=2026-11-21",
    "/_mockcbs/health",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_context_is_all_that_a_request_leaves_in_g(path):
    """No hook, guard or view stores anything else in g."""
    app, left = create_app(Settings(now="2026-11-22")), []
    app.teardown_request(lambda _: left.extend(g))

    app.test_client().get(path, headers={"X-Auth-Token": "x", "Prefer": "scenario=missing-member"})

    assert left == ["context"]


def test_a_server_reads_the_context_it_made():
    """The server finds in the context whose request it was and how to deliver the response."""
    this = Context(delivers=True)
    client = create_app(Settings(now="2026-11-22", scenario="slow")).test_client()

    client.get(PATHS[0], headers={"X-Auth-Token": "x"}, environ_overrides={KEY: this})

    assert (this.project, this.scope, this.bot_id) == (PROJECT, PROJECT, BOT)
    assert this.entry.status == 200
    assert this.delivery.delay > 0


def test_instant_and_id_are_drawn_once():
    """All parts of a response show the same instant and request id."""
    app = create_app()

    with app.test_request_context("/"):
        drawn = {(context.now(), context.request_id()) for _ in range(100)}
    with app.test_request_context("/"):
        drawn.add((context.now(), context.request_id()))

    ids = [request_id for _, request_id in drawn]
    assert len(set(ids)) == len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", request_id) for request_id in ids)
