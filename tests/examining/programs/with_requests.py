"""Calls of a Coze bot by day, as CSV: requests, tried again after failures."""

import csv
import sys

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

base_url, token, bot_id, start, end = sys.argv[1:]
session = requests.Session()
retry = Retry(3, backoff_factor=0.05, status_forcelist=[429, 500, 502, 503], respect_retry_after_header=False)
session.mount("http://", HTTPAdapter(max_retries=retry))

response = session.get(
    f"{base_url}/v1/bots/{bot_id}/analytics",
    params={"start_date": start, "end_date": end, "granularity": "day"},
    headers={"Authorization": f"Bearer {token}"},
    timeout=10,
)
response.raise_for_status()
body = response.json()
if body["code"]:
    sys.exit(f"{body['code']}: {body['msg']}")

columns = ["date", "total_messages", "total_calls", "success_rate", "avg_response_time_ms"]
writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore")
writer.writeheader()
writer.writerows(body["data"]["metrics"])
