"""The members of Coze's responses about teams, apps and bills."""

import pytest

from mockcbs.contract.coze_team_schemas import TEAMS
from mockcbs.contract.shapes import problems

APP = {"id": "1", "app_type": "normal", "verify_token": "v"}
TIMES = dict.fromkeys(("started_at", "ended_at", "created_at", "expires_at"), 1_795_305_600)
TASK = {"task_id": "1", "status": "succeed", **TIMES}


@pytest.mark.parametrize(
    ("shape", "content", "wrong"),
    [
        ("api-apps", {"items": [APP], "has_more": False}, []),
        ("api-apps", {"items": [APP], "has_more": True, "next_page_token": "t"}, []),
        ("api-apps", {"items": [], "has_more": True}, ["next_page_token"]),
        ("api-app", {**APP, "app_type": "strange"}, ["app_type"]),
        ("bill-task", {**TASK, "file_urls": ""}, []),
        ("bill-tasks", {"task_infos": [{**TASK, "file_urls": []}], "total": 1}, []),
        ("bill-tasks", {"task_infos": [{**TASK, "file_urls": ""}], "total": 1}, ["task_infos[].file_urls"]),
        ("organization", {"organization_id": 7}, ["organization_id"]),
        ("template", {"entity_id": "1", "entity_type": "agent"}, []),
    ],
)
def test_members(shape, content, wrong):
    """The members are those that an SDK reads, in its spelling; a page names the next one if there is one."""
    found, unknown = problems(TEAMS[shape], content)

    assert [problem.partition(":")[0] for problem in found] == wrong
    assert unknown == []
