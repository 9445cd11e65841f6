"""Webhooks that the kit receives: a mock's break nothing, and every deviating delivery breaks its clause."""

import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
import requests

from mockcbs.contract import webhooks
from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.catalogue import CLAUSES, all_checks
from mockcbs.contract.credentials import Credentials
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import DEFAULT_COZE_BOT, Options
from mockcbs.contract.targets import UrlTarget
from mockcbs.contract.webhooks import Inbox
from mockcbs.webhooks.signatures import CozeSigner
from tests.cli.test_contract import contract_of
from tests.contract.drifts import all_of, members_of, of_values
from tests.databases import free_port

CHECKS = [check for check in all_checks() if check.clauses[0].startswith("webhooks.")]
SECRET = "mockcbs-verify-token"


@pytest.fixture(scope="module")
def sender():
    """The URL of a mock that is served in a process of its own."""
    command = [sys.executable, "-m", "mockcbs", "serve", "--port", "0", "--dataset", "empty"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = iter(process.stdout.readline, "")
        url = re.search(r"http://\S+", next(lines))[0]
        next(line for line in lines if "Ctrl-C" in line)
        yield url
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def received(sender):
    """What came from a healthy mock, and who chatted."""
    kit = open_kit(Options(webhooks=sender))
    return kit.memory["webhooks"].deliveries, kit.memory["webhooks user"]


def ledger_of(deliveries, user) -> Ledger:
    """The verdicts on these deliveries."""
    accounts = {one.name: one.default for one in VENDORS["webhooks"].accounts}
    kit = Kit(
        {"webhooks": UrlTarget("http://127.0.0.1:1")},
        Credentials(),
        "",
        "",
        Ledger(CLAUSES["webhooks"]),
        coze_bot_id=DEFAULT_COZE_BOT,
        accounts=accounts,
    )
    inbox = Inbox()
    inbox.deliveries = deliveries
    kit.memory |= {"webhooks": inbox, "webhooks user": user}
    for check in CHECKS:
        kit.run(check)
    return kit.ledger


def signed(one, body):
    """A delivery with another body, signed anew."""
    headers = one.headers.copy()
    headers.update(CozeSigner(SECRET).headers("", body, one.at))
    return replace(one, body=body, headers=headers)


def changed(change):
    """Every event changed alike, and signed anew."""

    def tamper(deliveries):
        found = []
        for one in deliveries:
            if one.is_challenge:
                found.append(one)
                continue
            event = json.loads(one.body)
            change(event)
            found.append(signed(one, json.dumps(event).encode()))
        return found

    return tamper


def header(name, value):
    """Every delivery with another header."""

    def tamper(deliveries):
        found = []
        for one in deliveries:
            headers = one.headers.copy()
            headers[name] = value(one) if callable(value) else value
            found.append(replace(one, headers=headers))
        return found

    return tamper


def reserialized(deliveries):
    """The second attempt has other bytes."""
    return [
        signed(one, one.body + b" ") if one.status == 200 and not one.is_challenge else one
        for one in deliveries
    ]


def _in_seconds(event):
    return {"duration_ms": event["duration_ms"] // 1000} if "duration_ms" in event else {}


def _sent_later(event):
    """The times of messages in Shanghai's local time, as if that were UTC."""
    later = 8 * 3_600_000 if event["event_type"] == "message.sent" else 0
    return {name: event[name] + later for name in ("trigger_time", "timestamp")}


MUTANTS = {
    "no challenge": ("challenge", lambda found: [one for one in found if not one.is_challenge]),
    "text/plain": ("post", header("Content-Type", "text/plain")),
    "signed over other bytes": (
        "signature",
        lambda found: [replace(one, body=one.body + b" ") for one in found],
    ),
    "HMAC": ("signature", header("X-Coze-Signature", "0" * 40)),
    "time in seconds": ("timestamp", header("X-Coze-Timestamp", lambda one: str(one.at // 1000))),
    "time of the first attempt": ("timestamp", header("X-Coze-Timestamp", "1795305600000")),
    "one nonce": ("nonce", header("X-Coze-Nonce", "12345")),
    "no session": ("members", changed(lambda event: event.pop("session_id"))),
    "other names": ("kinds", changed(lambda event: event.update(event_type=event["event_type"].upper()))),
    "all is success": ("status", changed(lambda event: event.update(status="success"))),
    "a duration everywhere": ("duration", changed(lambda event: event.setdefault("duration_ms", 0))),
    "seconds": ("times", changed(lambda event: event.update(timestamp=event["timestamp"] // 1000))),
    "no channel": ("joins", changed(lambda event: event.pop("connector_id"))),
    "no message id": ("message", changed(lambda event: event.pop("message_id", None))),
    "duration in seconds": ("took", changed(lambda event: event.update(_in_seconds(event)))),
    "local times": ("moments", changed(lambda event: event.update(_sent_later(event)))),
    "one id": ("ids", changed(lambda event: event.update(event_id="evt-1"))),
    "given up": ("again", lambda found: [one for one in found if one.is_challenge or one.status != 200]),
    "written anew": ("again", reserialized),
    "twice": ("once", lambda found: [one for each in found for one in (each, each)]),
    "no answer": ("chat", lambda found: [one for one in found if b"assistant" not in one.body]),
}


def test_healthy_mock_breaks_nothing(received):
    """Every clause is reached and holds."""
    ledger = ledger_of(*received)

    assert [(entry.clause.id, entry.broken) for entry in ledger.of("broken")] == []
    assert {entry.verdict for entry in ledger.entries.values()} == {"held"}


def test_every_clause_has_a_mutant():
    """For each clause there is a sender that departs from it, and the kit finds it."""
    named = {f"webhooks.{clause}" for clause, _ in MUTANTS.values()}

    assert {clause.id for clause in CLAUSES["webhooks"]} == named


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant_is_found(name, received):
    """Each mutant breaks the clause that it departs from."""
    clause, tamper = MUTANTS[name]
    deliveries, user = received

    ledger = ledger_of(tamper(list(deliveries)), user)

    assert ledger.entries[f"webhooks.{clause}"].verdict == "broken"


UNNOTICED = {
    *("event_id", "header.event_id", "header.created_at", "event.challenge", "message_id", "duration_ms"),
}
"""Members whose value alone cannot be wrong: another id, time or text is as good, or within the tolerance."""


def kind_of(one):
    """The kind of a delivery: the type of its event, and the role of a message."""
    event = json.loads(one.body)
    return "challenge" if one.is_challenge else f"{event['event_type']} {event.get('role', '')}"


def test_single_drifts(received):
    """A wrong member of one kind of delivery breaks a clause, and at most three others are not reached."""
    deliveries, user = received
    members = {}
    for one in deliveries:
        members.setdefault(kind_of(one), {}).update(members_of(json.loads(one.body)))
    silent, wide = [], []

    for kind, known in members.items():
        for drift in [*all_of(("POST", kind), known), *of_values(("POST", kind), known)]:
            if drift.member and drift.kind not in {"followed by a new one", "moved to the end"}:
                ledger = ledger_of([_drifted(one, drift) for one in deliveries], user)
                if not ledger.of("broken"):
                    silent.append((".".join(drift.member), drift.kind))
                if len(ledger.of("not reached")) > 3:
                    wide.append(str(drift))

    assert wide == []
    assert {member for member, _ in silent} <= UNNOTICED
    assert {kind for _, kind in silent} <= {"with another text", "eight hours later", "greater by one"}


def _drifted(one, drift):
    if kind_of(one) != drift.path:
        return one
    content = json.loads(one.body)
    drift.change(content)
    return signed(one, json.dumps(content).encode())


def test_the_command_subscribes_to_a_mock(sender, tmp_path):
    """A mock is subscribed to, asked, and left without the subscription; the secret is in no report."""
    result = contract_of("--webhooks", sender, "--report", tmp_path)

    left = requests.get(f"{sender}/_mockcbs/webhooks", timeout=10).json()["webhooks"]

    assert result.exit_code == 0, result.output
    assert "18 held" in result.output
    assert left == []
    assert SECRET not in (tmp_path / "report.json").read_text()


def test_a_sender_that_is_no_mock(received, unused_port, monkeypatch):
    """With a real sender, the kit checks the deliveries that arrive while it listens."""
    address, waited = f"127.0.0.1:{unused_port}", []

    def send():
        for one in [one for one in received[0] if not one.is_challenge]:
            body = one.body
            headers = dict(CozeSigner(SECRET).headers("", body, int(time.time() * 1000)))
            headers["Content-Type"] = "application/json; charset=utf-8"
            for _ in range(1000):
                try:
                    requests.post(f"http://{address}/", data=body, headers=headers, timeout=30)
                    break
                except requests.ConnectionError:
                    time.sleep(0.05)

    sender = threading.Thread(target=send)
    monkeypatch.setattr(webhooks, "_wait", lambda _, seconds: waited.append(seconds) or sender.join(60))
    sender.start()
    options = ["--webhooks-listen", address, "--webhooks-secret", SECRET, "--webhooks-wait", "2"]
    result = contract_of("--webhooks", "https://sender.invalid", *options)
    sender.join()

    assert result.exit_code == 0, result.output
    assert waited == [2.0]
    assert "not reached, the kit did not trigger the sender" in result.output
    assert "15 held" in result.output


def test_nothing_comes(unused_port):
    """A sender that sends nothing cannot be checked."""
    options = ["--webhooks-listen", f"127.0.0.1:{unused_port}", "--webhooks-secret", "x" * 8]
    result = contract_of("--webhooks", "https://sender.invalid", *options, "--webhooks-wait", "0")

    assert result.exit_code == 2
    assert "no delivery arrived at 127.0.0.1:" in result.stderr


@pytest.fixture
def unused_port():
    """A free port of this machine."""
    return free_port()
