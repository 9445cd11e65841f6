"""The pytest plugin, in test runs of its own."""

import subprocess
import sys

import pytest
import requests  # noqa: F401 - loaded once, since the runs inside this process forget what they load

pytest_plugins = "pytester"

CALL = """
import pytest, requests
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
PATH = f"/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/{BOT}/requests/reply-rates"
URL = "https://cbs-ext.cn-north-4.myhuaweicloud.com" + PATH
def call(url=URL):
    return requests.get(url, headers={"X-Auth-Token": "a"}, timeout=60)
"""


def test_fixtures_and_marker(pytester):
    """Both fixtures answer, and take their settings from the nearest marker."""
    pytester.makepyfile(
        CALL
        + """
@pytest.mark.mockcbs(seed=7, now="2026-02-19T15:49:25+08:00")
class Test:
    @pytest.mark.mockcbs(scenario="flaky-once")
    def test_in_process(self, mockcbs):
        assert [call().status_code for _ in range(2)] == [500, 200]
        assert mockcbs.settings.seed == 7
        assert call().json()["endutc"] == 1771487365000

    @pytest.mark.mockcbs(scenario="outage")
    def test_live(self, mockcbs_server):
        assert call(mockcbs_server.url + PATH).status_code == 502
        assert mockcbs_server.settings.seed == 7

    def test_live_is_cleared(self, mockcbs_server):
        assert mockcbs_server.journal == []
        assert call(mockcbs_server.url + PATH).status_code == 200

def test_plain(mockcbs):
    assert mockcbs.settings.seed == 42
    assert call().status_code == 200
"""
    )

    result = pytester.runpytest_inprocess("--strict-markers", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=4)


def test_one_server_for_each_set_of_settings(pytester):
    """Tests with equal settings share a server, even if their scenarios differ."""
    pytester.makepyfile(
        """
import pytest
urls = []
def test_one(mockcbs_server): urls.append(mockcbs_server.url)
@pytest.mark.mockcbs(scenario="reset")
def test_two(mockcbs_server): urls.append(mockcbs_server.url)
@pytest.mark.mockcbs(seed=7)
def test_three(mockcbs_server): urls.append(mockcbs_server.url)
def test_count(): assert urls[0] == urls[1] != urls[2]
"""
    )

    pytester.runpytest_inprocess().assert_outcomes(passed=4)


def test_a_failure_shows_its_journal(pytester):
    """The report of a failed test has the calls it made, and why they failed; a passed one has not."""
    pytester.makepyfile(
        CALL
        + """
def test_fails(mockcbs):
    call(URL + "?interval=hour")
    assert False

def test_passes(mockcbs):
    call()
"""
    )

    result = pytester.runpytest_inprocess()

    result.stdout.fnmatch_lines(
        [
            "*- mockcbs journal -*",
            "400 GET */reply-rates[?]interval=hour*interval 'hour' is not one of*",
        ]
    )
    assert str(result.stdout).count("mockcbs journal") == 1


@pytest.mark.parametrize(
    "workers",
    [pytest.param([], id="alone"), pytest.param(["-n", "2"], id="xdist", marks=pytest.mark.slow)],
)
def test_a_failure_around_a_test_shows_its_journal(pytester, workers):
    """The journal is shown also if a fixture fails, and by workers of pytest-xdist."""
    pytester.makepyfile(
        CALL
        + """
@pytest.fixture
def before(mockcbs_server):
    call(mockcbs_server.url + PATH + "?interval=hour")
    assert False

@pytest.fixture
def after(mockcbs):
    yield
    call(URL + "?interval=minute")
    assert False

def test_before(before): pass
def test_after(after): pass
"""
    )

    run = pytester.runpytest_subprocess if workers else pytester.runpytest_inprocess
    result = run(*workers)

    result.assert_outcomes(errors=2, passed=1)
    text = str(result.stdout)
    assert "interval 'hour' is not one of" in text
    assert "interval 'minute' is not one of" in text


