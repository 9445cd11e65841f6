"""Queries and bodies of benefits and bills."""

from mockcbs.services.coze.schemas.billing import BenefitsQuery, BillTasksQuery, CreateBillTask
from tests.services.coze.schemas.refusing import problems


def test_benefits_of_calls_belong_to_a_resource():
    """``api_run_qps`` needs a resource that there is; unknown benefits are refused."""
    good = {"benefit_type_list": "api_run_qps", "resource_id": "chat"}

    assert problems(BenefitsQuery, good, resource_id="voice").keys() == {"resource_id"}
    assert problems(BenefitsQuery, good, benefit_type_list="gold").keys() == {"benefit_type_list"}
    assert BenefitsQuery().validate({"benefit_type_list": "api_run_qps"}).keys() == {"resource_id"}
    assert BenefitsQuery().load({}) == {"benefit_type_list": []}


def test_times_of_bills_are_numbers():
    """Times of bills are seconds before the year 10000."""
    good = {"started_at": 0, "ended_at": 253_402_300_799}

    assert problems(CreateBillTask, good, started_at="0", ended_at=253_402_300_800).keys() == good.keys()


def test_a_hundred_tasks_are_asked_for_at_once():
    """A request for more than a hundred tasks is refused."""
    ids = [str(number) for number in range(101)]

    assert problems(BillTasksQuery, {"task_ids": ",".join(ids[1:])}, task_ids=",".join(ids)).keys() == {
        "task_ids"
    }
