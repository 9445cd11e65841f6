"""Daily rows and their total from the raw events of a Coze bot: pandas, as CSV."""

import os
import sys

import pandas as pd
import requests

url = f"{os.environ['MOCKCBS_BASE_URL']}/v1/bots/{os.environ['MOCKCBS_BOT_ID']}/analytics/logs"
start, end = sys.argv[1:]
items, number = [], 1
while True:
    response = requests.get(
        url,
        params={"start_date": start, "end_date": end, "page_num": number, "page_size": 50},
        headers={"Authorization": f"Bearer {os.environ['MOCKCBS_TOKEN']}"},
        timeout=10,
    )
    response.raise_for_status()
    data = response.json()["data"]
    items += data["items"]
    if not data["has_more"]:
        break
    number += 1

columns = ["event_type", "user_id", "trigger_time", "duration_ms"]
events = pd.DataFrame(items, columns=columns).replace({"user_id": {"": None}})  # nobody is no user
begun = pd.to_datetime(events["trigger_time"], unit="ms", utc=True).dt.tz_convert("Asia/Shanghai")
events["date"] = begun.dt.date
done = events[events["event_type"].isin(["execution.completed", "execution.failed"])]
good = done["event_type"] == "execution.completed"
days = done.assign(good=good).groupby("date")
table = pd.DataFrame(
    {
        "total_calls": days.size(),
        "unique_users": days["user_id"].nunique(),
        "success_rate": days["good"].mean().round(4),
        "avg_response_time_ms": days["duration_ms"].mean().round(2),
    }
)
table.reset_index().to_csv(sys.stdout, index=False)
