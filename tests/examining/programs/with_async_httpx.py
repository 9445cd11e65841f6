"""Sessions of a CBS bot by day: a token of IAM, then httpx with all days at once."""

import asyncio
import json
import os
from datetime import datetime, timedelta

import httpx

told = {name.removeprefix("MOCKCBS_").lower(): text for name, text in os.environ.items()}

USER = {"name": "mockcbs", "password": "mockcbs", "domain": {"name": "mockcbs"}}


async def main() -> None:
    project = {"project": {"id": told["project_id"]}}
    identity = {"methods": ["password"], "password": {"user": USER}}
    async with httpx.AsyncClient(base_url=told["base_url"], timeout=10) as http:
        issued = await http.post("/v3/auth/tokens", json={"auth": {"identity": identity, "scope": project}})
        issued.raise_for_status()
        http.headers["X-Auth-Token"] = issued.headers["X-Subject-Token"]
        path = f"/v1/{told['project_id']}/qabots/{told['bot_id']}/requests/session-stats"

        async def day(start: datetime) -> dict:
            stop = start + timedelta(days=1)
            parameters = {
                "interval": "day",
                "time_zone": told["zone"],
                "start_time": int(start.timestamp() * 1000),
                "end_time": int(stop.timestamp() * 1000) - 1,
            }
            response = await http.get(path, params=parameters)
            response.raise_for_status()
            total = response.json()["total"]
            return {"date": start.date().isoformat(), "session_count": total["session_count"]}

        first, last = (
            datetime.fromisoformat(f"{told[name]}T00:00:00{told['zone']}") for name in ("start", "end")
        )
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        print(json.dumps(await asyncio.gather(*map(day, days))))


asyncio.run(main())
