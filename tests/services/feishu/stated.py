"""A dataset that states tables of Feishu."""

DATASET = """
bots: []
feishu:
  tables:
    - base: bascnRuns
      table: tblRuns
      name: runs
      fields:
        - {name: workflow_id}
        - {name: status, type: single_select}
        - {name: duration_ms, type: number, id: fldMs}
      views:
        - name: slow
          id: vewSlow
          options:
            filter: {conditions: [{field_name: duration_ms, operator: isGreater, value: ["10000"]}]}
      rows:
        - {workflow_id: w1, status: ok, duration_ms: 812}
        - {workflow_id: w2, status: failed, duration_ms: 25000}
  chats:
    - {chat_id: oc_daily, name: 运营日报}
"""

PATH = "/open-apis/bitable/v1/apps/bascnRuns/tables"


def get(client, path, token="t-any"):
    return client.get(path, headers={"Authorization": f"Bearer {token}"}).json
