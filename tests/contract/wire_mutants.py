"""Servers whose gateway or IAM is right but for one small thing: headers, methods, credentials, parameters."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode

from werkzeug.http import http_date

from mockcbs.gateway import authentication
from tests.contract.mutants import (
    ALL,
    BOTH,
    HOTS,
    RATES,
    STATS,
    TOKEN,
    WORDS,
    After,
    Before,
    Environ,
    Mutant,
    Response,
    _iam,
    accepting,
    body,
    dumps,
    header,
    loads,
    member,
    on_error,
    query_changed,
    status,
)


def when(condition: Callable[[Response], object], change: After) -> After:
    """A deviation of some answers."""
    return lambda response: change(response) if condition(response) else None


def method_taken(*methods: str, operations: tuple[str, ...] = ALL) -> Before:
    """Other methods taken for GET."""

    def before(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] in methods and environ["PATH_INFO"].endswith(operations):
            environ["REQUEST_METHOD"] = "GET"

    return before


def only_in(operation: str, change: Before) -> Before:
    """A deviation of one operation."""
    return lambda environ: change(environ) if environ["PATH_INFO"].endswith(operation) else None


def _raises(environ: Environ) -> None:
    if environ["PATH_INFO"].endswith(WORDS) and environ["REQUEST_METHOD"] == "PUT":
        raise ConnectionResetError("no answer")


def _reads_body(environ: Environ) -> None:
    if int(environ.get("CONTENT_LENGTH") or 0) > 20 and environ["REQUEST_METHOD"] == "GET":
        environ["QUERY_STRING"] = f"interval=no&top=no&{environ['QUERY_STRING']}"


def _by_place(environ: Environ) -> None:
    """The last of all parameters is overlooked unless it is the zone's or a length."""
    parts = environ["QUERY_STRING"].split("&")
    if len(parts) == 4 and parts[-1].startswith("start_time="):
        environ["QUERY_STRING"] = "&".join(parts[:-1])


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


def _not_modified(response: Response) -> None:
    if response.status == 200 and "HTTP_IF_NONE_MATCH" in response.environ:
        response.status, response.body = 304, b""


def _partial(response: Response) -> None:
    if response.status == 200 and "HTTP_RANGE" in response.environ:
        response.status, response.body = 206, response.body[:4]


def _html_for_browsers(response: Response) -> None:
    if "text/html" in response.environ.get("HTTP_ACCEPT", ""):
        body(b"<pre>" + response.body + b"</pre>", "text/html")(response)


def _prefix(text: bytes) -> After:
    return lambda response: setattr(response, "body", text + response.body) if response.body else None


def _suffix(text: bytes) -> After:
    return lambda response: setattr(response, "body", response.body + text) if response.body else None


def _upper_id(response: Response) -> None:
    response.headers["X-Request-Id"] = response.headers["X-Request-Id"].upper()


def _gzip(response: Response) -> None:
    response.headers["Content-Encoding"] = "gzip"


def _repeated_within(environ: Environ) -> None:
    """Of a repeated parameter the last value wins, in reply-rates only."""
    if environ["PATH_INFO"].endswith(RATES) and not environ.get("HTTP_AUTHORIZATION"):
        environ["QUERY_STRING"] = urlencode(dict(parse_qsl(environ["QUERY_STRING"])))


