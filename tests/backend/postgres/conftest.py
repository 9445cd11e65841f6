"""A separate schema, and a backend in it."""

import pytest

from mockcbs.backend.postgres.backend import PostgresBackend
from tests import backends


@pytest.fixture
def url(postgres_url):
    return backends.fresh_schema(postgres_url)


@pytest.fixture
def backend(url):
    made = PostgresBackend(url)
    yield made
    made.close()
