"""Checks the shapes of the responses in a recording of ``mockcbs record``."""

import re
from collections.abc import Iterator
from pathlib import Path

from werkzeug.datastructures import Headers

from mockcbs.contract.catalogue import clauses_of
from mockcbs.contract.cbs import TAILS
from mockcbs.contract.cbs_shapes import check_shape
from mockcbs.contract.coze import Coze
from mockcbs.contract.credentials import Credentials
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import Answer, Call, CannotRunError
from mockcbs.core.clock import real_now
from mockcbs.exchanges.file import load

_BOT = re.compile(r"/v1/[^/]+/qabots/[^/]+/(.+)")
_OPERATIONS = {tail: operation for operation, tail in TAILS.items()} | {"chat": "chat", "requests": "single"}
_COZE = (
    ("GET", r"/v1/(?:bots|workflows)/\d+/analytics", "analytics"),
    ("GET", r"/v1/(?:bots|workflows)/\d+/analytics/logs", "logs"),
    ("GET", r"/v1/bots/\d+", "bot"),
    ("GET", r"/v1/bots", "bots"),
    ("GET", r"/v1/space/published_bots_list", "space-bots"),
    ("GET", r"/v1/workspaces", "workspaces"),
    ("GET", r"/v1/users/me", "user"),
    ("GET", r"/v1/conversations", "conversations"),
    ("POST", r"/v1/conversation/create", "conversation"),
    ("GET", r"/v1/conversation/retrieve", "conversation"),
    ("GET", r"/v1/workflows", "workflows"),
    ("GET", r"/v1/workflows/\d+", "workflow"),
    ("POST", r"/v3/chat|/v3/chat/retrieve", "chat"),
    ("GET", r"/v3/chat/retrieve", "chat"),
    ("POST", r"/v1/workflow/run", "run"),
)
"""Method, path and shape of the operations whose responses the kit recognizes."""
_ONLY = "a recording contains only the requests that were made when it was recorded"


class _Recorded:
    """A target that makes no calls."""

    wire, spent = True, 0

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, call: Call) -> Answer:
        """Raise `NoAnswerError`: a recording cannot answer new calls."""
        raise CannotRunError(f"{self.name} is a recording and cannot answer calls: {call.method} {call.path}")

    def limit(self, most_per_second: float) -> None:
        """Do nothing: a recording makes no calls."""


def check(path: Path) -> Kit:
    """Check the recording and return the kit with the verdicts; raises `UserError`."""
    answers = list(_answers(path))
    shapes = [(answer, *found) for answer in answers if (found := _shape(answer))]
    services = dict.fromkeys(service for _, service, _ in shapes)
    if not services:
        raise CannotRunError(f"{path} contains no response of CBS or Coze with a known shape")
    kit = Kit(
        dict.fromkeys(services, _Recorded(str(path))),
        Credentials(),
        "",
        "",
        Ledger(clauses_of(services)),
    )
    for answer, service, shape in shapes:
        _check(kit, answer, service, shape)
    for name in kit.ledger.entries:
        kit.ledger.excuse(name, _ONLY, applicable=False)
    return kit


def _check(kit: Kit, answer: Answer, service: str, shape: str) -> None:
    clause = f"coze.shape.{shape}" if service == "coze" else f"cbs.shape-{shape}"

    @checks(clause)
    def one(kit: Kit) -> None:
        if service == "cbs":
            check_shape(kit, shape, answer)
        else:
            Coze.of(kit).good(shape, answer)

    kit.heard.append((service, None, answer))
    kit.run(one)


def _answers(path: Path) -> Iterator[Answer]:
    for entry in load(path):
        request, response = entry["request"], entry["response"]
        where, _, query = request["path"].partition("?")
        call = Call(request["method"], where, query, request.get("headers", {}), request["body"])
        headers, now = Headers(list(response.get("headers", {}).items())), real_now()
        yield Answer(call, response["status"], headers, response["body"], now, now)


def _shape(answer: Answer) -> tuple[str, str] | None:
    """The service and shape of a success of a known operation; `None` for errors and streams."""
    path, kind = answer.call.path.rstrip("/"), answer.headers.get("Content-Type", "")
    if answer.status != 200 or "json" not in kind or b'"code":4' in answer.body:
        return None
    if found := _BOT.fullmatch(path):
        operation = _OPERATIONS.get(found[1])
        return ("cbs", operation) if operation else None
    for method, pattern, shape in _COZE:
        if answer.call.method == method and re.fullmatch(pattern, path):
            return "coze", shape
    return None
