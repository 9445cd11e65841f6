"""Queries and bodies of workflows."""

import pytest

from mockcbs.services.coze.schemas.workflows import ResumeWorkflow, RunWorkflow, WorkflowsQuery
from tests.services.coze.conftest import BOT, RUN
from tests.services.coze.schemas.refusing import problems


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"app_id": "7439828073344000001"}, "_schema"),
        ({"workflow_id": "x"}, "workflow_id"),
        ({"is_async": "true"}, "is_async"),
        ({"ext": {"user_id": 5}}, "ext"),
        ({"parameters": []}, "parameters"),
    ],
)
def test_a_run_is_for_a_bot_or_an_app(changes, member):
    """A run is for a bot or an app, not both; flags are booleans, and ext consists of texts."""
    assert problems(RunWorkflow, {"workflow_id": RUN, "bot_id": BOT}, **changes).keys() == {member}


def test_a_question_is_answered_by_its_event():
    """Event, answer and the type of the question are needed."""
    good = {"workflow_id": RUN, "event_id": "1/2", "resume_data": "x", "interrupt_type": 2}

    assert problems(ResumeWorkflow, good, interrupt_type=2**31, event_id="").keys() == {
        "interrupt_type",
        "event_id",
    }


def test_workflows_are_listed_by_mode():
    """The mode is ``workflow`` or ``chatflow``; published ones are listed by default."""
    query = WorkflowsQuery().load({"workspace_id": "1", "workflow_mode": "chatflow"})

    assert query["publish_status"] == "published_online"
    assert problems(WorkflowsQuery, {"workspace_id": "1"}, workflow_mode="flow").keys() == {"workflow_mode"}
