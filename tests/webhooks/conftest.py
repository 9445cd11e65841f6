"""A mock, a receiver, and the databases that receivers keep events in."""

from collections.abc import Iterator

import pytest

from mockcbs import Mock
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.event_table import EventTable
from tests.databases import clickhouse, mariadb, postgresql
from tests.webhooks.calls import NOW


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run."""
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """The URL of a database in a MariaDB server of this test run."""
    with mariadb() as url:
        yield url


@pytest.fixture(scope="session")
def clickhouse_url() -> Iterator[str]:
    """The URL of a ClickHouse of this test run."""
    with clickhouse() as url:
        yield url


@pytest.fixture(
    params=[
        "sqlite",
        "postgresql",
        pytest.param("mariadb", marks=pytest.mark.databases),
        pytest.param("clickhouse", marks=pytest.mark.databases),
    ]
)
def table(request, tmp_path) -> Iterator[EventTable]:
    """An empty table of events, in each database."""
    url = (
        f"sqlite:///{tmp_path / 'events.sqlite'}"
        if request.param == "sqlite"
        else request.getfixturevalue(f"{request.param}_url")
    )
    table = EventTable(url)
    yield table
    with table._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE events")
    table.close()


@pytest.fixture
def receiver():
    with ReceiverServer() as receiver:
        yield receiver


@pytest.fixture
def mock():
    with Mock(now=NOW, dataset="everyday") as mock:
        yield mock
        mock.state.close()
