"""The plan of the account."""

from tests.services.coze.bills import chat
from tests.services.coze.calls import data


def test_the_plan(coze):
    """Without types only the plan is shown; a benefit of calls needs its resource."""
    url = "/v1/commerce/benefit/benefits/get"

    assert data(coze.get(url)) == {"basic_info": {"user_level": "enterprise"}, "benefit_info": []}
    assert coze.get(f"{url}?benefit_type_list=api_run_qps").json["code"] == 4000
    assert coze.get(f"{url}?benefit_type_list=gold").json["code"] == 4000
    chat(coze)
    both = data(coze.get(f"{url}?benefit_type_list=api_run_qps,call_tool_limit&resource_id=chat"))
    qps, tools = both["benefit_info"]
    assert qps["resource_id"] == "chat"
    assert qps["effective"]["item_info"]["used"] == 1.0
    assert tools["effective"]["item_info"]["strategy"] == "unlimit"
