"""The plan of the account, its benefits, and its bills (contract 1.3)."""

from typing import Any

from flask import Response, request

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import benefits, bills, errors
from mockcbs.services.coze.bills import Task
from mockcbs.services.coze.envelope import BILL_FILES_PATH, ok
from mockcbs.services.coze.schemas import billing as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.web.paging import page


@blp.get("/v1/commerce/benefit/benefits/get")
@blp.arguments(schemas.BenefitsQuery, location="query")
@blp.answers("Benefits")
def get_benefits(query: dict[str, Any]) -> dict[str, Any]:
    """查询套餐权益: the plan with its benefits."""
    return ok(data=benefits.shown(query["benefit_type_list"], query.get("resource_id", "")))


@blp.post("/v1/commerce/benefit/bill_tasks")
@blp.arguments(schemas.CreateBillTask, location="json")
@blp.answers("BillTask")
def create_bill_task(body: dict[str, Any]) -> dict[str, Any]:
    """创建账单下载任务: export the cost of some days."""
    task = bills.create(body["started_at"], body["ended_at"])
    return ok(data={**vars(task), "file_urls": "", "status": "init"})


@blp.get("/v1/commerce/benefit/bill_tasks")
@blp.arguments(schemas.BillTasksQuery, location="query")
@blp.answers("BillTasks")
def list_bill_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """查看账单下载任务: the exports; each is ready as soon as it is listed."""
    found = bills.listed(query["task_ids"])
    tasks = [_shown(task) for task in found[page(query["page_num"], query["page_size"])]]
    return ok(data={"total": len(found), "task_infos": tasks})


@blp.get(f"{BILL_FILES_PATH}<task_id>.csv")
@blp.answers_with("text/csv")
def download_bill(task_id: str) -> Response:
    """下载账单: the file of an export, by its link."""
    task = bills.find(task_id)
    if not bills.is_signed(task, request.args.get("sign", "")):
        raise ApiError(errors.FORBIDDEN, "the link is signed for another file")
    answer = Response("".join(bills.pieces(task)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{task.task_id}.csv"'
    return answer


def _shown(task: Task) -> dict[str, Any]:
    return {**vars(task), "file_urls": [bills.link(task, request.host_url)], "status": "succeed"}
