"""The right figures for a range, read from the mock in the form of a client's output."""

import json
from decimal import Decimal
from typing import Any

from mockcbs.examining.output import Output
from mockcbs.examining.words import Asked
from mockcbs.examining.world import World

_PAGE = 100


class Service:
    """Calls the statistics of one service in process, without a socket."""

    def __init__(self, name: str, world: World) -> None:
        """*name* is ``cbs`` or ``coze``."""
        self._name = name
        self._http = world.server.app.test_client()
        self._target = world.target

    def periods(self, asked: Asked) -> Output | None:
        """The rows by period and the total row; `None` if the service does not have the granularity."""
        if self._name == "coze":
            return self._analytics(asked) if asked.granularity in {"day", "hour"} else None
        return self._statistics(asked) if asked.granularity in {"day", "week", "month"} else None

    def ranking(self, asked: Asked, item: str) -> Output:
        """The maximum number of keywords or hot questions that the service returns."""
        keyword = item == "keyword"
        path = "requests/keywords" if keyword else "qa-pairs/hots"
        body = self._cbs(path, {**_range(asked), "top": 50 if keyword else 20})
        return Output(tuple(body["keywords" if keyword else "questions"]))

    def events(self, asked: Asked) -> Output:
        """All raw events."""
        rows: list[dict[str, Any]] = []
        page: dict[str, Any] = {"has_more": True}
        while page["has_more"]:
            parameters = {**_dates(asked), "page_num": len(rows) // _PAGE + 1, "page_size": _PAGE}
            page = self._coze("analytics/logs", parameters)
            rows += page["items"]
        return Output(tuple(rows))

    def _analytics(self, asked: Asked) -> Output:
        body = self._coze("analytics", {**_dates(asked), "granularity": asked.granularity})
        return Output((*body["metrics"], body["summary"]))

    def _statistics(self, asked: Asked) -> Output:
        """session-stats and reply-rates, each period as one row."""
        parameters = {**_range(asked), "interval": asked.granularity, "time_zone": asked.zone}
        sessions = self._cbs("requests/session-stats", parameters)
        replies = self._cbs("requests/reply-rates", parameters)
        rows: dict[str, dict[str, Any]] = {}
        for row in (*sessions["intervals"], *replies["intervals"]):
            rows.setdefault(row["start"], {}).update(row)
        return Output((*rows.values(), {**sessions["total"], **replies["total"]}))

    def _cbs(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        target = self._target
        return self._get(f"/v1/{target.project_id}/qabots/{target.bot_id}/{path}", parameters)

    def _coze(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = self._get(f"/v1/bots/{self._target.bot_id}/{path}", parameters)["data"]
        return body

    def _get(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        headers = {"X-Auth-Token": self._target.token, "Authorization": f"Bearer {self._target.token}"}
        response = self._http.get(path, query_string=parameters, headers=headers)
        body: dict[str, Any] = json.loads(response.data, parse_float=Decimal)
        return body


def _dates(asked: Asked) -> dict[str, Any]:
    return {"start_date": asked.start.isoformat(), "end_date": asked.end.isoformat()}


def _range(asked: Asked) -> dict[str, Any]:
    return {"start_time": asked.start_ms, "end_time": asked.end_ms}