def test_an_unknown_setting_is_told(pytester):
    """A misspelt marker is an error of its test: one line with the likely names and what lists all."""
    pytester.makepyfile(
        """
import pytest
@pytest.mark.mockcbs(sed=7)
class Test:
    def test_in_process(self, mockcbs): pass
    def test_live(self, mockcbs_server): pass
"""
    )

    result = pytester.runpytest_inprocess()

    result.assert_outcomes(errors=2)
    told = "mark.mockcbs does not take 'sed'; accepted are the * that help(mockcbs.Settings) lists"
    result.stdout.fnmatch_lines([f"{told}, such as seed, *; did you mean 'seed'[?]"] * 2)
    assert "Traceback" not in result.stdout.str()
    assert "mockcbs/testing" not in result.stdout.str()


@pytest.mark.parametrize("fixture", ["mockcbs", "mockcbs_server"])
def test_a_value_that_is_not_accepted_is_one_line(pytester, fixture):
    """A setting that mockcbs refuses is a mistake in the marker: its reason, and no traceback."""
    pytester.makepyfile(
        f"""
import pytest
@pytest.mark.mockcbs(dataset="evryday")
def test_dataset({fixture}): pass
@pytest.mark.mockcbs(scenario="outrage")
def test_scenario({fixture}): pass
"""
    )

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        ["mark.mockcbs: no dataset 'evryday': *", "mark.mockcbs: no scenario 'outrage': *"]
    )
    assert "mockcbs/testing" not in result.stdout.str()
    assert "exception" not in result.stdout.str()


def test_a_prefix_passes_to_the_live_server_beside_it(pytester):
    """In a test with both fixtures, the marker's passthrough lets calls reach the live server."""
    pytester.makepyfile(
        CALL
        + """
@pytest.mark.mockcbs(passthrough=["http://127.0.0.1:"])
def test_both(mockcbs, mockcbs_server):
    assert [call().status_code, call(mockcbs_server.url + PATH).status_code] == [200, 200]
    assert (len(mockcbs.journal), len(mockcbs_server.journal)) == (1, 1)
"""
    )

    pytester.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("fixtures", ["mockcbs, mockcbs_server", "mockcbs_server, mockcbs"])
def test_both_fixtures_work_in_one_test(pytester, fixtures):
    """Without a marker, a test can call the server beside the mock, and nothing else."""
    pytester.makepyfile(
        CALL
        + f"""
import pytest
def test_both({fixtures}):
    assert [call().status_code, call(mockcbs_server.url + PATH).status_code] == [200, 200]
    assert (len(mockcbs.journal), len(mockcbs_server.journal)) == (1, 1)
    with pytest.raises(requests.ConnectionError, match="was not called"):
        call("http://127.0.0.1:9/")
"""
    )

    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_settings_are_named(pytester):
    """A marker with a value but no name is refused with an example."""
    pytester.makepyfile("""
        import pytest

        @pytest.mark.mockcbs("empty")
        def test_it(mockcbs):
            pass
    """)

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*mark.mockcbs('empty'): settings are named, such as dataset='empty'*"])


def test_the_marker_is_documented(pytester):
    """``pytest --markers`` and ``--fixtures`` describe the marker and the fixtures."""
    result = pytester.runpytest_inprocess("--markers", "--fixtures")

    assert "@pytest.mark.mockcbs(seed" in str(result.stdout)


@pytest.mark.slow
def test_under_xdist(pytester):
    """Each worker of pytest-xdist has its own server."""
    pytester.makepyfile(
        CALL
        + """
@pytest.mark.parametrize("number", range(6))
def test(mockcbs_server, number):
    assert mockcbs_server.journal == []
    for _ in range(number):
        call(mockcbs_server.url + PATH)
    mockcbs_server.verify(count=number)
"""
    )

    result = pytester.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=6)


def test_it_costs_nothing_when_unused():
    """Loading the plugin imports neither Flask nor numpy nor anything else of mockcbs."""
    code = """
import sys

import pytest
import mockcbs.testing.plugin
print(sorted({"flask", "numpy", "marshmallow", "responses", "uvicorn"} & set(sys.modules)))
"""

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"
