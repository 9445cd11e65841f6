"""A mock that pyairtable calls as it calls Airtable, and a plain client of the same."""

import pytest
from flask.testing import FlaskClient
from pyairtable import Api, Table

from mockcbs import Mock, Settings, create_app

BASE = "app0123456789ABCD"
NOW = "2025-12-22T01:00:00Z"


@pytest.fixture
def mock():
    with Mock(now=NOW) as found:
        yield found


@pytest.fixture
def api(mock) -> Api:
    return Api("patmockcbs.mockcbs", retry_strategy=None)


@pytest.fixture
def table(api) -> Table:
    """A table of the seed's columns."""
    return api.table(BASE, "Reports")


def caller(**settings) -> FlaskClient:
    """A client of a mock of its own, with a token."""
    client = create_app(Settings(**{"now": NOW, **settings})).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer patmockcbs.mockcbs"
    return client


@pytest.fixture
def client() -> FlaskClient:
    return caller()
