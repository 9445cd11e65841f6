"""Every shipped scenario, by every way of choosing it."""

import pytest

from mockcbs import Mock, Settings, create_app
from mockcbs.serving.memo import Memo
from mockcbs.testing.exchange import exchange
from mockcbs.userfile import shipped
from tests.conftest import BOT, NOW, PROJECT

pytest_plugins = "pytester"

NAMES = sorted(shipped("scenarios"))
PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords?top=1"
MOST_CALLS = 6


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


@pytest.mark.parametrize("way", [by_settings, by_control_api, by_header, by_constructor, by_method])
@pytest.mark.parametrize("name", NAMES)
def test_in_process(way, name):
    """The chosen scenario touches one of the first calls, and no other scenario any."""
    app, headers = way(name)
    door = Memo(app)
    for _ in range(MOST_CALLS):
        exchange(door, "GET", f"http://a{PATH}", {"X-Auth-Token": "a", **headers}.items(), b"")

    entries = app.extensions["mockcbs"].journal.entries()
    touched = {entry.fault.partition(":")[0] for entry in entries if entry.fault}
    assert len(entries) == MOST_CALLS
    assert touched == {name}


@pytest.mark.parametrize("fixture", ["mockcbs", "mockcbs_server"])
def test_by_marker(pytester, fixture):
    """Of a test, for the mock in process and the live one."""
    pytester.makepyfile(f"""
import pytest, requests
from mockcbs.userfile import shipped

NAMES = sorted(shipped("scenarios"))
CHOSEN = [pytest.param(name, marks=pytest.mark.mockcbs(now={NOW}, scenario=name)) for name in NAMES]

@pytest.mark.parametrize("name", CHOSEN)
def test(name, {fixture}):
    url = getattr({fixture}, "url", "https://cbs-ext.cn-north-4.myhuaweicloud.com")
    for _ in range({MOST_CALLS}):
        try:
            requests.get(url + "{PATH}", headers={{"X-Auth-Token": "a"}}, timeout=0.2, stream=True).close()
        except requests.RequestException:
            pass
        if any(entry.fault for entry in {fixture}.journal):
            break
    assert {{entry.fault.partition(":")[0] for entry in {fixture}.journal if entry.fault}} == {{name}}
""")

    pytester.runpytest_subprocess().assert_outcomes(passed=len(NAMES))
