"""Responses about the mock itself."""

import pytest

from mockcbs.control.answers import state


@pytest.mark.parametrize(
    ("schema", "method", "path", "body"),
    [
        (state.Health, "GET", "health", None),
        (state.Readiness, "GET", "ready", None),
        (state.CurrentSettings, "GET", "settings", None),
        (state.DatasetList, "GET", "datasets", None),
        (state.CurrentDataset, "GET", "dataset", None),
        (state.CurrentSeed, "PUT", "seed", {"seed": 7}),
        (state.Playing, "GET", "scenario", None),
        (state.Playing, "PUT", "scenario", {"scenario": "slow"}),
        (state.Time, "PUT", "clock", {"advance_ms": 1}),
    ],
)
def test_what_the_control_api_answers(client, schema, method, path, body):
    """The responses have all documented members, and no other."""
    response = client.open(f"/_mockcbs/{path}", method=method, json=body)

    assert response.status_code == 200, response.text
    assert schema().validate(response.json) == {}


def test_a_value_of_another_kind_is_found():
    """A mode or state with another name is refused."""
    assert state.Time().validate({"now": 1, "iso": "x", "mode": "late"}).keys() == {"mode"}
    assert state.Readiness().validate({"status": "no"}).keys() == {"status"}
