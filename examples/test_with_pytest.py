"""pytest: the plugin comes with mockcbs, its fixtures need no import."""

import pytest
from client import UnavailableError, sessions

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"


@pytest.mark.mockcbs(dataset="documented-week")
def test_the_figure(mockcbs):
    """In process: the client calls the real host and reaches the mock."""
    assert sessions(PROJECT, BOT, "any-token") == 122
    mockcbs.verify("GET", "*/requests/session-stats", count=1)


@pytest.mark.mockcbs(dataset="empty")
def test_a_question_counts_at_once(mockcbs):
    before = sessions(PROJECT, BOT, "any-token")

    mockcbs.ask(BOT, "桌面云打不开", user="u1")
    mockcbs.clock.advance(minutes=3)

    assert sessions(PROJECT, BOT, "any-token") == before + 1


@pytest.mark.mockcbs(scenario="flaky-once")
def test_the_client_tries_again(mockcbs):
    assert sessions(PROJECT, BOT, "any-token") > 0
    assert [entry.status for entry in mockcbs.journal] == [500, 200]


@pytest.mark.parametrize("scenario", ["outage", "reset", "malformed-json", "html-gateway"])
def test_the_client_gives_up_in_its_own_words(mockcbs, scenario):
    mockcbs.scenario(scenario)

    with pytest.raises(UnavailableError):
        sessions(PROJECT, BOT, "any-token")


@pytest.mark.mockcbs(scenario="throttled")
def test_over_a_real_socket(mockcbs_server):
    """Live: for clients in other languages, or to see true resets."""
    for _ in range(3):
        assert sessions(PROJECT, BOT, "any-token", base_url=mockcbs_server.url) > 0
    with pytest.raises(UnavailableError, match="429"):
        sessions(PROJECT, BOT, "any-token", base_url=mockcbs_server.url)
