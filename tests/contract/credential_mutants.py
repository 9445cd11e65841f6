"""Servers whose gateway or IAM lets people in rightly but for one small thing."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from mockcbs.core.clock import real_now
from mockcbs.services.gateway import authentication
from tests.contract.deviations import HOTS, body, header, member, on_error, only_in, status, when
from tests.contract.mutants import TOKEN, After, Environ, Mutant, Response, dumps, loads


def _any_token(environ: Environ) -> None:
    if environ.get("HTTP_X_AUTH_TOKEN"):
        environ["HTTP_X_AUTH_TOKEN"] = TOKEN


def _issued_for(hours: int) -> After:
    def after(response: Response) -> None:
        if response.path.endswith("/auth/tokens") and response.status == 201:
            content = loads(response.body)
            day = content["token"]["issued_at"]
            content["token"]["expires_at"] = f"{day[:11]}{(int(day[11:13]) + hours) % 24:02d}{day[13:]}"
            response.body = dumps(content)

    return after


def _one_second_more(content: Any) -> None:
    end = content["token"]["expires_at"]
    content["token"]["expires_at"] = f"{end[:17]}{int(end[17:19]) + 1:02d}{end[19:]}"


def _from_the_future() -> AbstractContextManager[Any]:
    """Signatures whose date is still to come are taken."""
    original = authentication.signed_at
    return patch.object(authentication, "signed_at", lambda text: min(original(text), real_now()))


def _iam(change: Callable[[Any], None], wanted: int = 201) -> After:
    def after(response: Response) -> None:
        if response.path.startswith("/v3/") and response.status == wanted:
            content = loads(response.body)
            change(content)
            response.body = dumps(content)

    return after


def _flat_envelope(response: Response) -> None:
    if response.path.startswith("/v3/") and response.status in {400, 401} and b'"error":' in response.body:
        response.body = json.dumps(loads(response.body)["error"]).encode()


def _filtered(response: Response) -> None:
    if response.path.endswith("/v3/projects"):
        content = loads(response.body)
        content["projects"] = content["projects"] * 2
        response.body = dumps(content)


def _blank_is_a_token(environ: Environ) -> None:
    if environ.get("HTTP_X_AUTH_TOKEN") == "":
        environ["HTTP_X_AUTH_TOKEN"] = "x"


def _signature_first(environ: Environ) -> None:
    if environ.get("HTTP_AUTHORIZATION"):
        environ.pop("HTTP_X_AUTH_TOKEN", None)


def _any_algorithm(environ: Environ) -> None:
    asked = environ.get("HTTP_AUTHORIZATION", "")
    environ["HTTP_AUTHORIZATION"] = re.sub(r"^SDK-[A-Z0-9-]+", "SDK-HMAC-SHA256", asked)
    if not asked:
        del environ["HTTP_AUTHORIZATION"]


def unsigned(part: str) -> Callable[[], Any]:
    """Signatures that do not cover a part of the request."""
    original = authentication._signed
    kept: dict[str, Any] = {}

    def signed(request: Any) -> Any:
        found = original(request)
        kept.setdefault(request.headers.get("Authorization"), getattr(found, part))
        return replace(found, **{part: kept[request.headers.get("Authorization")]})

    return lambda: patch.object(authentication, "_signed", signed)


PREFIX = "Incorrect IAM authentication information"

CREDENTIALS = [
    # credentials
    Mutant("a missing token is 403", "auth.missing", after=lambda r: status(403)(r) if b"x-auth-token not found" in r.body else None),
    Mutant("a missing token is answered by CBS", "auth.missing", after=lambda r: body(b'{"error_code":"CBS.0012","error_msg":"Authentication information is missing."}')(r) if b"x-auth-token not found" in r.body else None),
    Mutant("any token will do", "auth.bad-token", before=_any_token),
    Mutant("a bad token has no detail", "auth.undecodable", after=lambda r: setattr(r, "body", r.body.replace(b": decrypt token fail", b"."))),
    Mutant("credentials come after parameters", "auth.before-parameters", after=lambda r: (status(400)(r), body(b'{"error_code":"CBS.0021","error_msg":"request parameter error"}')(r)) if r.code == "APIG.0301" and "interval=hour" in r.environ["QUERY_STRING"] else None),
    Mutant("credentials come before the path", "auth.after-route", after=lambda r: status(401)(r) if r.status == 404 and not r.environ.get("HTTP_X_AUTH_TOKEN") else None),
    Mutant("signatures are not checked", "auth.bad-signature", patched=lambda: patch("mockcbs.services.gateway.authentication.hmac.compare_digest", lambda *_: True)),
    Mutant("old signatures are accepted", "auth.old-signature", patched=lambda: patch("mockcbs.services.gateway.authentication.TOLERANCE", 10**15)),
    Mutant("signatures do not decode the query", "auth.signature", before=lambda e: e.update(QUERY_STRING=e["QUERY_STRING"] + "%20", REQUEST_URI="") if e.get("HTTP_AUTHORIZATION") and "%" in e["QUERY_STRING"] else None),
    Mutant("an empty token is a token", "auth.empty", before=_blank_is_a_token),
    Mutant("a signature goes before a token", "auth.token-first", before=_signature_first),
    Mutant("any algorithm will do", "auth.algorithm", before=_any_algorithm, patched=lambda: patch("mockcbs.services.gateway.authentication.hmac.compare_digest", lambda *_: True)),
    Mutant("signed bodies are refused", "auth.signature", after=when(lambda r: r.environ["REQUEST_METHOD"] == "POST" and "HTTP_AUTHORIZATION" in r.environ, status(401))),
    Mutant("the query is not signed", "auth.signed-whole", patched=unsigned("query")),
    Mutant("the path is not signed", "auth.signed-whole", patched=unsigned("path")),
    Mutant("the body is not signed", "auth.signed-whole", patched=unsigned("body")),
    Mutant("headers are not signed", "auth.signed-whole", patched=unsigned("headers")),
    Mutant("an unknown key has a bad signature", "auth.unknown-key", after=when(lambda r: b"ak not exist" in r.body, member("error_msg", "Incorrect IAM authentication information: verify aksk signature fail"))),
    Mutant("a bad signature has no tail", "auth.canonical-request", after=when(lambda r: b"canonicalRequest" in r.body, member("error_msg", f"{PREFIX}: verify aksk signature fail"))),
    Mutant("the canonical request has line ends", "auth.canonical-request", after=when(lambda r: b"canonicalRequest" in r.body, lambda r: setattr(r, "body", r.body.replace(b"|", b"\\n")))),
    Mutant("an old signature is a wrong one", "auth.old-signature-text", after=when(lambda r: b"signature expired" in r.body, member("error_msg", f"{PREFIX}: verify aksk signature fail"))),
    Mutant("the times of an old signature are in ISO 8601", "auth.old-signature-text", after=when(lambda r: b"signature expired" in r.body, lambda r: setattr(r, "body", r.body.replace(b"T", b" ")))),
    Mutant("a bad signature is 403", "auth.bad-signature", after=when(lambda r: b"verify aksk signature fail" in r.body, status(403))),
    Mutant("expired tokens are taken", "auth.expired", patched=lambda: patch("mockcbs.services.gateway.tokens.Token.expires_at", 2**60)),
    Mutant("tokens last twelve hours", "auth.expired", patched=lambda: patch("mockcbs.services.gateway.tokens.LIFETIME", 43_200_000)),
    Mutant("a token is good for every project", "auth.project", before=lambda e: e.update(PATH_INFO=re.sub(r"/v1/[0-9a-f]{32}/", "/v1/1604d8170cd84440a81281e5a3a04f8b/", e["PATH_INFO"]))),
    Mutant("another project is 403", "auth.project", after=on_error("CBS.0011", status(403))),
    Mutant("hot questions need no credentials", "auth.missing", before=only_in(HOTS, lambda e: e.setdefault("HTTP_X_AUTH_TOKEN", TOKEN))),
    Mutant("credentials come after the bot", "auth.before-parameters", after=when(lambda r: r.code == "APIG.0301" and "no-such-bot" in r.path, lambda r: (status(400)(r), body(b'{"error_code":"CBS.2114","error_msg":"qabot not exist"}')(r))[0])),
    Mutant("another project is answered with a capital", "auth.project", after=on_error("CBS.0011", member("error_msg", "Auth failed"))),
    Mutant("a missing token has another text", "auth.missing", after=lambda r: setattr(r, "body", r.body.replace(b"x-auth-token not found", b"token not found"))),
    Mutant("signatures last 20 minutes", "auth.old-signature", patched=lambda: patch.object(authentication, "TOLERANCE", 20 * 60_000 + 1)),
    Mutant("signatures last 10 minutes", "auth.old-signature", patched=lambda: patch.object(authentication, "TOLERANCE", 10 * 60_000)),
    Mutant("signatures of the future are taken", "auth.old-signature", patched=_from_the_future),
    # IAM
    Mutant("a token is 200", "iam.token", after=lambda r: status(200)(r) if r.status == 201 else None),
    Mutant("a token lasts 12 hours", "iam.token-times", after=_issued_for(12)),
    Mutant("a token lasts a second longer", "iam.token-times", after=_iam(_one_second_more)),
    Mutant("times have milliseconds", "iam.token-times", after=_iam(lambda c: c["token"].update(issued_at=c["token"]["issued_at"][:-4] + "Z"))),
    Mutant("methods are missing", "iam.token-shape", after=_iam(lambda c: c["token"].pop("methods"))),
    Mutant("scope is always a project", "iam.token-scope", after=_iam(lambda c: c["token"].setdefault("project", {"id": "x", "name": "y"}))),
    Mutant("nocatalog is ignored", "iam.nocatalog", after=_iam(lambda c: c["token"].update(catalog=[{}]))),
    Mutant("a wrong password is 403", "iam.wrong-password", after=lambda r: status(403)(r) if b"username or password" in r.body else None),
    Mutant("IAM's errors are flat", "http.envelope", after=_flat_envelope),
    Mutant("a broken body has another text", "iam.bad-body", after=lambda r: setattr(r, "body", r.body.replace(b"The request body is invalid", b"Bad request"))),
    Mutant("an unknown token is 401", "iam.validate-unknown", after=lambda r: status(401)(r) if b"X-Subject-Token is invalid" in r.body else None),
    Mutant("projects are listed twice", "iam.projects-name", after=_filtered),
    Mutant("without a scope a token is for a project", "iam.no-scope", after=_iam(lambda c: c["token"].update(project=c["token"].pop("domain")) if "domain" in c["token"] else None)),
    Mutant("CBS does not know IAM's tokens", "iam.token-works", after=when(lambda r: r.status == 201, lambda r: header("X-Subject-Token", r.headers["X-Subject-Token"][:-2])(r))),
    Mutant("a token is not echoed", "iam.validate", after=when(lambda r: r.path.endswith("/auth/tokens") and r.status == 200, header("X-Subject-Token", "x"))),
    Mutant("a described token has no roles", "iam.validate", after=_iam(lambda c: c["token"].pop("roles") if "token" in c else None, 200)),
    Mutant("a token has no roles", "iam.token-shape", after=_iam(lambda c: c["token"].pop("roles"))),
    Mutant("a token was issued an hour ago", "iam.token-times", after=_iam(lambda c: c["token"].update(issued_at="2026-11-21T23:00:00.000000Z", expires_at="2026-11-22T23:00:00.000000Z"))),
    Mutant("times of a token have an offset", "iam.token-times", after=_iam(lambda c: c["token"].update(expires_at=c["token"]["expires_at"].replace("Z", "+00:00")))),
    Mutant("a token comes in no header", "iam.token", after=when(lambda r: r.status == 201, header("X-Subject-Token", None))),
    Mutant("projects have no links", "iam.projects", after=_iam(lambda c: c.pop("links") if "projects" in c else None, 200)),
    Mutant("projects have no ids", "iam.projects", after=_iam(lambda c: [p.pop("id") for p in c.get("projects", [])], 200)),
    Mutant("domains have no names", "iam.domains", after=_iam(lambda c: [d.pop("name") for d in c.get("domains", [])], 200)),
    Mutant("a wrong password is answered by the gateway", "iam.wrong-password", after=when(lambda r: b"username or password" in r.body, body(b'{"error_code":"IAM.0001","error_msg":"no"}'))),
    Mutant("a broken body is 500", "iam.bad-body", after=when(lambda r: b"request body is invalid" in r.body, status(500))),
]  # fmt: skip
