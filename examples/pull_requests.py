"""Yesterday's figures of a Coze bot as a CSV file, with requests; run it by cron at 02:00."""

import csv
import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import requests

url = os.environ.get("COZE_API_BASE", "https://api.coze.cn")
headers = {"Authorization": f"Bearer {os.environ['COZE_API_TOKEN']}"}
bot = os.environ["COZE_BOT_ID"]
day = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)

query = {"start_date": day, "end_date": day, "granularity": "day"}
response = requests.get(f"{url}/v1/bots/{bot}/analytics", query, headers=headers, timeout=30)
response.raise_for_status()
body = response.json()
if body["code"] != 0 or [row["date"] for row in body["data"]["metrics"]] != [str(day)]:
    raise SystemExit(f"no figures of {day}: {body}")
part = Path(f"{bot}-{day}.csv.part")
with part.open("w", encoding="utf-8", newline="") as file:
    lines = csv.DictWriter(file, list(body["data"]["metrics"][0]))
    lines.writeheader()
    lines.writerows(body["data"]["metrics"])
part.replace(part.with_suffix(""))
