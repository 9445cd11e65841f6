"""Two runs of a test suite on a frozen clock see equal bytes, log ids and request ids included."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.core.errors import FullError
from tests.conftest import BOT, NOW, PROJECT

COZE = "7342866812345678901"
RANGE = "start_date=2025-12-15&end_date=2025-12-21"
STATISTICS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"


def _suite(app, rounds=3):
    """What a test suite sees: bodies and ids of good requests and bad ones."""
    client, seen = app.test_client(), []
    for token in ("pat_one", "pat_two"):
        headers = {"Authorization": f"Bearer {token}"}
        for _ in range(rounds):
            made = client.post("/v3/chat", json={"bot_id": COZE, "user_id": "u"}, headers=headers)
            read = client.get(f"/v1/bots/{COZE}/analytics?{RANGE}", headers=headers)
            bad = client.get("/v1/bots/nope/analytics", headers=headers)
            cbs = client.get(STATISTICS, headers={"X-Auth-Token": token})
            lost = client.get(STATISTICS)
            seen += [(one.data, one.headers.get("X-Tt-Logid"), one.headers.get("X-Request-Id"))
                     for one in (made, read, bad, cbs, lost)]  # fmt: skip
    return seen


def _app(**settings):
    return create_app(Settings(now=NOW, **settings))


def test_two_runs_see_equal_bytes():
    """On a frozen clock all bytes depend only on seed, clock, scope and earlier requests."""
    assert _suite(_app()) == _suite(_app())


def test_ids_differ_within_a_run():
    """No two requests have the same id."""
    ids = [logid or request_id for _, logid, request_id in _suite(_app())]

    assert len(set(ids)) == len(ids)


def test_seeds_and_clocks_differ():
    """Another seed or instant gives other ids."""
    one, *others = (
        [request_id for *_, request_id in _suite(app)]
        for app in (_app(), _app(seed=7), create_app(Settings(now=NOW + 1)))
    )

    assert not [ids for ids in others if set(ids) - {None} & set(one) - {None}]


def test_scopes_do_not_meddle():
    """Requests of one scope do not change the ids of another, so tests may run in parallel."""
    app = _app()
    client = app.test_client()
    for _ in range(5):
        client.get("/v1/users/me", headers={"Authorization": "Bearer pat_busy"})

    assert _suite(app)[:10] == _suite(_app())[:10]


def test_a_reset_begins_anew():
    """After a reset the same requests get the same bytes."""
    app = _app()
    first = _suite(app)

    app.test_client().post("/_mockcbs/reset")

    assert _suite(app) == first


def test_ids_of_a_running_clock_are_random():
    """While the clock runs, two runs get different ids."""
    one, other = (_suite(create_app(Settings()), 1) for _ in range(2))

    assert one[0][1] != other[0][1]


def test_a_full_backend_still_answers(monkeypatch: pytest.MonkeyPatch):
    """If requests cannot be counted, ids are random, and requests are answered."""
    app = _app()

    def refuse(*_):
        raise FullError("no room")

    monkeypatch.setattr(app.extensions["mockcbs"].backend.counts, "next", refuse)

    answer = app.test_client().get("/v1/users/me", headers={"Authorization": "Bearer x"})

    assert answer.json["code"] == 0
