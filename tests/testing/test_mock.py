"""The mock in process, with the clients that reach it."""

import asyncio
import re
import time

import httpx
import pytest
import requests
from huaweicloudsdkcbs.v1 import CbsClient, CollectSessionStatsRequest
from huaweicloudsdkcbs.v1.region.cbs_region import CbsRegion
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ConnectionException

from mockcbs import Mock
from mockcbs.core.errors import UserError
from mockcbs.faults.scenario_file import ScenarioError
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, PROJECT

WHEN = "2026-02-19T15:49:25+08:00"
PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"
URL = f"https://cbs-ext.cn-north-4.myhuaweicloud.com{PATH}"
STATS = URL.replace("reply-rates", "session-stats?interval=day")
TOKEN = {"X-Auth-Token": "any"}


@pytest.fixture(scope="module")
def shared():
    return Mock(seed=7, now=WHEN)


@pytest.fixture
def mock(shared):
    with shared:
        yield shared


def get(url=URL, **options):
    return requests.get(url, headers=TOKEN, **options)


def test_requests_reach_the_real_host(mock):
    """A call to the vendor's own URL is answered, with the vendor's headers."""
    answer = get(params={"interval": "week"})

    assert (answer.status_code, answer.headers["Server"]) == (200, "api-gateway")
    assert answer.json()["interval"] == "week"
    assert answer.json()["endutc"] == mock.clock.now


def test_time_can_be_moved(mock):
    """Frozen at an instant, moved by three minutes, and back at the start after a reset."""
    start = mock.clock.now
    mock.clock.freeze("2021-02-19T15:49:25+08:00")
    mock.clock.advance(minutes=3)
    moved = get().json()["endutc"]

    mock.reset()

    assert moved == 1_613_720_965_000 + 180_000
    assert mock.clock.now == start


def test_asking_adds_to_the_traffic(mock):
    """A question counts at once in every statistic of its bot; a reset takes it back."""
    before = get(STATS).json()["total"]["session_count"], get().json()["total"]

    mock.ask(BOT, "桌面云打不开", user="u1")
    mock.ask(BOT, "???", outcome="invalid", session="s")
    mock.ask(BOT, "gibberish", session="s")

    after = get(STATS).json()["total"]["session_count"], get().json()["total"]
    assert after[0] == before[0] + 2
    counts = [f"{outcome}_count" for outcome in ("direct", "invalid", "notmatch")]
    assert [after[1][count] - before[1][count] for count in counts] == [1, 1, 1]
    mock.reset()
    assert get().json()["total"] == before[1]


def test_the_journal_and_verify(mock):
    """What was called is there, oldest first; what was not is explained."""
    get(params={"interval": "day"})
    get(params={"interval": "hour"})

    assert [entry.status for entry in mock.journal] == [200, 400]
    mock.verify("GET", "*/reply-rates", count=2)
    mock.verify(operation="cbs.reply_rates", query={"interval": "day"}, count=1)
    mock.verify(path="*/keywords", count=0)
    with pytest.raises(AssertionError, match="query 'interval': wanted 'week', was 'hour'"):
        mock.verify(query={"interval": "week"}, count=1)


def test_unknown_hosts_are_refused(mock):
    """No call leaves the process by mistake; the error states how to allow it."""
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get("https://me:hush@example.com:8443/hush?token=hush", timeout=1)
    with pytest.raises(requests.ConnectionError, match=r"api\.coze\.cn"):
        requests.post("https://cbs-ext.cn-north-4.myhuaweicloud.com.example.com/", timeout=1)

    told = str(caught.value)
    assert type(caught.value) is requests.ConnectionError
    assert caught.value.request.url.startswith("https://me:hush@example.com:8443/")
    assert told.startswith("example.com:8443 was not called: this mock handles cbs-ext.*.myhuaweicloud.com, ")
    assert ", www.coze.cn, www.coze.com, " in told
    assert ", and refuses other calls. " in told
    assert told.endswith("@pytest.mark.mockcbs(passthrough=['https://example.com:8443/'])")
    assert "hush" not in told
    assert mock.journal == []


