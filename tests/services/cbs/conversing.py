"""A client of the dialogue operations, for tests."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockcbs import Settings, create_app
from mockcbs.core.clock import Clock
from tests.conftest import BOT, NOW, PROJECT

TOKEN = {"X-Auth-Token": "any"}


@dataclass
class Talk:
    """Talks to one bot of one project."""

    app: Flask
    project: str = PROJECT
    bot: str = BOT

    @classmethod
    def start(cls, dataset: str) -> "Talk":
        """Talk to a new mock with a stopped clock."""
        return cls(create_app(Settings(dataset=dataset, now=NOW)))

    @property
    def client(self) -> FlaskClient:
        """A fresh client."""
        return self.app.test_client()

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Make a call on the bot."""
        url = f"/v1/{self.project}/qabots/{self.bot}{path}"
        return self.client.open(url, method=method, headers=TOKEN, **options)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """The JSON of a successful call."""
        response = self.send("POST", path, json=body)
        assert response.status_code == 200, (response.data, response.headers)
        return response.json

    def chat(self, question: str, **more: Any) -> dict[str, Any]:
        """Ask."""
        return self.post("/chat", question=question, **more)

    def refusal(self, method: str, path: str, **options: Any) -> tuple[int, str, str]:
        """Status, code and message of a call that fails."""
        response = self.send(method, path, **options)
        assert list(response.json) == ["error_code", "error_msg"]
        return response.status_code, response.json["error_code"], response.json["error_msg"]

    def statistics(self, operation: str, **query: Any) -> dict[str, Any]:
        """What happened since the mock started, of an operation of the statistics."""
        return self.send(
            "GET", f"/{operation}", query_string={"start_time": NOW, "interval": "day", **query}
        ).json

    def counts(self) -> dict[str, int]:
        """The outcomes that were counted, above 0."""
        total = self.statistics("requests/reply-rates")["total"]
        named = {
            name.removesuffix("_count"): count for name, count in total.items() if name.endswith("_count")
        }
        return {name: count for name, count in named.items() if count and name != "question"}

    def sessions(self) -> int:
        """How many sessions are counted."""
        return self.statistics("requests/session-stats")["total"]["session_count"]

    def wait(self, milliseconds: int) -> None:
        """Move the clock on."""
        mock = self.app.extensions["mockcbs"]
        mock.clock = Clock(mock.clock.now() + milliseconds)
