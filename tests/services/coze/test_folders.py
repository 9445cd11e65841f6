"""Folders."""

from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.teams import DIGITS


def test_folders(coze):
    """There is one of each type, where the bots say they are."""
    (folder,) = data(coze.get(f"/v1/folders?workspace_id={WORKSPACE}&folder_type=development"))["items"]

    assert data(coze.get(f"/v1/folders/{folder['id']}")) == folder
    assert data(coze.get(f"/v1/bots?workspace_id={WORKSPACE}"))["items"][0]["folder_id"] == folder["id"]
    assert code(coze.get(f"/v1/folders/{DIGITS}")) == 4200
    assert code(coze.get(f"/v1/folders?workspace_id={WORKSPACE}")) == 4000