@pytest.mark.parametrize("url", ["https://example.com/", "http://mock/", "https://api.coze.cn.example.com"])
def test_httpx_is_refused_unknown_hosts_too(shared, url):
    """By a transport error of httpx, with the same words, synchronous or not."""
    transport = shared.httpx_transport()

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(url)

    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError) as caught:
        client.get(url)
    with pytest.raises(httpx.ConnectError, match="was not called: this mock handles"):
        asyncio.run(ask())

    assert str(caught.value.request.url) == url
    assert str(caught.value).endswith(f"(passthrough=['{httpx.URL(url).scheme}://{httpx.URL(url).host}/'])")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.coze.cn/v1/users/me",
        "http://www.coze.com:80/v1/users/me",
        "https://me:hush@api.coze.com/v1/users/me",
        "https://iam.myhuaweicloud.com/v3/projects",
        "https://iam.ap-southeast-1.myhuaweicloud.com/v3/projects",
        "https://API.coze.cn?x",
    ],
)
def test_all_real_hosts_are_answered(mock, url):
    """With either client, on any port, whoever is named in the URL."""
    with httpx.Client(transport=mock.httpx_transport()) as client:
        statuses = {client.get(url).status_code, requests.get(url, timeout=5).status_code}

    assert statuses <= {200, 401, 404}
    assert [entry.service for entry in mock.journal] == ["iam" if "iam" in url else "coze"] * 2


def test_passthrough_on_demand():
    """A prefix that is named goes out: here to a port where nobody listens."""
    with Mock(passthrough=["http://127.0.0.1:9/"]), pytest.raises(requests.ConnectionError, match="port=9"):
        requests.get("http://127.0.0.1:9/", timeout=1)


def test_one_prefix_is_no_list_of_letters():
    """A prefix that is given alone is one prefix, not one for each of its letters."""
    with Mock(passthrough="http://127.0.0.1:9/"):
        with pytest.raises(requests.ConnectionError, match="port=9"):
            requests.get("http://127.0.0.1:9/", timeout=1)
        with pytest.raises(requests.ConnectionError, match="was not called"):
            requests.get("http://127.0.0.1:99/", timeout=1)


@pytest.mark.parametrize("passthrough", [5, "", [5], None])
def test_what_is_no_prefix(passthrough):
    """The empty text would let everything pass."""
    with pytest.raises(UserError, match=r"passthrough .* is not the beginning of a URL"):
        Mock(passthrough=passthrough)


def test_httpx_passes_through_as_requests_does():
    """To a live server beside the mock, synchronous or not; what was opened is closed with the client."""
    with LiveServer(dataset="empty") as live:
        mock = Mock(passthrough=[live.url])
        transport = mock.httpx_transport()

        async def ask() -> int:
            async with httpx.AsyncClient(transport=transport) as client:
                return (await client.get(live.url + PATH, headers=TOKEN)).status_code

        with httpx.Client(transport=transport) as client:
            outside, inside = (client.get(url, headers=TOKEN).status_code for url in (live.url + PATH, URL))
        statuses = [outside, inside, asyncio.run(ask()), asyncio.run(ask())]

        assert statuses == [200] * 4
        assert (len(live.journal), len(mock.journal)) == (3, 1)


@pytest.mark.parametrize("name", ["X-Anything", "Prefer", "Authorization", "X-Auth-Token", "Content-Type"])
@pytest.mark.parametrize("value", [b"plain", b"\xff\xfe", "caf\u00e9", "tab\tin it", ""], ids=ascii)
def test_header_values_of_any_bytes(mock, name, value):
    """As bytes or as text, ASCII or not: a header arrives as live, and the journal can be read."""
    answer = requests.get(URL, headers={**TOKEN, name: value}, timeout=5)

    assert answer.status_code in {200, 401}
    (entry,) = mock.journal
    assert entry.status == answer.status_code
    assert mock.report()
    assert mock.app.test_client().get("/_mockcbs/journal").json["count"] == 1


def test_a_header_that_cannot_be_sent_is_refused_as_live(mock):
    """`http.client` sends Latin-1 and nothing else; the mock raises the same error."""
    with pytest.raises(UnicodeEncodeError):
        requests.get(URL, headers={**TOKEN, "X-Name": "\u684c"}, timeout=5)

    assert mock.journal == []


