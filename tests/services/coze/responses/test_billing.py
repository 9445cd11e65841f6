"""The plan, its benefits, and bills."""

from mockcbs.services.coze.responses import billing
from tests.services.coze.bills import MIDNIGHT, TASKS
from tests.services.coze.calls import data
from tests.services.coze.responses.refusing import refused


def test_benefits(coze):
    """The used amount is a number."""
    path = "/v1/commerce/benefit/benefits/get?benefit_type_list=api_run_qps&resource_id=chat"

    found = data(coze.get(path))

    (benefit,) = found["benefit_info"]
    item = {**benefit["basic"]["item_info"], "used": "1"}
    wrong = {**benefit, "basic": {"status": "valid", "item_info": item}}
    refused(billing.Benefits, found, benefit_info=[wrong], basic_info={})


def test_links_of_bills(coze):
    """Links are a list, or an empty text while there is no file."""
    made = data(coze.post(TASKS, json={"started_at": MIDNIGHT - 86_400, "ended_at": MIDNIGHT}))
    listed = data(coze.get(TASKS))

    refused(billing.BillTask, made, file_urls="https://example.com", started_at=MIDNIGHT * 1000)
    refused(billing.BillTasks, listed, total="1", task_infos=[{**made, "file_urls": 5}])
    assert billing.BillTask().load(listed["task_infos"][0])["file_urls"][0].startswith("http")
