"""Two workers and one table of Feishu."""

from concurrent.futures import ThreadPoolExecutor

import requests

from .conftest import Serving

WRITERS, ROWS = 4, 15


def test_two_workers_write_one_table(serving: Serving):
    """No row is lost or doubled, numbers are given once, and each worker shows all."""
    with serving("--dataset", "empty", "--workers", "2") as served:
        records = f"{served.url}/open-apis/bitable/v1/apps/bascnRuns/tables/tblRuns/records"
        headers = {"Authorization": "Bearer t-any"}
        field = {"field_name": "number", "type": 1005}
        requests.post(records.replace("records", "fields"), json=field, headers=headers, timeout=10)

        def write(writer):
            answers = []
            for row in range(ROWS):
                content = {"fields": {"workflow_id": f"w{writer}", "duration_ms": row}}
                query = {"client_token": f"{writer}-{row}"}
                for _ in range(2):  # again, as a client does that missed the answer
                    answer = requests.post(records, json=content, params=query, headers=headers, timeout=30)
                answers.append(answer.json()["data"]["record"]["record_id"])
            return answers

        with ThreadPoolExecutor(WRITERS) as pool:
            written = sorted(record for ids in pool.map(write, range(WRITERS)) for record in ids)
        for _ in range(4):  # each connection may meet another worker
            page = requests.get(records, params={"page_size": 500}, headers=headers, timeout=10).json()[
                "data"
            ]
            assert sorted(item["record_id"] for item in page["items"]) == written
            numbers = sorted(int(item["fields"]["number"]) for item in page["items"])
            assert numbers == list(range(1, WRITERS * ROWS + 1))
