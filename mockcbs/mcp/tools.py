"""The tools with which an assistant controls a mock. The assistant reads their docstrings."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from mockcbs.core.errors import UserError
from mockcbs.core.files import shipped
from mockcbs.faults import scenario_file
from mockcbs.mcp.control_api import ControlApi
from mockcbs.services import registry

Json = dict[str, Any]

_MAX_BODY = 20_000
"""The maximum number of characters of a response for an assistant."""
_MAX_CALLS = 1000

INSTRUCTIONS = """\
mockcbs is a mock of Huawei Cloud CBS, Coze (扣子), Feishu, Airtable, Tencent Docs and OSS for tests.
Call `status` first: it tells the base URL and the environment variables that the vendors' SDKs read.
After a client has run, `read_journal` shows what it sent and why a response was an error.
`explain` tells which turns a figure was computed from. `play_scenario` breaks responses on purpose.
"""


class Tools:
    """The tools on one mock."""

    def __init__(self, api: ControlApi, variables: Mapping[str, str]) -> None:
        """*variables* are the environment variables that point SDKs at the mock."""
        self._api = api
        self._variables = dict(variables)

    def all(self) -> list[Callable[..., Any]]:
        """All tools; the assistant sees their names and docstrings."""
        return [
            self.status,
            self.list_operations,
            self.example_code,
            self.send_request,
            self.list_datasets,
            self.use_dataset,
            self.set_seed,
            self.add_question,
            self.explain,
            self.read_clock,
            self.set_clock,
            self.list_scenarios,
            self.play_scenario,
            self.stop_scenario,
            self.read_journal,
            self.read_call,
            self.verify_requests,
            self.list_webhooks,
            self.subscribe_webhook,
            self.list_deliveries,
            self.redeliver,
            self.reset,
        ]

    def status(self) -> Json:
        """The mock's base URL, dataset, seed, clock and scenario, and the variables that SDKs read.

        Set the variables in the environment of the client under test.
        """
        health = self._api.get("/health")
        return {
            "url": self._api.url,
            **{name: health[name] for name in ("version", "dataset", "seed")},
            "clock": self._api.get("/clock"),
            "scenario": self._api.get("/scenario"),
            "environment": self._variables,
        }

    def list_operations(self, service: str = "", contains: str = "") -> Json:
        """The operations that the mock answers: method, path, name and summary.

        service: only this one (cbs, iam, coze, feishu, airtable, tencent_docs, oss, control).
        contains: only operations whose path, name or summary contains this text.
        """
        document = self._api.get(f"/openapi/{service}.json" if service else "/openapi.json")
        found = [
            {
                "method": method.upper(),
                "path": path,
                "operation": _dotted(operation["operationId"]),
                "summary": operation.get("summary", ""),
            }
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if isinstance(operation, dict) and "operationId" in operation
        ]
        wanted = contains.casefold()
        return {"operations": [one for one in found if wanted in " ".join(one.values()).casefold()]}

    def example_code(
        self,
        operation: str,
        language: Literal["curl", "python", "java", "node", "go", "sdk"] = "python",
    ) -> str:
        """Code that sends an example request to an operation, with credentials that work.

        operation: its name, as list_operations gives it. language: sdk is the vendor's SDK for Python.
        """
        found = self._api.get("/samples", {"operation": operation})["samples"]
        codes = {one["language"]: one["code"] for one in found}
        if language not in codes:
            raise UserError(f"no {language} code for {operation}; there is {', '.join(codes)}")
        code: str = codes[language]
        return code

    def send_request(
        self,
        target: str,
        method: str = "GET",
        body: str | dict[str, Any] | list[Any] = "",
        headers: dict[str, str] | None = None,
    ) -> Json:
        """Send a request to an emulated service; credentials that work are added.

        target: path and query, such as /v1/users/me. body: an object or a list is sent as JSON. Returns
        status, headers and body; X-Mockcbs-Reason tells why a response is an error or may surprise.
        """
        sent = dict(headers or {})
        if not isinstance(body, str):
            sent.setdefault("Content-Type", "application/json")
            body = json.dumps(body, ensure_ascii=False)
        response = self._api.send(method.upper(), target, sent, body)
        text = response.text
        return {
            "status": response.status_code,
            "headers": dict(response.headers),
            "body": text[:_MAX_BODY],
            "characters_left_out": max(0, len(text) - _MAX_BODY),
        }

    def list_datasets(self) -> Json:
        """The datasets that come with mockcbs: name and description."""
        return self._object(self._api.get("/datasets"))

    def use_dataset(self, dataset: str | dict[str, Any], name: str = "unnamed") -> Json:
        """Make traffic from another dataset from now on; the clock moves to the time that it states.

        dataset: a name of list_datasets, or the content of a dataset file, such as
        {"bots": [{"id": "*", "traffic": {"sessions_per_day": 30}}]}. name: what to call such content.
        """
        return self._object(self._api.put("/dataset", {"dataset": dataset}, {"name": name}))

    def set_seed(self, seed: int) -> Json:
        """Make traffic from another seed from now on."""
        return self._object(self._api.put("/seed", {"seed": seed}))

    def add_question(
        self,
        *,
        bot: str,
        question: str,
        user: str = "",
        session: str = "",
        at: str | None = None,
        outcome: str | None = None,
    ) -> Json:
        """Add a question of a user to the traffic of a bot; every statistic counts it at once.

        bot: a UUID for CBS, digits for Coze. at: ISO 8601, by default now. session: without one the question
        opens a session. outcome: by default the knowledge base decides; a wrong one lists those accepted.
        """
        asked = {"bot": bot, "question": question, "user": user, "session": session}
        return self._object(self._api.post("/turns", asked | _stated(at=at, outcome=outcome)))

    def explain(self, request: str, figure: str | None = None, turns: int = 20) -> Json:
        """Why a figure of a statistics response is what it is: its formula and the turns behind it.

        request: path and query as a client sends them. figure: such as total.session_count; without it the
        figures of the response are listed. turns: how many turns (or figures) to return, at most 1000.
        """
        query = {"request": request, "figure": figure, "page_size": turns}
        return self._object(self._api.get("/explain", query))

    def read_clock(self, project: str | None = None, token: str | None = None) -> Json:
        """The time of the mock and whether it is real, frozen or running.

        project or token: the clock of that project (CBS) or token (Coze) only.
        """
        return self._object(self._api.get("/clock", {"project": project, "token": token}))

    def set_clock(
        self,
        change: Literal["freeze", "tick", "advance", "real"],
        at: str | None = None,
        advance_ms: int | None = None,
        project: str | None = None,
        token: str | None = None,
    ) -> Json:
        """Change the clock of the mock.

        change: freeze stops it, tick lets it run, both from `at` (ISO 8601; by default its present time);
        advance skips `advance_ms` milliseconds; real is real time. project or token: that scope only.
        """
        body: Json = {change: at or True}
        if change == "advance":
            body = {"advance_ms": advance_ms}
        elif change == "real":
            body = {"real": True}
        return self._object(self._api.put("/clock", body, {"project": project, "token": token}))

    def list_scenarios(self) -> Json:
        """The scenarios that come with mockcbs, which break responses or deliveries on purpose."""
        loaded = [scenario_file.load(name, registry.vocabulary()) for name in shipped("scenarios")]
        return {"scenarios": [{"name": one.name, "description": one.description} for one in loaded]}

    def play_scenario(
        self,
        scenario: str | dict[str, Any],
        ttl_seconds: float | None = None,
        project: str | None = None,
        token: str | None = None,
    ) -> Json:
        """Break responses on purpose from now on.

        scenario: a name of list_scenarios, or the content of a scenario file, such as
        {"rules": [{"when": {"operation": "cbs.*", "first": 2}, "answer": {"error": "server-error"}}]}.
        ttl_seconds: ends by itself. project or token: only calls of that project (CBS) or token (Coze).
        """
        body = {"scenario": scenario, **_stated(ttl_seconds=ttl_seconds)}
        return self._object(self._api.put("/scenario", body, {"project": project, "token": token}))

    def stop_scenario(self, project: str | None = None, token: str | None = None) -> Json:
        """End the scenario that is being played."""
        return self._object(self._api.delete("/scenario", {"project": project, "token": token}))

    def read_journal(
        self,
        *,
        service: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        since: str | None = None,
        limit: int = 20,
        before: int | None = None,
        project: str | None = None,
        token: str | None = None,
    ) -> Json:
        """The last requests that the mock received, newest first, a short entry each.

        reason tells why a response was an error, near_misses what the request probably meant, fault which
        scenario changed it. Filters: service, operation (such as cbs.*), status, since (ISO 8601), project
        or token. before: the `next` of the page before. read_call shows one request whole.
        """
        query = {
            "service": service,
            "operation": operation,
            "status": status,
            "since": since,
            "limit": min(limit, _MAX_CALLS),
            "before": before,
            "project": project,
            "token": token,
        }
        page = self._api.get("/journal", query)
        return {**page, "entries": [_short(entry) for entry in page["entries"]]}

    def read_call(self, id: int) -> Json:  # noqa: A002 - what the journal calls it
        """One request of the journal whole, with headers and bodies; secrets are masked."""
        entries = self._api.get("/journal", {"limit": 1, "before": id + 1})["entries"]
        if not entries or entries[0]["id"] != id:
            raise UserError(f"the journal has no call {id}")
        return self._object(entries[0])

    def verify_requests(
        self,
        pattern: dict[str, Any],
        count: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> Json:
        """Check that a client sent certain requests; an error lists the nearest misses with reasons.

        pattern: such as {"operation": "cbs.*", "query": {"interval": "day"}}; its members are method, path,
        service, operation, project, bot, credential, query, header, body and status; texts may contain *.
        Without a number, at least one request is expected.
        """
        numbers = _stated(count=count, at_least=at_least, at_most=at_most)
        return self._object(self._api.post("/journal/verify", {"pattern": pattern, **numbers}))

    def list_webhooks(self) -> Json:
        """The subscriptions to usage events."""
        return self._object(self._api.get("/webhooks"))

    def subscribe_webhook(self, url: str, secret: str | None = None, profile: str | None = None) -> Json:
        """Deliver usage events to a URL from now on.

        profile: coze (checks the URL by a challenge first) or standard (Standard Webhooks). secret: signs
        the deliveries.
        """
        body = {"url": url, **_stated(secret=secret, profile=profile)}
        return self._object(self._api.post("/webhooks", body))

    def list_deliveries(
        self,
        *,
        state: str | None = None,
        event_type: str | None = None,
        bot_id: str | None = None,
        webhook: str | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> Json:
        """Deliveries of usage events with their attempts, newest first: what was sent, and what came back.

        after: the `next` of the page before.
        """
        query = {
            "state": state,
            "event_type": event_type,
            "bot_id": bot_id,
            "webhook": webhook,
            "limit": min(limit, _MAX_CALLS),
            "after": after,
        }
        return self._object(self._api.get("/webhooks/deliveries", query))

    def redeliver(self, delivery_id: str) -> Json:
        """Make a delivery once more, with the same body and event id."""
        return self._object(self._api.post(f"/webhooks/deliveries/{delivery_id}/redeliver"))

    def reset(self, project: str | None = None, token: str | None = None) -> str:
        """Restore the state just after the start: delete all that clients made, the journal and the scenario.

        project or token: only what belongs to it.
        """
        self._api.post("/reset", query={"project": project, "token": token})
        return "reset"

    @staticmethod
    def _object(content: Any) -> Json:
        """*content* as a JSON object; raises `UserError` for other values."""
        return dict(content)


def _stated(**given: Any) -> Json:
    """The arguments that are not `None`."""
    return {name: value for name, value in given.items() if value is not None}


def _dotted(operation_id: str) -> str:
    """The name of an operation in the spelling of the journal and of scenarios."""
    services = [*(service.name for service in registry.services()), "control"]
    service = next((name for name in services if operation_id.startswith(f"{name}_")), None)
    return f"{service}.{operation_id.removeprefix(f'{service}_')}" if service else operation_id


def _short(entry: Json) -> Json:
    """A journal entry without headers and bodies."""
    names = ("id", "at", "operation", "project", "code", "reason", "fault", "near_misses", "deliveries")
    request = {name: entry["request"][name] for name in ("method", "path", "query")}
    return {
        "status": entry["response"]["status"],
        **request,
        **{name: entry[name] for name in names if entry[name]},
    }