def test_httpx_headers_of_any_bytes(mock):
    """The client guesses an encoding for what it shows; the mock takes the bytes."""
    with httpx.Client(transport=mock.httpx_transport()) as client:
        headers = [*TOKEN.items(), (b"X-Name", "\u684c".encode())]
        assert client.get(URL, headers=headers).status_code == 200

    assert len(mock.journal) == 1


def test_outside_nothing_is_intercepted(shared):
    """After the block, `requests` is as it was."""
    send = requests.adapters.HTTPAdapter.send

    with shared:
        inside = requests.adapters.HTTPAdapter.send

    assert inside is not send
    assert requests.adapters.HTTPAdapter.send is send


def test_two_mocks_side_by_side():
    """Each has its own traffic, clock and journal; the inner one answers, then the outer one again."""
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
    """Each call of the function begins afresh."""
    seen = []

    @Mock(scenario="flaky-once")
    def calls() -> int:
        seen.append(get().status_code)
        seen.append(get().status_code)
        return len(seen)

    assert (calls(), calls()) == (2, 4)
    assert seen == [500, 200, 500, 200]


def test_scenario_of_the_constructor_survives_a_reset():
    """It is how this mock begins."""
    with Mock(scenario={"rules": [{"answer": {"status": 503}}]}) as mock:
        mock.scenario(None)
        well = get().status_code
        mock.reset()

        assert (well, get().status_code) == (200, 503)


def test_a_scenario_of_one_project(mock):
    """Others go on undisturbed."""
    mock.scenario("server-error", project="0" * 31 + "1")

    assert get().status_code == 200
    assert get(URL.replace(PROJECT, "0" * 31 + "1")).status_code == 500


def test_a_mistake_in_a_scenario(mock):
    """The error comes at once."""
    with pytest.raises(ScenarioError, match="no scenario 'flaky'"):
        mock.scenario("flaky")


def test_a_scenario_that_is_none():
    """What is neither a name nor rules is refused as well."""
    with pytest.raises(ScenarioError, match="scenario: 5 is not a name; the content of a file must be a"):
        Mock(scenario=5)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"ttl_seconds": -1}, ScenarioError, "ttl_seconds: -1.0 is not between 0.001 and 31536000"),
        ({"ttl_seconds": True}, ScenarioError, "ttl_seconds: True is not a number between"),
        ({"projet": "x"}, TypeError, "scenario does not take 'projet'; accepted are scenario, project, "),
        ({"project": ""}, ValueError, "scenario: a project of 0 characters, not 1 to 256"),
        ({"project": 5}, TypeError, "scenario: project 5 is not a text"),
        ({"token": ""}, ValueError, "scenario: a token of 0 characters, not 1 to 65536"),
        ({"project": "a", "token": "b"}, TypeError, "scenario: give a project or a token, not both"),
    ],
)
def test_a_scenario_for_nobody(mock, given, error, words):
    """It is refused, and not played for all."""
    with pytest.raises(error, match=re.escape(words)):
        mock.scenario("server-error", **given)

    assert get().status_code == 200


def test_a_scenario_may_be_a_path(mock, tmp_path):
    """As pathlib has it."""
    (file := tmp_path / "mine.yaml").write_text("rules: [{answer: {status: 503}}]")

    mock.scenario(file)

    assert get().status_code == 503


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda _: Mock(sed=7),
            "Mock does not take 'sed'; accepted are passthrough, .*; did you mean 'seed'?",
        ),
        (lambda _: LiveServer(passthrough=[]), "LiveServer does not take 'passthrough'; accepted are seed, "),
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
    """It is named with those that are."""
    with pytest.raises(TypeError, match=told.replace("?", "[?]")):
        call(shared)


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("reset", requests.ConnectionError),
        ("empty-reply", requests.ConnectionError),
        ("garbage", requests.ConnectionError),
        ("truncated-body", requests.exceptions.ChunkedEncodingError),
        ("truncated-chunk", requests.exceptions.ChunkedEncodingError),
        ("no-answer", requests.ReadTimeout),
    ],
)
def test_requests_sees_the_faults_it_would_see_live(mock, wire, expected):
    """The exception is of the very class that a live server causes; the next call succeeds."""
    mock.scenario({"rules": [{"when": {"nth": 1}, "wire": wire}]})

    with pytest.raises(expected) as caught:
        get(timeout=5)

    assert type(caught.value) is expected
    assert get().status_code == 200


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("reset", httpx.ReadError),
        ("empty-reply", httpx.RemoteProtocolError),
        ("garbage", httpx.RemoteProtocolError),
        ("truncated-body", httpx.RemoteProtocolError),
        ("truncated-chunk", httpx.RemoteProtocolError),
        ("no-answer", httpx.ReadTimeout),
    ],
)
def test_httpx_sees_the_faults_it_would_see_live(shared, wire, expected):
    """So does httpx, synchronous or not."""
    shared.reset()
    shared.scenario({"rules": [{"when": {"first": 2}, "wire": wire}]})
    transport = shared.httpx_transport()

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(URL, headers=TOKEN)

    with httpx.Client(transport=transport) as client:
        with pytest.raises(expected):
            client.get(URL, headers=TOKEN)
        with pytest.raises(expected):
            asyncio.run(ask())
        assert client.get(URL, headers=TOKEN).status_code == 200


