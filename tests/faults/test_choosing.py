"""Every shipped scenario, by every way of choosing it."""

from itertools import repeat

import pytest

from mockcbs import Mock, Settings, create_app
from mockcbs.core.files import shipped
from mockcbs.faults.scenario_file import ScenarioError, load
from mockcbs.services import registry
from mockcbs.testing.exchange import exchange
from mockcbs.web.cache.response_cache import ResponseCache
from tests.conftest import BOT, NOW, PROJECT

pytest_plugins = "pytester"

NAMES = [
    name
    for name in shipped("scenarios")
    if all(
        rule.when.pattern.operation is rule.when.pattern.method is None
        for rule in load(name, registry.vocabulary()).rules
    )
]
"""Those about requests of any operation; others have tests beside the service that they are about."""

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords?top=1"
MAX_CALLS = 6


def by_settings(name):
    """As ``--scenario`` does."""
    return create_app(Settings(now=NOW, scenario=name)), {}


def by_control_api(name):
    """For one project."""
    app = create_app(Settings(now=NOW))
    app.test_client().put(f"/_mockcbs/scenario?project={PROJECT}", json={"scenario": name})
    return app, {}


def by_header(name):
    """Call by call."""
    return create_app(Settings(now=NOW)), {"Prefer": f"scenario={name}"}


def by_constructor(name):
    """Of a mock in process."""
    return Mock(now=NOW, scenario=name).app, {}


def by_method(name):
    """Of a mock in process."""
    mock = Mock(now=NOW)
    mock.scenario(name)
    return mock.app, {}


WAYS = [by_control_api, by_header, by_constructor, by_method]


@pytest.mark.parametrize(
    ("way", "name"), [*zip(repeat(by_settings), NAMES), *((way, name) for way in WAYS for name in NAMES[:3])]
)
def test_in_process(way, name):
    """The chosen scenario touches one of the first calls, and no other scenario any."""
    app, headers = way(name)
    cache = ResponseCache(app)
    for _ in range(MAX_CALLS):
        exchange(cache, "GET", f"http://a{PATH}", {"X-Auth-Token": "a", **headers}.items(), b"")

    entries = app.extensions["mockcbs"].journal.entries()
    touched = {entry.fault.partition(":")[0] for entry in entries if entry.fault}
    assert len(entries) == MAX_CALLS
    assert touched == {name}


def refusal(way, name):
    """The error for an unknown scenario."""
    try:
        app, headers = way(name)
    except ScenarioError as error:
        return str(error)
    client = app.test_client()
    if headers:
        return client.get(PATH, headers={"X-Auth-Token": "a", **headers}).headers["X-Mockcbs-Reason"]
    return client.put("/_mockcbs/scenario", json={"scenario": name}).json["detail"]


@pytest.mark.parametrize("way", [by_settings, by_control_api, by_header, by_constructor, by_method])
def test_a_name_that_is_not_there(way):
    """Each way of choosing reports an unknown name with the nearest ones and what lists all."""
    told = refusal(way, "flaky")

    assert told.startswith("no scenario 'flaky': ")
    assert "`mockcbs scenarios` lists, such as flaky-once" in told
    assert told.endswith("; did you mean 'flaky-once'?")


def test_a_header_that_names_nothing_is_in_the_journal():
    """The call is served as usual despite errors in its header.

    The journal names the scenario that was not played.
    """
    client = create_app(Settings(now=NOW, hints=False)).test_client()
    for path in (PATH, PATH.replace("top=1", "top=x")):
        client.get(path, headers={"X-Auth-Token": "a", "Prefer": "scenario=outag"})

    wrong, right = client.get("/_mockcbs/journal").json["entries"]
    assert (right["response"]["status"], wrong["response"]["status"]) == (200, 400)
    for entry in (right, wrong):
        (told,) = entry["near_misses"]
        assert told.startswith("no scenario 'outag': name one of the ")


@pytest.mark.slow
@pytest.mark.parametrize("fixture", ["mockcbs", "mockcbs_server"])
def test_by_marker(pytester, fixture):
    """A marker chooses the scenario of a test, for the mock in process and the live one."""
    pytester.makepyfile(f"""
import pytest, requests

CHOSEN = [pytest.param(name, marks=pytest.mark.mockcbs(now={NOW}, scenario=name)) for name in {NAMES}]

@pytest.mark.parametrize("name", CHOSEN)
def test(name, {fixture}):
    url = getattr({fixture}, "url", "https://cbs-ext.cn-north-4.myhuaweicloud.com")
    for _ in range({MAX_CALLS}):
        try:
            requests.get(url + "{PATH}", headers={{"X-Auth-Token": "a"}}, timeout=1, stream=True).close()
        except requests.RequestException:
            pass
        if any(entry.fault for entry in {fixture}.journal):
            break
    assert {{entry.fault.partition(":")[0] for entry in {fixture}.journal if entry.fault}} == {{name}}
""")

    pytester.runpytest_subprocess().assert_outcomes(passed=len(NAMES))


@pytest.mark.parametrize("fixture", ["mockcbs", "mockcbs_server"])
def test_a_marker_that_names_nothing(pytester, fixture):
    """The report of the test shows the nearest names, and what lists all."""
    pytester.makepyfile(f"""
import pytest

@pytest.mark.mockcbs(scenario="outag")
def test({fixture}):
    pass
""")

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    listed = "the * that `mockcbs scenarios` lists, such as outage, *; did you mean 'outage'[?]"
    result.stdout.fnmatch_lines([f"*no scenario 'outag': give a YAML file or one of {listed}"])
