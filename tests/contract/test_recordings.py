"""Recordings as the target: what they hold is checked, and nothing is called."""

import json

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import BOT, NOW, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day&time_zone=UTC"
PATHS = (STATS, "/v1/workspaces", "/v1/users/me")


@pytest.fixture
def recording(tmp_path):
    """A function that writes a recording of a mock, in which a text is replaced."""
    client = create_app(Settings(now=NOW)).test_client()
    headers = {"Authorization": "Bearer pat_mockcbs", "X-Auth-Token": "any-token"}

    def write(old: str = "", new: str = ""):
        exchanges = []
        for path in PATHS:
            answer = client.get(path, headers=headers)
            shown = {"Content-Type": answer.headers["Content-Type"]}
            response = {"status": answer.status_code, "headers": shown, "body": answer.text.replace(old, new)}
            exchanges.append({"request": {"method": "GET", "path": path}, "response": response})
        file = tmp_path / "recorded.json"
        file.write_text(json.dumps({"exchanges": exchanges}))
        return file

    return write


def test_a_good_recording_breaks_nothing(recording):
    """Shapes of both services hold; all else is not applicable."""
    result = contract_of("--recording", recording())

    assert result.exit_code == 0, result.output
    assert "a recording contains only the requests" in result.output
    assert "held" in result.output


def test_a_drifted_recording_is_found(recording):
    """A member that is missing breaks the clause about its operation."""
    result = contract_of("--recording", recording('"role_type":', '"role":'))

    assert result.exit_code == 1
    assert "BROKEN coze.shape.workspaces" in result.output


def test_a_recording_of_something_else(tmp_path):
    """A file without known responses cannot be checked."""
    file = tmp_path / "recorded.json"
    file.write_text('{"exchanges": []}')

    result = contract_of("--recording", file)

    assert result.exit_code == 2
    assert "contains no response of CBS or Coze" in result.stderr
