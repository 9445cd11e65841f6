"""The pytest plugin: fixtures, a marker, and the journal in the report of a failure.

No other module of mockcbs is imported until a test uses a fixture.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from mockcbs.testing.controls import Controls
    from mockcbs.testing.live import LiveServer
    from mockcbs.testing.mock import Mock
    from mockcbs.testing.webhooks import ReceiverServer

_MARKER = (
    "mockcbs(seed=…, dataset=…, now=…, scenario=…, …): settings of the fixtures mockcbs and mockcbs_server"
)
_LOCAL: dict[str, Callable[[Any], str]] = {
    "mockcbs_server": lambda server: f"{server.url}/",
    "httpserver": lambda server: str(server.url_for("/")),
}
"""The fixtures that serve on this machine, with their base URLs."""
_USED = pytest.StashKey["list[Controls]"]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def mockcbs(request: pytest.FixtureRequest) -> "Iterator[Mock]":
    """A mock in process, which `requests` reaches under the real hosts.

    `mockcbs_server` stays reachable, and `httpserver` of pytest-httpserver.
    """
    from mockcbs.testing.mock import Mock, prefixes  # noqa: PLC0415

    settings = _settings(request)
    if servers := [
        _LOCAL[name](request.getfixturevalue(name)) for name in request.fixturenames if name in _LOCAL
    ]:
        settings["passthrough"] = (*prefixes(settings.get("passthrough", ())), *servers)
    with _marker_mistakes():
        made = Mock(**settings)
    with made as mock:
        _remember(request, mock)
        yield mock


@pytest.fixture
def mockcbs_server(request: pytest.FixtureRequest, _mockcbs_servers: "Servers") -> "LiveServer":
    """A live mock on a free port: one server per set of settings, reset for each test."""
    settings = _settings(request)
    scenario = settings.pop("scenario", None)
    settings.pop("passthrough", None)  # only the fixture `mockcbs` has this setting
    with _marker_mistakes():
        server = _mockcbs_servers.server(settings)
        server.reset()
        server.scenario(scenario)
    _remember(request, server)
    return server


@pytest.fixture
def mockcbs_receiver() -> "Iterator[ReceiverServer]":
    """A real endpoint for webhooks: subscribe its `url`, then `wait` for events."""
    from mockcbs.testing.webhooks import ReceiverServer  # noqa: PLC0415

    with ReceiverServer() as receiver:
        yield receiver


class Servers:
    """The live servers of a test session, by their settings."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._started: dict[str, LiveServer] = {}

    def server(self, settings: dict[str, Any]) -> "LiveServer":
        """The server with these settings; it is started at the first use."""
        from mockcbs.testing.live import LiveServer  # noqa: PLC0415

        key = repr(sorted(settings.items()))
        if key not in self._started:
            self._started[key] = self._stack.enter_context(LiveServer(**settings))
        return self._started[key]


@pytest.fixture(scope="session")
def _mockcbs_servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the journal of a failed test into its report."""
    report = yield
    if report.failed:
        for mock in item.stash.get(_USED, []):
            report.sections.append(("mockcbs journal", mock.report()))
    return report


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings in the markers of a test; the nearest marker wins."""
    from mockcbs.core.spelling import not_taken  # noqa: PLC0415
    from mockcbs.testing.controls import LISTED_BY  # noqa: PLC0415
    from mockcbs.testing.mock import Mock  # noqa: PLC0415

    settings: dict[str, Any] = {}
    for marker in request.node.iter_markers("mockcbs"):
        if marker.args:
            given = ", ".join(map(repr, marker.args))
            _refuse(f"mark.mockcbs({given}): settings are named, such as dataset='empty'")
        if problem := not_taken("mark.mockcbs", marker.kwargs, Mock.SETTINGS, LISTED_BY):
            _refuse(problem)
        settings = {**marker.kwargs, **settings}
    return settings


@contextmanager
def _marker_mistakes() -> Iterator[None]:
    """A block that reports invalid settings as a mistake in the marker."""
    from mockcbs.core.errors import UserError  # noqa: PLC0415

    try:
        yield
    except UserError as error:
        # the cause of the error would be printed above it
        raise pytest.fail.Exception(f"mark.mockcbs: {error}", pytrace=False) from None


def _refuse(problem: str) -> NoReturn:
    """Fail the test with one line: the mistake is in its marker, and a traceback would not show that."""
    pytest.fail(problem, pytrace=False)


def _remember(request: pytest.FixtureRequest, mock: "Controls") -> None:
    request.node.stash.setdefault(_USED, []).append(mock)
