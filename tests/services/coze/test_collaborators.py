"""Who works on a bot, an app or a workflow."""

from mockcbs.services.coze import apps
from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code
from tests.services.coze.conftest import FOREIGN, RUN, caller
from tests.services.coze.teams import DIGITS, TEAM_BOT, USER

OPEN, CLOSED = {"collaboration_mode": "collaboration"}, {"collaboration_mode": "single"}


def test_collaborators_of_a_bot(coze):
    """A bot must be opened first, and can be closed only without collaborators."""
    wanted = {"collaborators": [{"user_id": USER}]}

    assert code(coze.post(f"{TEAM_BOT}/collaborators", json=wanted)) == 4000
    assert (
        code(coze.post(f"{TEAM_BOT}/collaboration_mode", json={"collaboration_mode": "collaboration"})) == 0
    )
    assert code(coze.post(f"{TEAM_BOT}/collaborators", json=wanted)) == 0
    assert code(coze.post(f"{TEAM_BOT}/collaborators", json=wanted)) == 4201
    assert code(coze.post(f"{TEAM_BOT}/collaboration_mode", json=CLOSED)) == 4000
    assert code(coze.delete(f"{TEAM_BOT}/collaborators/{USER}")) == 0
    assert code(coze.delete(f"{TEAM_BOT}/collaborators/{USER}")) == 4200
    assert code(coze.post(f"{TEAM_BOT}/collaboration_mode", json=CLOSED)) == 0
    assert code(coze.post(f"/v1/bots/{FOREIGN}/collaborators", json=wanted)) == 4101


def test_strict_collaborators_are_members():
    """With --strict only members of the workspace can be collaborators of existing bots, apps and
    workflows.
    """
    coze = caller(strict=True)
    path, wanted = f"/v1/workflows/{RUN}/collaborators", {"collaborators": [{"user_id": USER}]}

    before = code(coze.post(path, json=wanted))
    coze.post(f"/v1/workspaces/{WORKSPACE}/members", json={"users": [{"user_id": USER}]})

    assert (before, code(coze.post(path, json=wanted))) == (4000, 0)
    assert code(coze.post(f"/v1/apps/{DIGITS}/collaborators", json=wanted)) == 4200
    assert code(coze.post(f"/v1/apps/{apps.DEFAULT_ID}/collaborators", json=wanted)) == 0
