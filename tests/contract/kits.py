"""Ledgers of the kit, kits on a mock in process, and single responses for its checks."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import Headers

from mockcbs.contract.catalogue import CLAUSES
from mockcbs.contract.credentials import Credentials
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Clause, Evidence, Ledger
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from mockcbs.contract.targets import Answer, Call, WsgiTarget
from tests.conftest import NOW

PIECE = Evidence("GET /x", "HTTP 200 {}", "1", "<script>2")


def ledger_of(*names: str) -> Ledger:
    return Ledger(Clause(name, "assumed", "1.2", f"Sentence of {name}.") for name in names)


def kit_of_mock(*, writes: bool = True) -> Kit:
    """A kit on a mock of this process, with all services, ready to be checked."""
    return open_kit(Options(now=NOW, allow_writes=writes))


def kit_without_server(service: str) -> Kit:
    """A kit with the clauses of a service, for checks of single responses."""
    target = WsgiTarget(lambda *_: [])
    return Kit({service: target}, Credentials(), "p", "b", Ledger(CLAUSES[service]), local=True)


def response_to(call: Call | str, content: Any, status: int = 200, **headers: str) -> Answer:
    """A response to a call, or to a GET of a path; *content* that is no text comes as JSON.

    ``_`` in the names of headers stands for ``-``.
    """
    asked = Call("GET", call) if isinstance(call, str) else call
    body = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    kind = {"Content-Type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
    return Answer(asked, status, Headers(kind), body.encode(), NOW, NOW)


def broken(kit: Kit) -> set[str]:
    """The clauses that are broken so far."""
    return {entry.clause.id for entry in kit.ledger.of("broken")}


def alter(kit: Kit, service: str, change: Callable[[Call, Any], object]) -> None:
    """Let *change* alter the JSON of every response of a service on its way to the kit."""
    target: Any = kit.targets[service]
    send = target.send

    def altered(call: Call) -> Answer:
        answer = send(call)
        change(call, content := json.loads(answer.body))
        return replace(answer, body=json.dumps(content, ensure_ascii=False).encode())

    target.send = altered
