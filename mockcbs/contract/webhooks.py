"""Receives webhooks: from a mock that the kit subscribes to and chats with, or from any other sender."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from werkzeug.datastructures import Headers

from mockcbs.contract import diagnosis
from mockcbs.contract.kit import Kit, made_up, not_reached
from mockcbs.contract.services import KitService
from mockcbs.contract.targets import Answer, Call, CannotRunError
from mockcbs.core.clock import real_now

_JSON = {"Content-Type": "application/json"}
_RETRIES = [0, 0, 0]
"""Seconds that a mock waits before each retry."""
_MAX_BODY = 2**20
_QUIET = 0.5
"""The kit assumes that a mock has sent everything after this many seconds without a delivery."""
Arrived = Callable[["Delivery"], list["Delivery"]]


@dataclass(frozen=True)
class Delivery:
    """One delivery attempt of a sender."""

    method: str
    path: str
    headers: Headers
    body: bytes
    at: int
    """The time of arrival, ms UTC."""
    status: int = 200
    """The status of the response."""

    @property
    def content(self) -> Any:
        """The body as JSON; `None` if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def is_challenge(self) -> bool:
        """Whether the delivery is a challenge that verifies the URL."""
        content = str(self.content)
        return "challenge" in content or "url_verification" in content

    @property
    def event(self) -> dict[str, Any]:
        """The event, from a flat body or from the vendor's envelope; empty if there is none."""
        content = self.content
        if not isinstance(content, dict):
            return {}
        if isinstance(content.get("header"), dict):
            inner = content.get("event")
            return {**(inner if isinstance(inner, dict) else {}), **content["header"]}
        return content

    @property
    def event_id(self) -> str:
        """The id of the event; empty if it has none."""
        found = self.event.get("event_id")
        return found if isinstance(found, str) else ""

    def answer(self) -> Answer:
        """The exchange as evidence for a verdict."""
        call = Call(self.method, self.path, "", dict(self.headers.items()), self.body)
        return Answer(call, self.status, Headers(), b"", self.at, self.at)


class Inbox:
    """Accepts deliveries: echoes challenges, and refuses each event once before accepting it."""

    def __init__(self, arrived: Arrived = lambda one: [one]) -> None:
        """*arrived* can replace deliveries, for tests."""
        self.deliveries: list[Delivery] = []
        self._refused: set[str] = set()
        self._arrived, self._lock = arrived, Lock()

    def take(self, delivery: Delivery) -> tuple[int, bytes]:
        """Store a delivery, and return the status and body of the response."""
        with self._lock:
            status, body = 200, b"{}"
            if delivery.is_challenge:
                body = json.dumps({"challenge": _challenge(delivery.content)}).encode()
            elif delivery.event_id and delivery.event_id not in self._refused:
                self._refused.add(delivery.event_id)
                status = 500
            self.deliveries += self._arrived(replace(delivery, status=status))
            return status, body

    @property
    def events(self) -> list[Delivery]:
        """The deliveries other than challenges, in order of arrival."""
        return [one for one in self.deliveries if not one.is_challenge]


def _challenge(content: Any) -> Any:
    if isinstance(content, dict):
        event = content.get("event")
        return content.get("challenge") or (event.get("challenge") if isinstance(event, dict) else None)
    return None


