"""Yesterday's figures of every bot of a workspace, one CSV file a bot, with cozepy."""

import csv
import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cozepy import COZE_CN_BASE_URL, Coze, SyncHTTPClient, TokenAuth

url = os.environ.get("COZE_API_BASE", COZE_CN_BASE_URL)
auth = TokenAuth(os.environ["COZE_API_TOKEN"])
day = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)

with SyncHTTPClient(headers={"Authorization": f"{auth.token_type} {auth.token}"}) as http:
    for bot in Coze(auth, url, http).bots.list(space_id=os.environ["COZE_SPACE_ID"]):
        query = {"start_date": str(day), "end_date": str(day)}
        body = http.get(f"{url}/v1/bots/{bot.bot_id}/analytics", params=query).raise_for_status().json()
        if body["code"] != 0 or [row["date"] for row in body["data"]["metrics"]] != [str(day)]:
            raise SystemExit(f"no figures of {day}: {body}")
        part = Path(f"{bot.bot_id}-{day}.csv.part")
        with part.open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, list(body["data"]["metrics"][0]))
            lines.writeheader()
            lines.writerows(body["data"]["metrics"])
        part.replace(part.with_suffix(""))
