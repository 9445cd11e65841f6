"""A server that receives deliveries, checks their signatures and stores their events (contract coze
1.5.3).
"""

import json
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug import Request, Response

from mockcbs.core.clock import real_now
from mockcbs.services.base import WIRE_HINTS, WIRE_STATUS
from mockcbs.web.context import KEY, Context
from mockcbs.webhooks.event_table import EventTable
from mockcbs.webhooks.incoming import BodyError, Challenge, read
from mockcbs.webhooks.signatures import CozeSigner, SignatureError, StandardSigner


class Receiver:
    """A WSGI application: 200 for a stored or known event, 400 for another body, 401 for a wrong signature.

    An event is committed before the response is sent. Signatures of both profiles are accepted up to five
    minutes old in real time, so that a recorded delivery cannot be replayed later.
    """

    def __init__(self, table: EventTable, secrets: Sequence[str]) -> None:
        """Signatures are checked only if *secrets* are given."""
        self._table = table
        self._secrets = tuple(secrets)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle one delivery."""
        status, content = self._respond(Request(environ))
        response = Response(json.dumps(content), status=status, mimetype="application/json")
        return response(environ, start_response)

    def _respond(self, request: Request) -> tuple[HTTPStatus, dict[str, Any]]:
        if request.method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, {"error": f"{request.method} is not accepted, only POST is"}
        this: Context | None = request.environ.get(KEY)
        if this and (refused := _refusal(this)):
            return refused
        body = request.get_data()
        try:
            self._check(request, body)
            event = read(body)
        except SignatureError as error:
            return HTTPStatus.UNAUTHORIZED, {"error": str(error)}
        except BodyError as error:
            return HTTPStatus.BAD_REQUEST, {"error": str(error)}
        if isinstance(event, Challenge):
            return HTTPStatus.OK, {"challenge": event.value}
        return HTTPStatus.OK, {"event_id": event.event_id, "new": self._table.add(event)}

    def _check(self, request: Request, body: bytes) -> None:
        """Check the signature of *body*. Raises `SignatureError` unless it was made with one of the
        secrets.
        """
        if not self._secrets:
            return
        if "webhook-signature" in request.headers:
            StandardSigner(self._secrets).check(request.headers, body, real_now())
            return
        refusals = []
        for secret in self._secrets:
            try:
                CozeSigner(secret).check(request.headers, body, real_now())
            except SignatureError as error:
                refusals.append(error)
        if len(refusals) == len(self._secrets):
            raise refusals[0]


def _refusal(this: Context) -> tuple[HTTPStatus, dict[str, Any]] | None:
    """The response if the server has not passed the body on."""
    if problem := this.wire_problem:
        return HTTPStatus(WIRE_STATUS[problem]), {"error": this.wire_reason or WIRE_HINTS[problem]}
    return (HTTPStatus.SERVICE_UNAVAILABLE, {"error": str(this.body_error)}) if this.body_error else None
