"""The calls of workflows."""

from tests.services.coze.calls import FLOW


def test_chatflows_that_ran_are_listed(flows):
    """A chatflow of the client's own is in the list once it has run."""
    own = "7389589103588700099"
    flows.post("/v1/workflows/chat", json={"workflow_id": own, "additional_messages": []})

    listed = flows.get("/v1/workflows?workspace_id=1&workflow_mode=chatflow").json["data"]["items"]

    assert {item["workflow_id"] for item in listed} == {FLOW, own}
    assert {type(item["created_at"]) for item in listed} == {str}
