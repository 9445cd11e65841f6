"""Databases that receivers keep events in."""

from collections.abc import Iterator

import pytest

from tests.databases import postgresql


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run."""
    with postgresql() as url:
        yield url
