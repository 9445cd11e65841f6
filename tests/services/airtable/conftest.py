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


@pytest.fixture
def stated(tmp_path):
    """A dataset that states one table, with a view."""
    file = tmp_path / "tables.yaml"
    file.write_text(
        f"""
bots: []
airtable:
  tables:
  - base: {BASE}
    table: tbl0123456789ABCD
    name: Runs
    fields:
    - {{name: id}}
    - {{name: ms, type: number}}
    - {{name: kind, type: singleSelect, options: {{choices: [b, a]}}}}
    views:
    - {{name: Grid view}}
    - {{name: Slow, options: {{filterByFormula: "{{ms}}>10", sort: [{{field: ms, direction: desc}}]}}}}
    rows:
    - {{id: w1, ms: 10, kind: a}}
    - {{id: w2, ms: 11, kind: b}}
    - {{id: w3, ms: 12}}
""",
        "utf-8",
    )
    return str(file)
