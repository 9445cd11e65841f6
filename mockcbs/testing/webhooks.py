"""Webhooks in tests: the controls of a mock's webhooks, and a receiver with a real endpoint."""

import json
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, NamedTuple, Self
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug import Request, Response

from mockcbs.webhooks.deliveries import Delivery
from mockcbs.webhooks.service import Webhooks
from mockcbs.webhooks.subscriptions import EVERYBODY, RETRIES, USAGE, Subscription, checked_url

_TIMEOUT = 10.0


class WebhookControl:
    """The webhooks of a mock."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    def subscribe(
        self,
        url: str,
        *,
        secret: str | None = None,
        profile: Any = "coze",
        events: Iterable[str] = USAGE,
        bots: Iterable[str] = (),
        challenge: bool = True,
        retries: Iterable[float] = RETRIES,
        scope: str = EVERYBODY,
    ) -> str:
        """Subscribe a URL, and return the subscription's id. Raises `UserError` if the challenge fails."""
        subscription = Subscription(
            "",
            checked_url(url),
            (secret,) if secret else (),
            profile,
            tuple(events),
            tuple(bots),
            challenge=challenge,
            retries=tuple(retries),
        )
        return self._webhooks.subscribe(subscription, scope).id

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries, the newest first."""
        found, _ = self._webhooks.page(None, {}, None, 1_000_000)
        return found

    def wait(self, count: int, timeout: float = _TIMEOUT) -> list[Delivery]:
        """Wait until *count* events are delivered, and return these deliveries, the newest first.

        Raises `AssertionError`, which lists all deliveries, after *timeout* seconds. In a coroutine whose
        event loop also runs the endpoint, wait in a thread: ``await asyncio.to_thread(m.webhooks.wait, 4)``.
        """

        def accepted() -> int:
            return self._webhooks.total(None, "delivered")

        if not self._webhooks.wait(lambda: accepted() >= count, timeout):
            rows = "\n".join(f"  {one.state} {one.event_type} {one.event_id}" for one in self.deliveries)
            message = (
                f"{accepted()} of {count} events were delivered within {timeout:g} s; deliveries:\n{rows}"
            )
            raise AssertionError(message)
        return [delivery for delivery in self.deliveries if delivery.state == "delivered"]


class Received(NamedTuple):
    """A delivery in the form in which the receiver got it."""

    headers: dict[str, str]
    """The headers, by lower-case name."""
    body: bytes
    status: int
    """The status of the response."""

    @property
    def event(self) -> dict[str, Any]:
        """The body as JSON."""
        content: dict[str, Any] = json.loads(self.body)
        return content


class ReceiverServer:
    """An endpoint on a free port that keeps all deliveries, and responds with statuses that a test sets."""

    def __init__(self) -> None:
        from mockcbs.server.server import Server, bind  # noqa: PLC0415 - a mock in process needs no server

        self.received: list[Received] = []
        """All deliveries except challenges, in the order of arrival."""
        self._answers: list[int] = []
        self._always = 200
        self._content = b""
        self._listener = bind("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/webhook"
        """The URL to subscribe."""
        ready = threading.Event()
        self._server = Server(self, on_ready=ready.set)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)
        self._thread.start()
        ready.wait(_TIMEOUT)

    def answer(self, *statuses: int, always: int = 200) -> None:
        """Respond to the next deliveries with *statuses* in turn, then with *always*."""
        self._answers, self._always = list(statuses), always

    def respond_with(self, body: bytes) -> None:
        """Send this JSON in every response."""
        self._content = body

    @property
    def events(self) -> list[dict[str, Any]]:
        """The received events, without repetitions."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.received:
            if one.status == HTTPStatus.OK:
                found.setdefault(one.event["event_id"], one.event)
        return list(found.values())

    def wait(self, count: int, timeout: float = _TIMEOUT) -> list[dict[str, Any]]:
        """Wait for *count* different events; raises `AssertionError` with the events that arrived."""
        deadline = time.monotonic() + timeout
        while len(self.events) < count:
            if time.monotonic() > deadline:
                types = ", ".join(event["event_type"] for event in self.events) or "none"
                message = f"{len(self.events)} of {count} events arrived within {timeout:g} s: {types}"
                raise AssertionError(message)
            time.sleep(0.01)
        return self.events

    def clear(self) -> None:
        """Forget all deliveries, and respond with 200."""
        self.received.clear()
        self.answer()

    def close(self) -> None:
        """Stop the server."""
        self._server.should_exit = True
        self._thread.join(_TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Respond to one delivery."""
        request = Request(environ)
        body = request.get_data()
        if challenge := _challenge(body):
            return Response(json.dumps({"challenge": challenge}))(environ, start_response)
        headers = {name.lower(): value for name, value in request.headers.items()}
        status = self._answers.pop(0) if self._answers else self._always
        self.received.append(Received(headers, body, status))
        return Response(self._content, status, mimetype="application/json")(environ, start_response)


def _challenge(body: bytes) -> str | None:
    try:
        content = json.loads(body)
    except ValueError:
        return None
    header = content.get("header") if isinstance(content, dict) else None
    if not isinstance(header, dict) or header.get("event_type") != "url_verification":
        return None
    value: str = content["event"]["challenge"]
    return value