class _Handler(BaseHTTPRequestHandler):
    inbox: Inbox

    def do_POST(self) -> None:
        """Store a delivery and respond to it."""
        size = min(int(self.headers.get("Content-Length") or 0), _MAX_BODY)
        body = self.rfile.read(size)
        given = Headers(list(self.headers.items()))
        status, text = self.inbox.take(Delivery("POST", self.path, given, body, real_now()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Mailbox:
    """An HTTP server for an inbox."""

    def __init__(self, inbox: Inbox, address: str) -> None:
        """*address* is ``host:port``; raises `CannotRunError` if it cannot be used."""
        host, _, port = address.rpartition(":")
        handler = type("Handler", (_Handler,), {"inbox": inbox})
        try:
            self._server = ThreadingHTTPServer((host or "127.0.0.1", int(port)), handler)
        except (OSError, ValueError, OverflowError) as error:
            raise CannotRunError(f"--webhooks-listen {address}: {error}") from error
        self._server.daemon_threads = True
        self.url = f"http://{host or '127.0.0.1'}:{self._server.server_port}/"
        Thread(target=partial(self._server.serve_forever, 0.05), daemon=True).start()

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()


def inbox_of(kit: Kit) -> Inbox:
    """The inbox of this run; ends the check if no delivery arrived."""
    inbox: Inbox = kit.memory["webhooks"]
    if not inbox.deliveries:
        not_reached("no delivery arrived")
    return inbox


def look(kit: Kit) -> None:
    """Receive deliveries: subscribe to a mock on this machine and chat with it, or wait for a sender."""
    inbox = kit.memory.setdefault("webhooks", Inbox())
    mailbox = Mailbox(inbox, kit.accounts["webhooks_listen"])
    try:
        if kit.local:
            _from_mock(kit, inbox, mailbox.url)
        else:
            _from_sender(kit, inbox)
    finally:
        mailbox.close()


def _from_mock(kit: Kit, inbox: Inbox, url: str) -> None:
    """Receive the events of one chat with a mock."""
    subscription = {"url": url, "secret": kit.accounts["webhooks_secret"], "retries": _RETRIES}
    answer = _post(kit, "/_mockcbs/webhooks", subscription)
    diagnosis.recognize(kit, kit.targets["webhooks"].name, answer)
    if answer.status not in {200, 201}:
        name = kit.targets["webhooks"].name
        raise CannotRunError(f"{name} is not a mock with webhooks: {diagnosis.said(kit, answer)}")
    user = kit.memory["webhooks user"] = made_up()
    _post(
        kit,
        "/v3/chat",
        {"bot_id": kit.coze_bot_id, "user_id": user, "stream": True, "additional_messages": [_SAID]},
    )
    ours = partial(_of_user, inbox, user)
    _wait(lambda: len([one for one in ours() if one.status == 200]) >= _EVENTS, _seconds(kit))
    time.sleep(_QUIET)
    path = f"/_mockcbs/webhooks/{answer.parsed().get('id', '')}"
    diagnosis.first(kit, "webhooks", Call("DELETE", path, "", _JSON))


_SAID = {"role": "user", "content": "你好", "content_type": "text"}
_EVENTS = 4
"""The number of events of one chat: session, question, answer and end."""


def _of_user(inbox: Inbox, user: str) -> list[Delivery]:
    """The events of a user, and those of the same session."""
    sessions = {
        str(one.event["session_id"])
        for one in inbox.events
        if one.event.get("user_id") == user and "session_id" in one.event
    }
    return [
        one
        for one in inbox.events
        if one.event.get("user_id") == user or str(one.event.get("session_id")) in sessions
    ]


def of_chat(kit: Kit) -> list[Delivery]:
    """The accepted deliveries of the chat of this run, in order of arrival."""
    user = kit.memory.get("webhooks user")
    if not user:
        not_reached("the kit did not trigger the sender, so the expected events are unknown")
    return [one for one in _of_user(inbox_of(kit), user) if one.status == 200]


def _from_sender(kit: Kit, inbox: Inbox) -> None:
    """Receive deliveries for the time that the user set."""
    _wait(lambda: False, _seconds(kit))
    if not inbox.deliveries:
        wanted = kit.accounts["webhooks_listen"]
        raise CannotRunError(f"no delivery arrived at {wanted} within {_seconds(kit):g} s (--webhooks-wait)")


def _seconds(kit: Kit) -> float:
    return float(kit.accounts["webhooks_wait"])


def _wait(is_done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_done() and time.monotonic() < end:
        time.sleep(0.05)


def _post(kit: Kit, path: str, content: object) -> Answer:
    call = Call("POST", path, "", _JSON, json.dumps(content).encode())
    return diagnosis.first(kit, "webhooks", authenticate(kit, call))


def authenticate(kit: Kit, call: Call) -> Call:
    """Add the Coze token to *call*."""
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {kit.credentials.coze_token}"})


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check nothing: with webhooks, the kit is the server."""


SERVICE = KitService("webhooks", every_answer, authenticate, look)
