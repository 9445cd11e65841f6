"""The mock in process, with the clients that reach it."""

import pytest
from huaweicloudsdkcbs.v1 import CbsClient, CollectSessionStatsRequest
from huaweicloudsdkcbs.v1.region.cbs_region import CbsRegion
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ConnectionException

from mockcbs import Mock
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT
from tests.testing.calls import PATH, TOKEN, WHEN, get


def test_two_mocks_side_by_side():
    """Each mock has its own traffic, clock and journal; the outer one answers after the inner one ends."""
    with Mock(seed=1, now=WHEN) as outer:
        one = get().content
        with Mock(seed=2, now=WHEN) as inner:
            two = get().content
        again = get().content

    assert one == again != two
    assert (len(outer.journal), len(inner.journal)) == (2, 1)


def test_what_one_mock_is_told_another_never_hears():
    """Mocks share what ships with mockcbs, and nothing that was asked, played or moved in one of them."""
    told, other = Mock(seed=1, now=WHEN), Mock(seed=1, now=WHEN)
    with other:
        before = get().content

    told.ask(BOT, "a question nobody asked before", outcome="direct")
    told.scenario("outage")
    told.clock.advance(days=40)

    with other:
        assert get().content == before
    with Mock(seed=1, now=WHEN):
        assert get().content == before


def test_as_a_decorator():
    """Each call of the function has a fresh mock."""
    seen = []

    @Mock(scenario="flaky-once")
    def calls() -> int:
        seen.append(get().status_code)
        seen.append(get().status_code)
        return len(seen)

    assert (calls(), calls()) == (2, 4)
    assert seen == [500, 200, 500, 200]


def test_scenario_of_the_constructor_survives_a_reset():
    """A reset restores the scenario of the constructor."""
    with Mock(scenario={"rules": [{"answer": {"status": 503}}]}) as mock:
        mock.scenario(None)
        well = get().status_code
        mock.reset()

        assert (well, get().status_code) == (200, 503)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda _: Mock(sed=7),
            "Mock does not take 'sed'; accepted are the .*, such as seed, .*; did you mean 'seed'?",
        ),
        (
            lambda _: LiveServer(passthrough=[]),
            r"LiveServer does not take 'passthrough'; accepted are the \d+ that help\(mockcbs.Settings",
        ),
        (
            lambda mock: mock.verify("GET", oparation="cbs.keywords"),
            "verify does not take 'oparation'; accepted are .*, at_most; did you mean 'operation'?",
        ),
        (
            lambda mock: mock.clock.advance(minuts=3),
            "clock.advance does not take 'minuts'; accepted are weeks, .*; did you mean 'minutes'?",
        ),
    ],
    ids=["Mock", "LiveServer", "verify", "advance"],
)
def test_an_argument_that_is_not_taken(shared, call, told):
    """The error names the unknown argument and the known ones."""
    with pytest.raises(TypeError, match=told.replace("?", "[?]")):
        call(shared)


def test_the_official_sdk(mock, tmp_path, monkeypatch):
    """Unchanged: it finds its project at IAM, signs its calls, and sees the faults."""
    monkeypatch.setenv("HOME", str(tmp_path))
    client = (
        CbsClient.new_builder()
        .with_credentials(BasicCredentials("MOCKCBSAK", "mockcbs-secret-key"))
        .with_region(CbsRegion.CN_NORTH_4)
        .build()
    )
    request = CollectSessionStatsRequest(qabot_id=BOT, interval="day", time_zone="+08:00")

    stats = client.collect_session_stats(request)
    mock.scenario("reset")

    assert stats.time_zone == "+08:00"
    assert stats.endutc == mock.clock.now
    with pytest.raises(ConnectionException):
        client.collect_session_stats(request)


def test_any_wsgi_client(mock):
    """Any client or server of WSGI can use the application."""
    assert mock.app.test_client().get(PATH, headers=TOKEN).status_code == 200
