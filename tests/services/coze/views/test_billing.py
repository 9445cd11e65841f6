"""The calls of bills."""

from urllib.parse import urlsplit

from tests.services.coze.bills import DAY, MIDNIGHT, TASKS
from tests.services.coze.calls import data


def test_tasks_are_listed_in_pages_newest_first(coze):
    """Each account has its own tasks, listed in pages with the newest first."""
    body = {"started_at": MIDNIGHT - DAY, "ended_at": MIDNIGHT}
    made = [data(coze.post(TASKS, json=body))["task_id"] for _ in range(3)]

    first, second = (data(coze.get(f"{TASKS}?page_size=2&page_num={n}")) for n in (1, 2))

    assert [task["task_id"] for task in first["task_infos"] + second["task_infos"]] == made[::-1]
    assert first["total"] == 3
    assert data(coze.get(TASKS, headers={"Authorization": "Bearer pat_other"}))["total"] == 0


def test_links_to_bills_are_signed(coze):
    """A link without its signature, or with that of another file, opens nothing."""
    body = {"started_at": MIDNIGHT - DAY, "ended_at": MIDNIGHT}
    for _ in range(2):
        coze.post(TASKS, json=body)
    one, other = (urlsplit(task["file_urls"][0]) for task in data(coze.get(TASKS))["task_infos"])

    assert coze.get(one.path).json["code"] == 700012006
    assert coze.get(f"{one.path}?{other.query}").json["code"] == 4101
