"""Apps."""

from mockcbs.services.coze import apps
from mockcbs.services.coze.envelope import WORKSPACE
from tests.services.coze.calls import data
from tests.services.coze.conftest import RUN
from tests.services.coze.teams import DIGITS


def test_apps_that_were_named_are_listed(coze):
    """The account's own app is there from the start, others once a run or a variable named them."""
    coze.post("/v1/workflow/run", json={"workflow_id": RUN, "app_id": DIGITS})
    coze.get(f"/v1/variables?connector_uid=u&app_id={DIGITS[:-1]}2")

    found = data(coze.get(f"/v1/apps?workspace_id={WORKSPACE}&page_index=1"))

    assert [item["id"] for item in found["items"]] == [apps.DEFAULT_ID, DIGITS, f"{DIGITS[:-1]}2"]
    assert found["total"] == 3
    assert (
        data(coze.get(f"/v1/apps?workspace_id={WORKSPACE}&page_size=1&page_index=2"))["items"][0]["id"]
        == DIGITS
    )
