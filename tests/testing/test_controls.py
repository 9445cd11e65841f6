"""Time, scenarios, questions and the journal of a mock."""

import re

import pytest
import yaml

from mockcbs import Mock
from mockcbs.core.errors import UserError
from mockcbs.faults.scenario_file import ScenarioError
from tests.conftest import BOT, PROJECT
from tests.testing.calls import URL, WHEN, get

STATS = URL.replace("reply-rates", "session-stats?interval=day")


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
    """The journal lists calls, the oldest first; verify explains why a call is missing."""
    get(params={"interval": "day"})
    get(params={"interval": "hour"})

    assert [entry.status for entry in mock.journal] == [200, 400]
    mock.verify("GET", "*/reply-rates", count=2)
    mock.verify(operation="cbs.reply_rates", query={"interval": "day"}, count=1)
    mock.verify(path="*/keywords", count=0)
    with pytest.raises(AssertionError, match="query 'interval': wanted 'week', was 'hour'"):
        mock.verify(query={"interval": "week"}, count=1)


def test_a_scenario_of_one_project(mock):
    """A scenario of one project does not affect others."""
    mock.scenario("server-error", project="0" * 31 + "1")

    assert get().status_code == 200
    assert get(URL.replace(PROJECT, "0" * 31 + "1")).status_code == 500


def test_a_mistake_in_a_scenario(mock):
    """A mistake in a scenario causes an error at once."""
    with pytest.raises(ScenarioError, match="no scenario 'flaky'"):
        mock.scenario("flaky")


def test_a_scenario_that_is_none():
    """A value that is neither a name nor rules is refused."""
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
    """An empty project is refused, so that the scenario is not played for all."""
    with pytest.raises(error, match=re.escape(words)):
        mock.scenario("server-error", **given)

    assert get().status_code == 200


def test_a_scenario_may_be_a_path(mock, tmp_path):
    """A scenario may be a `pathlib.Path`."""
    (file := tmp_path / "mine.yaml").write_text("rules: [{answer: {status: 503}}]")

    mock.scenario(file)

    assert get().status_code == 503


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
        ({"question": "\ud800"}, ValueError, "ask: question '\\ud800' contains half a character"),
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
    """On a strict mock only the dataset's bots can be asked."""
    mock = Mock(strict=True)
    stranger = "9" * 8 + BOT[8:]

    with pytest.raises(ValueError, match=rf"ask: dataset everyday has no bot {stranger} \(strict\)"):
        mock.ask(stranger, "x")
    assert mock.ask(BOT, "x").bot_id == BOT


def test_a_bot_is_the_same_in_capitals(mock):
    """A bot id in capitals is the same bot, as in calls."""
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
            "operation: 'cbs.keywords' is not one of the ",
        ),
        (
            {"method": "GTE"},
            "'GTE' is not one of CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE; did you mean",
        ),
        ({"method": 5}, "method: 5 is not text"),
        ({"path": 5}, "path: 5 is not text"),
        ({"query": "x"}, "query: must be a mapping"),
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
    """A misspelt name is refused, because finding no calls would look like a proof."""
    with pytest.raises(ValueError, match=re.escape(words)):
        mock.verify(**{"count": 0, **wanted})


def test_a_method_is_the_same_in_lower_case(mock):
    """A method in lower case is the same method, as in most libraries."""
    get()

    mock.verify("get", count=1)
    mock.verify("g?t", operation="cbs.*_rates", count=1)


@pytest.mark.parametrize("way", ["freeze", "tick"])
def test_a_clock_is_set_to_an_instant(mock, way):
    """The error for a value that is not an instant names the argument; the clock does not change."""
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


@pytest.mark.parametrize("name", [pytest.param("busy", marks=pytest.mark.slow), "quiet", "empty"])
def test_another_dataset(mock, name):
    """Responses are then those of a mock that began with the dataset; `None` and a reset restore the
    first.
    """
    before = get(STATS).content

    mock.dataset(name)

    shown = get(STATS).content
    mock.dataset(None)
    assert get(STATS).content == before
    with Mock(dataset=name, seed=7, now=WHEN):
        assert get(STATS).content == shown != before
    mock.dataset(name)
    mock.reset()
    assert get(STATS).content == before


@pytest.mark.parametrize("form", ["text", "path", "mapping"])
def test_a_dataset_of_the_test(mock, tmp_path, form):
    """A file by its path, or what a file holds, times as YAML readers return them included."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"bots:\n- id: {BOT}\n  sessions:\n  - turns:\n    - at: 2026-02-01T00:00:00Z\n", "utf-8")
    given = {"text": str(file), "path": file, "mapping": yaml.safe_load(file.read_text("utf-8"))}

    mock.dataset(given[form])

    assert get(f"{STATS}&time_zone=UTC").json()["total"]["session_count"] == 1
    assert mock.state.dataset.name == ("unnamed" if form == "mapping" else "mine")


@pytest.mark.parametrize(
    ("dataset", "error", "words"),
    [
        ("bsuy", UserError, "no dataset 'bsuy': give a YAML file or one of "),
        ("nowhere.yaml", UserError, "nowhere.yaml: no such file"),
        ({"bots": [{"id": 5}]}, UserError, "bots[0].id: "),
        ({"botz": []}, UserError, "botz"),
        ({"bots": [object]}, TypeError, "is neither text, a number, a time, a list nor a mapping"),
        (5, TypeError, "dataset 5 is neither a name, nor a file, nor the content of a dataset file"),
    ],
)
def test_what_is_no_dataset(mock, dataset, error, words):
    """The error names the wrong value; the former dataset stays."""
    before = get(STATS).content

    with pytest.raises(error, match=re.escape(words)):
        mock.dataset(dataset)

    assert get(STATS).content == before


def test_another_seed(mock):
    """The traffic is that of a mock that began with the seed; recorded turns stay until a reset."""
    before = get(STATS).json()["total"]["session_count"]
    mock.seed(8)
    other = get(STATS).json()["total"]["session_count"]
    mock.ask(BOT, "桌面云打不开")
    mock.seed(None)

    assert other != before
    assert get(STATS).json()["total"]["session_count"] == before + 1
    with Mock(seed=8, now=WHEN):
        assert get(STATS).json()["total"]["session_count"] == other


@pytest.mark.parametrize("seed", ["7", 7.0, True])
def test_what_is_no_seed(mock, seed):
    """A seed is a whole number, as in the settings."""
    with pytest.raises(TypeError, match=f"seed {seed!r} is not a whole number"):
        mock.seed(seed)


def test_explain():
    """The explanation has all turns behind a figure; an unknown figure causes a clear error."""
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
