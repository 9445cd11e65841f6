"""Shared fixtures."""

import logging
import math
import os
import signal
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from mockcbs import Settings, create_app
from mockcbs.web.wsgi import Application
from tests import backends
from tests.conformance import CheckingClient
from tests.databases import postgresql

settings.register_profile("thorough", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("thorough"), max_examples=25)
settings.load_profile("quick")

Application.test_client_class = CheckingClient

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
NOW = 1_795_305_600_000
"""2026-11-22T00:00:00Z."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--backend",
        choices=backends.NAMES,
        help="where mocks keep their state; without it, in memory, and the tests of backends use each",
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test run; skipped where there is none."""
    with postgresql() as url:
        yield url


@pytest.fixture
def postgres_backend(postgres_url: str) -> Callable[[], object]:
    """Makes backends that share a new schema of a PostgreSQL server."""
    from mockcbs.backend.postgres.backend import PostgresBackend

    url = backends.fresh_schema(postgres_url)
    return lambda **options: PostgresBackend(url, **options)


@pytest.fixture(scope="session", autouse=True)
def _chosen_backend(request: pytest.FixtureRequest) -> Iterator[backends.Chosen | None]:
    """Mocks keep their state where ``--backend`` says."""
    name = request.config.getoption("--backend")
    if name in {None, "memory"}:
        yield None
        return
    chosen = backends.Chosen(name, lambda: str(request.getfixturevalue("postgres_url")))
    if name == "postgres":
        request.getfixturevalue("postgres_url")
    with chosen.used():
        yield chosen


@pytest.fixture(autouse=True)
def _backends_closed(_chosen_backend: backends.Chosen | None) -> Iterator[None]:
    """Backends that a test made are closed after it."""
    if _chosen_backend is None:
        yield
        return
    with _chosen_backend.closed_after():
        yield


@pytest.fixture(autouse=True)
def _log_levels_restored() -> Iterator[None]:
    """What one test logs does not depend on the levels that another has set."""
    loggers = [logging.getLogger(name) for name in ("mockcbs", "mockcbs.access")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Commands that tests start heed Ctrl-C, even if this run is in the background and does not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands that tests start compile mockcbs once, even if PYTHONDONTWRITEBYTECODE is set."""
    if "PYTHONDONTWRITEBYTECODE" not in os.environ:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE")
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.getbasetemp().parent / "bytecode"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_build_is_slow() -> Iterator[None]:
    """No build of traffic is logged as slow, so that the log of a test does not depend on the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mockcbs.traffic.bases._LONG", math.inf)
        yield


@pytest.fixture(scope="session")
def app() -> Flask:
    """Everyday traffic at a fixed instant; nothing a test does changes it."""
    return create_app(Settings(now=NOW))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
