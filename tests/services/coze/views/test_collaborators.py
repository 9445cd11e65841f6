"""The calls of collaborators."""

import pytest

from tests.services.coze.calls import code
from tests.services.coze.conftest import RUN
from tests.services.coze.teams import DIGITS, USER


@pytest.mark.parametrize("path", [f"/v1/apps/{DIGITS}", f"/v1/workflows/{RUN}"])
def test_collaborators_of_apps_and_workflows(coze, path):
    """Collaborators of apps and workflows are added once (4201) and deleted once (4200)."""
    wanted = {"collaborators": [{"user_id": USER}]}

    codes = [
        code(coze.post(f"{path}/collaborators", json=wanted)),
        code(coze.post(f"{path}/collaborators", json=wanted)),
        code(coze.delete(f"{path}/collaborators/{USER}")),
        code(coze.delete(f"{path}/collaborators/{USER}")),
    ]

    assert codes == [0, 4201, 0, 4200]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/enterprises/0000000000004013/members"),
        ("POST", "/v1/templates/0000000000004013/duplicate"),
        ("POST", "/v1/apps/0000000000004013/collaborators"),
        ("POST", "/v1/connectors/0000000000004013/install"),
    ],
)
def test_ids_that_fail(coze, method, path):
    """Ids that are zeros and a code fail with it here too."""
    body = {"users": [{"user_id": USER}], "collaborators": [{"user_id": USER}], "workspace_id": "1"}

    assert code(coze.open(path, method=method, json=body)) == 4013