WIRE = [
    # bodies and headers
    Mutant("a call stays unanswered", "http.answered", before=_raises),
    Mutant("a line break at the end", "http.one-line", after=_suffix(b"\n")),
    Mutant("blanks before the body", "http.one-line", after=_prefix(b"  ")),
    Mutant("a byte order mark", "http.one-line", after=_prefix(b"\xef\xbb\xbf")),
    Mutant("good answers are text/html", "http.json", after=when(lambda r: r.status == 200, header("Content-Type", "text/html"))),
    Mutant("failures are text/plain", "http.json", after=when(lambda r: r.status == 400, header("Content-Type", "text/plain"))),
    Mutant("bodies are in GBK by their type", "http.json", after=header("Content-Type", "application/json; charset=gbk")),
    Mutant("failures have no content type", "http.json", after=when(lambda r: r.status >= 400, header("Content-Type", None))),
    Mutant("request ids in upper case", "http.request-id", after=_upper_id),
    Mutant("request ids of 31 digits", "http.request-id", after=lambda r: header("X-Request-Id", r.headers["X-Request-Id"][1:])(r)),
    Mutant("no request id on failures", "http.request-id", after=when(lambda r: r.status == 400, header("X-Request-Id", None))),
    Mutant("no request id without credentials", "http.request-id", after=when(lambda r: r.status == 401, header("X-Request-Id", None))),
    Mutant("failures of CBS share a request id", "http.request-id-fresh", after=when(lambda r: r.status == 400, header("X-Request-Id", "0" * 32))),
    Mutant("failures come from another server", "http.server", after=when(lambda r: r.status >= 400, header("Server", "Werkzeug/3.1"))),
    Mutant("bodies are compressed unasked", "http.no-coding", after=_gzip),
    Mutant("members of a failure change places", "http.member-order", after=when(lambda r: r.status == 400, lambda r: setattr(r, "body", dumps(dict(sorted(loads(r.body).items(), reverse=True)))))),
    Mutant("members of the gateway's failures are sorted", "http.member-order", after=when(lambda r: r.code.startswith("APIG"), lambda r: setattr(r, "body", dumps(dict(sorted(loads(r.body).items())))))),
    Mutant("error_msg is null", "http.service-envelope", after=on_error("CBS.0021", member("error_msg", None))),
    Mutant("error_code is a number", "http.envelope", after=on_error("CBS.0021", member("error_code", 21))),
    Mutant("a failure is in Chinese", "cbs.bad-parameter", after=on_error("CBS.0021", member("error_msg", "请求参数异常"))),
    Mutant("a failure has a code in lower case", "cbs.bad-parameter", after=on_error("CBS.0021", member("error_code", "cbs.0021"))),
    Mutant("a bad parameter is CBS.0022", "cbs.bad-parameter", after=on_error("CBS.0021", member("error_code", "CBS.0022"))),
    Mutant("no date", "http.date", after=header("Date", None), wire=True),
    Mutant("failures have no date", "http.date", after=when(lambda r: r.status >= 400, header("Date", None)), wire=True),
    Mutant("dates as in JSON", "http.date", after=header("Date", "2026-11-22T00:00:00Z"), wire=True),
    Mutant("dates in a zone of their own", "http.date", after=header("Date", http_date(time.time() + 28_800)), wire=True),
    # methods and paths
    Mutant("OPTIONS of keywords is answered", "http.no-options", after=when(lambda r: r.environ["REQUEST_METHOD"] == "OPTIONS" and r.path.endswith(WORDS), status(204))),
    Mutant("HEAD is answered", "http.no-options", after=when(lambda r: r.environ["REQUEST_METHOD"] == "HEAD", status(200))),
    Mutant("PATCH is taken for GET", "http.wrong-method", before=method_taken("PATCH")),
    Mutant("DELETE of hot questions is taken for GET", "http.wrong-method", before=method_taken("DELETE", operations=(HOTS,))),
    Mutant("a wrong method is unpublished", "http.wrong-method", after=when(lambda r: r.status == 404 and r.environ["REQUEST_METHOD"] == "PUT", member("error_msg", "The API does not exist or has not been published in the environment."))),
    Mutant("an unknown path is 403", "http.unknown-path", after=when(lambda r: r.status == 404 and "no-such" in r.path, status(403))),
    Mutant("a path in upper case is known", "http.unknown-path", before=lambda e: e.update(PATH_INFO=e["PATH_INFO"].replace("SESSION-STATS", STATS))),
    # what a GET may bring along
    Mutant("the body of a GET is read", "http.get-body", before=_reads_body),
    Mutant("a charset is unsupported", "http.content-type", after=when(lambda r: "charset" in r.environ.get("CONTENT_TYPE", ""), status(415))),
    Mutant("304 for who has it already", "http.conditions", after=_not_modified),
    Mutant("206 for who wants a part", "http.conditions", after=_partial),
    Mutant("HTML for browsers", "http.conditions", after=_html_for_browsers),
    # parameters
    Mutant("the place of a parameter matters", "http.parameter-order", before=_by_place),
    Mutant("reply-rates take the last of repeated values", "http.repeated-parameter", before=_repeated_within),
    Mutant("hot questions refuse an empty top", "http.empty-parameter", after=when(lambda r: r.path.endswith(HOTS) and "top=" in r.environ["QUERY_STRING"].split("&"), status(400))),
    Mutant("keywords refuse unknown parameters", "http.unknown-parameter", after=when(lambda r: r.path.endswith(WORDS) and "inteval" in r.query, status(400))),
    Mutant("hot questions accept any start", "cbs.bad-time", before=only_in(HOTS, accepting(start_time="abc"))),
    Mutant("keywords accept an end with a point", "cbs.bad-time", before=only_in(WORDS, accepting(end_time=r"1\.5"))),
    Mutant("session-stats accept a signed start", "cbs.bad-time", before=only_in(STATS, accepting(start_time=r"\+1"))),
    Mutant("reply-rates accept digits of full width", "cbs.bad-time", before=only_in(RATES, accepting(end_time="１２"))),
    Mutant("reply-rates accept any zone", "cbs.bad-zone", before=only_in(RATES, accepting(time_zone="Mars"))),
    Mutant("zones without colon are accepted", "cbs.bad-zone", before=accepting(time_zone=r"\+0800")),
    Mutant("Z is a zone", "cbs.bad-zone", before=accepting(time_zone="Z")),
    Mutant("zones end at 14:00", "cbs.zone-limits", before=query_changed(lambda q: q.update(time_zone="no") if q.get("time_zone", "")[1:3] == "18" else None, *BOTH)),
    Mutant("utc must be in upper case", "cbs.zone-limits", before=query_changed(lambda q: q.update(time_zone="no") if q.get("time_zone") == "utc" else None, *BOTH)),
    Mutant("instants end in the year 9999", "cbs.time-limits", before=query_changed(lambda q: q.update(end_time="no") if len(q.get("end_time", "")) > 15 else None)),
    Mutant("leading zeros are bad", "cbs.time-limits", before=query_changed(lambda q: q.update(start_time="no") if q.get("start_time", "").startswith("00") else None)),
    Mutant("the future is bad", "cbs.shape-success", before=query_changed(lambda q: q.update(end_time="no") if q.get("end_time", "0") > "1795305600001" and len(q["end_time"]) == 13 else None, *BOTH)),
    Mutant("hours are an interval of reply-rates", "cbs.bad-interval", before=only_in(RATES, accepting(interval="hour"))),
    Mutant("reply-rates know no years", "cbs.D-3", before=only_in(RATES, query_changed(lambda q: q.update(interval="no") if q.get("interval") == "year" else None))),
    Mutant("blanks around an interval are trimmed", "cbs.interval-case", before=accepting(interval=" month")),
    Mutant("reversed ranges are turned round in keywords", "cbs.reversed", before=only_in(WORDS, query_changed(lambda q: q.update(start_time="0") if q.get("start_time") == "1613059200001" else None))),
    Mutant("top of hot questions may have a point", "cbs.hots-top", before=query_changed(lambda q: q.update(top="1") if q.get("top") == "1.5" else None, HOTS)),
    Mutant("a negative top means all", "cbs.keywords-top", before=query_changed(lambda q: q.update(top="50") if q.get("top") == "-1" else None, WORDS)),
    Mutant("top=20 of hot questions is too much", "cbs.hots-top", before=query_changed(lambda q: q.update(top="99") if q.get("top") == "20" and q.get("end_time") == "1" else None, HOTS)),
    Mutant("TRUE is a flag", "cbs.hots-exclude", before=accepting(exclude="TRUE")),
    Mutant("domain ids may not be repeated", "cbs.D-9", after=when(lambda r: r.environ["QUERY_STRING"].count("domain_id=") > 1, status(400))),
    Mutant("ten domain ids are too many", "cbs.domain-ids", before=query_changed(lambda q: q.update(top="no") if q.get("domain_id", "").count(",") == 9 else None, HOTS)),
    Mutant("an unknown bot is CBS.3254", "cbs.D-13", after=on_error("CBS.2114", body(b'{"error_code":"CBS.3254","error_msg":"RESOURCE_NOT_EXIST_EXCEPTION"}'))),
    # credentials
    Mutant("an empty token is a token", "auth.empty", before=_blank_is_a_token),
    Mutant("a signature goes before a token", "auth.token-first", before=_signature_first),
    Mutant("any algorithm will do", "auth.algorithm", before=_any_algorithm, patched=lambda: patch("mockcbs.gateway.authentication.hmac.compare_digest", lambda *_: True)),
    Mutant("the query is not signed", "auth.signed-whole", patched=unsigned("query")),
    Mutant("the path is not signed", "auth.signed-whole", patched=unsigned("path")),
    Mutant("the body is not signed", "auth.signed-whole", patched=unsigned("body")),
    Mutant("headers are not signed", "auth.signed-whole", patched=unsigned("headers")),
    Mutant("an unknown key has a bad signature", "auth.unknown-key", after=when(lambda r: b"ak not exist" in r.body, member("error_msg", "Incorrect IAM authentication information: verify aksk signature fail"))),
    Mutant("a bad signature is 403", "auth.bad-signature", after=when(lambda r: b"verify aksk signature fail" in r.body, status(403))),
    Mutant("expired tokens are taken", "auth.expired", patched=lambda: patch("mockcbs.iam.tokens.Token.expires_at", 2**60)),
    Mutant("tokens last twelve hours", "auth.expired", patched=lambda: patch("mockcbs.iam.tokens.LIFETIME", 43_200_000)),
    Mutant("a token is good for every project", "auth.project", before=lambda e: e.update(PATH_INFO=re.sub(r"/v1/[0-9a-f]{32}/", "/v1/1604d8170cd84440a81281e5a3a04f8b/", e["PATH_INFO"]))),
    Mutant("another project is 403", "auth.project", after=on_error("CBS.0011", status(403))),
    Mutant("hot questions need no credentials", "auth.missing", before=only_in(HOTS, lambda e: e.setdefault("HTTP_X_AUTH_TOKEN", TOKEN))),
    Mutant("credentials come after the bot", "auth.before-parameters", after=when(lambda r: r.code == "APIG.0301" and "no-such-bot" in r.path, lambda r: (status(400)(r), body(b'{"error_code":"CBS.2114","error_msg":"qabot not exist"}')(r))[0])),
    # IAM
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
    Mutant("a wrong password is told by the gateway", "iam.wrong-password", after=when(lambda r: b"username or password" in r.body, body(b'{"error_code":"IAM.0001","error_msg":"no"}'))),
    Mutant("a broken body is 500", "iam.bad-body", after=when(lambda r: b"request body is invalid" in r.body, status(500))),
]  # fmt: skip
