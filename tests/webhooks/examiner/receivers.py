"""Receivers to be examined: a right one, and copies of it with one fault each."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response

SECRET = "exam-secret"
SHANGHAI = 8 * 3_600_000


class RightReceiver:
    """Does everything that is required, in memory; faults are made by overriding a step."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.events: dict[str, dict[str, Any]] = {}

    # ---- steps ----

    def verify(self, request: Request, body: bytes) -> bool:
        headers = request.headers
        timestamp = headers.get("X-Coze-Timestamp", "")
        expected = self.signature(timestamp, headers.get("X-Coze-Nonce", ""), body)
        return hmac.compare_digest(expected, headers.get("X-Coze-Signature", "")) and self.is_recent(
            timestamp
        )

    def signature(self, timestamp: str, nonce: str, body: bytes) -> str:
        return hashlib.sha1(f"{timestamp}{nonce}{SECRET}".encode() + body).hexdigest()

    def is_recent(self, timestamp: str) -> bool:
        return abs(time.time() * 1000 - int(timestamp)) < 300_000

    def key(self, event: dict[str, Any]) -> str:
        return event["event_id"]

    def accepts(self, event: dict[str, Any]) -> bool:
        return True

    def read(self, event: dict[str, Any]) -> dict[str, Any]:
        return event

    def store(self, event: dict[str, Any]) -> None:
        with self.lock:
            self.events.setdefault(self.key(event), self.read(event))

    def challenge(self, content: dict[str, Any]) -> Any:
        return {"challenge": content["event"]["challenge"]}

    # ---- the road of a delivery ----

    def respond(self, request: Request) -> tuple[int, Any]:
        body = request.get_data()
        if not self.verify(request, body):
            return 401, {}
        try:
            content = json.loads(body)
        except ValueError:
            return 400, {}
        if not isinstance(content, dict):
            return 400, {}
        if content.get("header", {}).get("event_type") == "url_verification":
            return 200, self.challenge(content)
        if "event_type" not in content:
            return 400, {}
        if not self.accepts(content):
            return 403, {}
        self.store(content)
        return 200, {}

    def __call__(self, environ, start_response):
        status, content = self.respond(Request(environ))
        return Response(json.dumps(content), status, mimetype="application/json")(environ, start_response)

    # ---- figures ----

    def figures(self, day: int | None = None) -> dict[str, float]:
        with self.lock:
            rows = [row for row in self.events.values() if day is None or self.day(row) == day]
        known = {"session.started", "message.sent", "execution.completed", "execution.failed"}
        rows = [row for row in rows if row["event_type"] in known]
        ended = [row for row in rows if row["event_type"].startswith("execution")]
        good = [row for row in ended if row["event_type"] == "execution.completed"]
        success = round(len(good) / len(ended), 4) if ended else 1.0
        return {
            "total_calls": len({row["chat_id"] for row in rows}),
            "total_messages": sum(row["event_type"] == "message.sent" for row in rows),
            "total_sessions": len({row["session_id"] for row in rows}),
            "unique_users": len({row["user_id"] for row in rows}),
            "success_rate": success,
            "error_rate": round(1 - success, 4),
            "avg_response_time_ms": round(sum(row["duration_ms"] for row in ended) / len(ended), 2)
            if ended
            else 0,
        }

    def day(self, row: dict[str, Any]) -> int:
        return (row["trigger_time"] + SHANGHAI) // 86_400_000


class NoDeduplication(RightReceiver):
    def store(self, event):
        with self.lock:
            self.events[f"{len(self.events)}"] = event

    def figures(self, day=None):
        found = super().figures(day)
        with self.lock:
            rows = [row for row in self.events.values() if day is None or self.day(row) == day]
        return {**found, "total_calls": sum(row["event_type"].startswith("execution") for row in rows)}


class AnswersCreated(RightReceiver):
    def respond(self, request):
        status, content = super().respond(request)
        return (201 if status == 200 and "challenge" not in content else status), content


class RefusesDuplicates(RightReceiver):
    def respond(self, request):
        with self.lock:
            known = set(self.events)
        status, content = super().respond(request)
        if status == 200 and json.loads(request.get_data()).get("event_id") in known:
            return 409, {"error": "known already"}
        return status, content


class Hmac(RightReceiver):
    def signature(self, timestamp, nonce, body):
        return hmac.new(SECRET.encode(), f"{timestamp}{nonce}".encode() + body, "sha1").hexdigest()


class ParsesFirst(RightReceiver):
    def respond(self, request):
        try:
            json.loads(request.get_data())
        except ValueError:
            return 400, {}
        return super().respond(request)


class VerifiesReserialised(RightReceiver):
    def verify(self, request, body):
        try:
            body = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()
        except ValueError:
            return super().verify(request, body)
        return super().verify(request, body)


class AcceptsOldTimestamps(RightReceiver):
    def is_recent(self, timestamp):
        return True


class NoSignature(RightReceiver):
    def verify(self, request, body):
        return "X-Coze-Signature" not in request.headers or super().verify(request, body)


