"""Runs of the workflow, and the rows that they become."""

import requests

from tests.reports.mocks import WORKFLOW

TOKEN = {"Authorization": "Bearer pat_mockcbs"}


def rows(mock) -> list[dict]:
    tables = mock.app.test_client().get("/_mockcbs/tables?limit=20000").json["tables"]
    found = [row for table in tables for row in table.get("rows", ())]
    return [{name: plain(value) for name, value in row.items()} for row in found]


def plain(value):
    """A cell without the segments that Tencent Docs puts text into."""
    return value[0]["text"] if isinstance(value, list) and value else value


def run(**parameters: str) -> dict:
    body = {"workflow_id": WORKFLOW, "parameters": {"input": "你好世界", **parameters}}
    return requests.post("https://api.coze.cn/v1/workflow/run", json=body, headers=TOKEN).json()