def test_httpx_answers_as_requests(mock):
    """Both clients read the same bytes."""
    with httpx.Client(transport=mock.httpx_transport()) as client:
        assert client.get(URL, headers=TOKEN).content == get().content


def test_a_timeout_is_not_waited_for(mock):
    """A latency beyond the client's patience is a timeout at once; within it, it passes."""
    mock.scenario({"rules": [{"latency": {"fixed_ms": 100}}]})
    began = time.monotonic()

    with pytest.raises(requests.ReadTimeout):
        get(timeout=0.05)
    gave_up = time.monotonic() - began
    waited = get(timeout=(1, 5)).status_code

    assert gave_up < 0.1
    assert waited == 200
    assert time.monotonic() - began > 0.1


@pytest.mark.parametrize("body", ["text", b"bytes", iter([b"pieces"])])
def test_bodies_of_every_kind_arrive(mock, body):
    """Text, bytes, and what is made piece by piece."""
    requests.post("https://iam.myhuaweicloud.com/v3/auth/tokens", data=body, timeout=5)

    assert mock.journal[-1].call.body in {"text", "bytes", "pieces"}


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
    """The application itself serves whatever speaks WSGI."""
    assert mock.app.test_client().get(PATH, headers=TOKEN).status_code == 200


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"outcome": "great"}, ValueError, "ask: outcome 'great' is not one of direct, recommend, notmatch"),
        ({"question": None}, TypeError, "ask: question None is not a text"),
        ({"question": ""}, ValueError, "ask: a question of 0 characters, not 1 to 512"),
        ({"question": "x" * 513}, ValueError, "ask: a question of 513 characters, not 1 to 512"),
        ({"bot": "nope"}, ValueError, "bot id 'nope' is not a UUID or 16 to 20 digits"),
        ({"user": 5}, TypeError, "ask: user 5 is not a text"),
        ({"session": None}, TypeError, "ask: session None is not a text"),
        ({"user": "x" * 1025}, ValueError, "ask: a user of 1025 characters, not 0 to 1024"),
        ({"question": "\ud800"}, ValueError, "ask: question '\\ud800' holds half a character"),
        ({"project": ""}, ValueError, "ask: a project of 0 characters, not 1 to 256"),
        ({"token": 5}, TypeError, "ask: token 5 is not a text"),
        ({"token": ""}, ValueError, "ask: a token of 0 characters, not 1 to 65536"),
        ({"at": "yesterday"}, ValueError, "ask: at 'yesterday' is neither epoch milliseconds"),
        ({"at": True}, ValueError, "ask: at True is neither epoch milliseconds"),
        ({"at": -5}, ValueError, "ask: at -5 is not between 1970 and 2099"),
        ({"at": "2026-02-30"}, ValueError, "ask: at '2026-02-30': there is no day 2026-02-30"),
    ],
)
def test_what_nobody_can_ask_is_refused(mock, asked, error, words):
    """Nothing of it is in the traffic."""
    before = get().content

    with pytest.raises(error, match=re.escape(words)):
        mock.ask(**{"bot": BOT, "question": "x", **asked})

    assert get().content == before


def test_a_bot_that_calls_do_not_find_is_not_asked():
    """When strict, the dataset's bots are all there are."""
    mock = Mock(strict=True)
    stranger = "9" * 8 + BOT[8:]

    with pytest.raises(ValueError, match=rf"ask: dataset everyday has no bot {stranger} \(strict\)"):
        mock.ask(stranger, "x")
    assert mock.ask(BOT, "x").bot_id == BOT