class AnySignature(RightReceiver):
    def verify(self, request, body):
        return "X-Coze-Signature" in request.headers and self.is_recent(request.headers["X-Coze-Timestamp"])


class StoresLater(RightReceiver):
    def store(self, event):
        threading.Timer(0.4, super().store, [event]).start()


class LosesSome(RightReceiver):
    def store(self, event):
        if event.get("role") != "assistant":
            super().store(event)


class CountsRetries(RightReceiver):
    """Knows an event again only while it is the last one that came."""

    last = ""

    def store(self, event):
        with self.lock:
            if event["event_id"] != self.last:
                self.events[f"{event['event_id']}/{len(self.events)}"] = event
            self.last = event["event_id"]


class LocalTime(RightReceiver):
    def day(self, row):
        return row["trigger_time"] // 86_400_000


class SecondsForMilliseconds(RightReceiver):
    def read(self, event):
        return {**event, "duration_ms": event["duration_ms"] // 1000} if "duration_ms" in event else event


class FailuresAreSuccesses(RightReceiver):
    def read(self, event):
        kind = event["event_type"].replace("execution.failed", "execution.completed")
        return {**event, "event_type": kind}


class NeedsOrder(RightReceiver):
    """Drops an execution's end if it has not seen its session begin."""

    def store(self, event):
        with self.lock:
            known = any(row["session_id"] == event["session_id"] for row in self.events.values())
        if event["event_type"] == "session.started" or known:
            super().store(event)


class ComparesEventTime(RightReceiver):
    def accepts(self, event):
        return time.time() * 1000 - event["trigger_time"] < 600_000


class AsciiOnly(RightReceiver):
    def read(self, event):
        return {**event, "user_id": event["user_id"].encode("ascii", "replace").decode()}


class SmallBodies(RightReceiver):
    def respond(self, request):
        return (413, {}) if len(request.get_data()) > 100_000 else super().respond(request)


class NoChallenge(RightReceiver):
    def challenge(self, content):
        return {}


class RefusesUnknownTypes(RightReceiver):
    def accepts(self, event):
        return event["event_type"].partition(".")[0] in {"session", "message", "execution"}


class FailsOnContentType(RightReceiver):
    def respond(self, request):
        if request.mimetype != "application/json":
            raise ValueError(request.mimetype)
        return super().respond(request)

    def __call__(self, environ, start_response):
        try:
            return super().__call__(environ, start_response)
        except ValueError:
            return Response("oops", 500)(environ, start_response)


class AlwaysOk(RightReceiver):
    def respond(self, request):
        status, content = super().respond(request)
        return (200 if status == 400 else status), content


class RacesItself(RightReceiver):
    """Looks first and stores later, without a lock: parallel duplicates count twice."""

    def store(self, event):
        key = self.key(event)
        if any(row_key.partition("/")[0] == key for row_key in list(self.events)):
            return
        time.sleep(0.02)
        self.events[f"{key}/{threading.get_ident()}/{time.perf_counter_ns()}"] = event

    def figures(self, day=None):
        found = super().figures(day)
        rows = [row for row in list(self.events.values()) if day is None or self.day(row) == day]
        return {**found, "total_calls": sum(row["event_type"].startswith("execution") for row in rows)}


FAULTS: dict[str, tuple[Callable[[], RightReceiver], set[str]]] = {
    "no deduplication": (NoDeduplication, {"deduplicates"}),
    "answers 201": (AnswersCreated, {"accepts"}),
    "refuses duplicates": (RefusesDuplicates, {"deduplicates"}),
    "counts retries": (CountsRetries, {"redelivery"}),
    "HMAC instead of SHA-1": (Hmac, {"right-signature"}),
    "parses before it verifies": (ParsesFirst, {"verifies-first"}),
    "verifies what it has serialised again": (VerifiesReserialised, {"raw-body"}),
    "accepts old timestamps": (AcceptsOldTimestamps, {"refuses-replay"}),
    "accepts no signature": (NoSignature, {"refuses-unsigned"}),
    "accepts any signature": (AnySignature, {"refuses-wrong-signature"}),
    "stores after answering": (StoresLater, {"commits-first"}),
    "loses events": (LosesSome, {"stores"}),
    "local time": (LocalTime, {"days"}),
    "seconds for milliseconds": (SecondsForMilliseconds, {"milliseconds"}),
    "failures are successes": (FailuresAreSuccesses, {"rates"}),
    "needs events in order": (NeedsOrder, {"any-order"}),
    "compares the event's time": (ComparesEventTime, {"late-events"}),
    "ASCII only": (AsciiOnly, {"unicode"}),
    "small bodies only": (SmallBodies, {"large-body"}),
    "no challenge": (NoChallenge, {"challenge"}),
    "refuses unknown types": (RefusesUnknownTypes, {"unknown-type"}),
    "fails on a content type": (FailsOnContentType, {"content-type"}),
    "answers 200 to rubbish": (AlwaysOk, {"refuses-rubbish"}),
    "races itself": (RacesItself, {"burst"}),
}
"""A fault, the receiver that has it, and the requirements that may be named for it."""
