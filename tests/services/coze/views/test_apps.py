"""The calls of apps, folders and templates."""

from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import code, data
from tests.services.coze.teams import DIGITS


def test_a_template_becomes_a_bot(coze):
    """The copy is a draft of the workspace, which can be published and called."""
    made = data(
        coze.post(f"/v1/templates/{DIGITS}/duplicate", json={"workspace_id": WORKSPACE, "name": "Copy"})
    )

    assert made["entity_type"] == "agent"
    assert data(coze.get(f"/v1/bots/{made['entity_id']}?is_published=false"))["name"] == "Copy"
    assert code(coze.get(f"/v1/bots/{made['entity_id']}")) == 4015