def test_a_bot_is_the_same_in_capitals(mock):
    """As its calls are."""
    before = get().json()["total"]["question_count"]

    mock.ask(BOT.upper(), "x")

    assert get().json()["total"]["question_count"] == before + 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"operation": "cbs.sesion_stats"}, "operation: 'cbs.sesion_stats' is not one of "),
        (
            {"service": "cbss"},
            "service: 'cbss' is not one of airtable, cbs, ",
        ),
        ({"operation": "zzz.*"}, "operation: 'zzz.*' is not one of "),
        (
            {"operation": "cbs.keywords", "service": "coze"},
            "operation: 'cbs.keywords' is not one of coze.",
        ),
        (
            {"method": "GTE"},
            "'GTE' is not one of CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE; did you mean",
        ),
        ({"method": 5}, "method: 5 is not text"),
        ({"path": 5}, "path: 5 is not text"),
        ({"query": "x"}, "query: must be a mapping"),
        ({"query": {"a": 5}}, "query.a: 5 is not text"),
        ({"status": "200"}, "status: '200' is not a whole number between 100 and 599"),
        ({"status": 999}, "status: 999 is not between 100 and 599"),
        ({"count": -1}, "count: -1 is not between 0 and 1000000000"),
        ({"count": "1"}, "count: '1' is not a whole number between 0 and 1000000000"),
        ({"count": True}, "count: True is not a whole number between 0 and 1000000000"),
        ({"count": 1, "at_least": 1}, "give count, or at_least and at_most"),
        ({"count": None, "at_least": 3, "at_most": 1}, "at_least: 3 is more than at_most, 1"),
    ],
)
def test_what_no_call_can_be_is_not_verified(mock, wanted, words):
    """A misspelt name would find no calls, and be taken for a proof that there were none."""
    with pytest.raises(ValueError, match=re.escape(words)):
        mock.verify(**{"count": 0, **wanted})


def test_a_method_is_the_same_in_lower_case(mock):
    """As in most libraries."""
    get()

    mock.verify("get", count=1)
    mock.verify("g?t", operation="cbs.*_rates", count=1)


@pytest.mark.parametrize("way", ["freeze", "tick"])
def test_a_clock_is_set_to_an_instant(mock, way):
    """A value that is no instant is refused by the name of its argument; the clock stays."""
    before = mock.clock.now

    with pytest.raises(ValueError, match=f"clock.{way}: 'xx' is neither epoch milliseconds"):
        getattr(mock.clock, way)("xx")
    with pytest.raises(ValueError, match=f"clock.{way}: -1 is not between 1970 and 2099"):
        getattr(mock.clock, way)(-1)

    assert mock.clock.now == before


@pytest.mark.parametrize(
    ("units", "words"),
    [({}, "give an amount; accepted are weeks"), ({"minutes": "3"}, "minutes '3' is not a number")],
)
def test_a_clock_is_told_by_how_much(mock, units, words):
    """The error for no amount, or for one that is not a number, names the argument."""
    with pytest.raises(TypeError, match=re.escape(words)):
        mock.clock.advance(**units)


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ({"weeks": -9999}, "clock.advance(weeks=-9999): -6047395200000 ms from "),
        ({"days": 1e9}, "clock.advance(days=1000000000.0): "),
        ({"days": float("nan")}, "clock.advance(days=nan): "),
    ],
)
def test_a_clock_stays_between_1970_and_2099(mock, units, words):
    """The error for a skip that is too large repeats the arguments."""
    with pytest.raises(ValueError, match=re.escape(words)):
        mock.clock.advance(**units)


def test_explain():
    """All turns behind a figure, and a clear error for what is no figure."""
    target = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"
    with Mock(dataset="empty") as m:
        for user in ("ann", "bob", "ann"):
            m.ask(BOT, "桌面云打不开", user=user)

        why = m.explain(target, "total.user_count")

        assert [turn["user_id"] for turn in why["turns"]] == ["ann", "bob"]
        with pytest.raises(
            ValueError, match=r"explain: figure: 'total\.users' is not one of total\.session_count"
        ):
            m.explain(target, "total.users")
