"""Mocks with a workflow that reports."""

from mockcbs import Mock

WORKFLOW = "7389589103588700001"
NOW = "2026-11-24T02:00:00Z"

DATASET = f"""
bots:
  - id: "{WORKFLOW}"
    name: 整理工单
    traffic: {{sessions_per_day: 60, users: 40}}
    card: {{kind: %s}}
    report: {{kind: %s}}
reports:
  - to: {{%s}}
"""

KINDS = {
    "feishu": "feishu, app_token: bascnAbCdEfGhIjKlMnOpQrSt, table_id: tblAbCdEfGhIjKlM",
    "airtable": "airtable, base: appAbCdEfGhIjKlMn, table: tblAbCdEfGhIjKlMn",
    "tencent_docs": "tencent_docs, file: DAbCdEfGhIj, sheet: BB08J2",
}


def made(
    tmp_path,
    node: str = KINDS["feishu"],
    to: str = "hook: my-hook",
    *,
    more: str = "",
    kind_of_card: str = "workflow",
    **settings,
) -> Mock:
    """A mock with the workflow and a report; *more* is more YAML of its dataset."""
    file = tmp_path / "mine.yaml"
    file.write_text(DATASET % (kind_of_card, node, to) + more)
    return Mock(**{"dataset": str(file), "now": NOW, **settings})
