"""The sample data, and who asks."""

import pytest
from flask.testing import FlaskClient

from mockcbs import Settings, create_app

BOT = "7342866812345678901"
DRAFT, FOREIGN = "7342866812345678902", "7342866812345678903"
RUN = "7389589103588700001"
TOKEN = {"Authorization": "Bearer pat_mockcbs"}
SAMPLE_NOW = 1_766_365_200_000
"""2025-12-22T09:00+08:00, where the sample's clock stands."""


FLOW = "7389589103588700003"
FLOWS = f"""
now: "2025-12-22T09:00:00+08:00"
bots:
  - id: "{FLOW}"
    card: {{kind: chatflow, question: Which city?}}
  - id: "{BOT}"
    card:
      tools:
        - {{name: get_weather, arguments: {{city: 南京}}, when: 天气}}
        - {{name: get_time, when: 几点}}
"""


def caller(**settings) -> FlaskClient:
    """A client of a mock of its own, with a good token."""
    client = create_app(Settings(**{"dataset": "coze-sample", **settings})).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = TOKEN["Authorization"]
    return client


@pytest.fixture
def coze() -> FlaskClient:
    return caller()


@pytest.fixture
def flows(tmp_path):
    file = tmp_path / "flows.yaml"
    file.write_text(FLOWS, encoding="utf-8")
    return caller(dataset=str(file))


@pytest.fixture
def anyone():
    """A client that says with each call which token it has."""
    return create_app(Settings(dataset="coze-sample")).test_client()
