"""Servers whose HTTP is right but for one small thing: headers, bodies, methods, paths, what a GET brings along."""

import re
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode
from uuid import NAMESPACE_URL, uuid5

import simplejson
from werkzeug.http import http_date

from tests.contract.deviations import (
    ALL,
    HOTS,
    RATES,
    STATS,
    WORDS,
    body,
    header,
    member,
    on_error,
    status,
    when,
)
from tests.contract.mutants import After, Before, Environ, Mutant, Response, dumps, loads


def _path(change: Callable[[str], str]) -> Before:
    def before(environ: Environ) -> None:
        environ["PATH_INFO"] = change(environ["PATH_INFO"])

    return before


def _method(environ: Environ) -> None:
    if environ["REQUEST_METHOD"] in {"POST", "PUT"} and environ["PATH_INFO"].endswith(ALL):
        environ["REQUEST_METHOD"] = "GET"


def _to_405(response: Response) -> None:
    if response.environ["REQUEST_METHOD"] != "GET" and response.status == 404:
        response.status = 405


def _redirect(response: Response) -> None:
    if response.path.endswith("/"):
        response.status, response.headers["Location"] = 308, response.path.rstrip("/")


def _html(response: Response) -> None:
    if response.status == 404:
        response.body = b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1>"
        response.headers["Content-Type"] = "text/html; charset=utf-8"


def _pretty(response: Response) -> None:
    response.body = simplejson.dumps(
        loads(response.body), use_decimal=True, indent=2, ensure_ascii=False
    ).encode()


def _blanks(response: Response) -> None:
    response.body = simplejson.dumps(loads(response.body), use_decimal=True, ensure_ascii=False).encode()


def _latin(response: Response) -> None:
    if response.says(HOTS):
        response.body = response.body.decode().encode("gbk", "replace")


def _other_id_in_body(response: Response) -> None:
    response.headers["X-Request-Id"] = response.headers["X-Request-Id"][::-1]


def _fresh_id(response: Response) -> None:
    response.headers["X-Request-Id"] = "d4ec6e33148bdeffe8f55b43472d1251"


def method_taken(*methods: str, operations: tuple[str, ...] = ALL) -> Before:
    """Other methods taken for GET."""

    def before(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] in methods and environ["PATH_INFO"].endswith(operations):
            environ["REQUEST_METHOD"] = "GET"

    return before


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


def _any_case(environ: Environ) -> None:
    """Names of parameters in any letter case."""
    if environ["PATH_INFO"].endswith(ALL) and not environ.get("HTTP_AUTHORIZATION"):
        pairs = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
        environ["QUERY_STRING"] = urlencode([(name.lower(), value) for name, value in pairs])


def last_counts(name: str) -> Before:
    """Of one parameter, repeated, the last value wins."""

    def before(environ: Environ) -> None:
        if environ["PATH_INFO"].endswith(ALL) and not environ.get("HTTP_AUTHORIZATION"):
            pairs = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
            last = dict(pairs)
            environ["QUERY_STRING"] = urlencode(
                [(key, last[key] if key == name else value) for key, value in pairs]
            )

    return before


def not_empty(name: str) -> After:
    """A parameter that must not be empty."""
    refusal = body(b'{"error_code":"CBS.0021","error_msg":"request parameter error"}')
    return when(
        lambda r: r.status == 200 and f"{name}=" in r.environ["QUERY_STRING"].split("&"),
        lambda r: (status(400)(r), refusal(r))[0],
    )


def _escaped(response: Response) -> None:
    if response.body:
        response.body = simplejson.dumps(
            loads(response.body), use_decimal=True, separators=(",", ":")
        ).encode()


def _id_of_request(response: Response) -> None:
    asked = f"{response.environ['REQUEST_METHOD']} {response.path}?{response.environ['QUERY_STRING']}"
    response.headers["X-Request-Id"] = uuid5(NAMESPACE_URL, asked).hex


def _id_again() -> After:
    """Every fiftieth answer has the request id of the one before."""
    latest = [""] * 50

    def after(response: Response) -> None:
        latest.append(response.headers["X-Request-Id"])
        if len(latest) % 50 == 0:
            response.headers["X-Request-Id"] = latest[-2]

    return after


WIRE = [
    # bodies and headers
    Mutant("an unknown path has an HTML page", "http.json", after=_html),
    Mutant("an unknown path has the code of APIGW", "http.code-prefix", after=on_error("APIG.0101", member("error_code", "APIGW.0101"))),
    Mutant("no request id", "http.request-id", after=header("X-Request-Id", None)),
    Mutant("request ids are UUIDs", "http.request-id", after=header("X-Request-Id", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02")),
    Mutant("one request id for all", "http.request-id-fresh", after=_fresh_id),
    Mutant("another request id in the body", "http.gateway-envelope", after=_other_id_in_body),
    Mutant("gateway errors lack the request id", "http.gateway-envelope", after=on_error("APIG.0101", member("request_id", None))),
    Mutant("another server", "http.server", after=header("Server", "nginx")),
    Mutant("text/plain", "http.json", after=header("Content-Type", "text/plain")),
    Mutant("GBK", "http.json", after=_latin),
    Mutant("pretty JSON", "http.one-line", after=_pretty),
    Mutant("blanks after colons", "http.one-line", after=_blanks),
    Mutant("timings unasked", "http.timings", after=header("X-Apig-Latency", "1")),
    Mutant("no timings when asked", "http.timings", before=lambda e: e.pop("HTTP_X_APIG_MODE", None)),
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
    Mutant("Chinese is escaped", "http.raw-text", after=_escaped),
    Mutant("request ids are made from the request", "http.request-id-fresh", after=when(lambda r: r.status == 200, _id_of_request)),
    Mutant("a request id comes twice now and then", "http.request-id-fresh", after=_id_again()),
    Mutant("a charset without its dash", "http.json", after=header("Content-Type", "application/json; charset=utf8")),
    Mutant("no date", "http.date", after=header("Date", None), wire=True),
    Mutant("failures have no date", "http.date", after=when(lambda r: r.status >= 400, header("Date", None)), wire=True),
    Mutant("dates as in JSON", "http.date", after=header("Date", "2026-11-22T00:00:00Z"), wire=True),
    Mutant("dates in a zone of their own", "http.date", after=header("Date", http_date(time.time() + 28_800)), wire=True),
    # methods and paths
    Mutant("a wrong method is 405", "http.wrong-method", after=_to_405),
    Mutant("POST is taken for GET", "http.wrong-method", before=_method),
    Mutant("an unknown path has another message", "http.unknown-path", after=on_error("APIG.0101", member("error_msg", "Not Found"))),
    Mutant("a trailing slash is redirected", "http.no-redirect", after=_redirect),
    Mutant("a trailing slash is overlooked", "http.trailing-slash", before=_path(lambda p: p.rstrip("/"))),
    Mutant("misspelt paths are served", "cbs.D-15", before=_path(lambda p: p.replace("qa-pairs/session_stats", "requests/session-stats"))),
    Mutant("OPTIONS of keywords is answered", "http.no-options", after=when(lambda r: r.environ["REQUEST_METHOD"] == "OPTIONS" and r.path.endswith(WORDS), status(204))),
    Mutant("HEAD is answered", "http.no-options", after=when(lambda r: r.environ["REQUEST_METHOD"] == "HEAD", status(200))),
    Mutant("PATCH is taken for GET", "http.wrong-method", before=method_taken("PATCH")),
    Mutant("DELETE of hot questions is taken for GET", "http.wrong-method", before=method_taken("DELETE", operations=(HOTS,))),
    Mutant("a wrong method is unpublished", "http.wrong-method", after=when(lambda r: r.status == 404 and r.environ["REQUEST_METHOD"] == "PUT", member("error_msg", "The API does not exist or has not been published in the environment."))),
    Mutant("an unknown path is 403", "http.unknown-path", after=when(lambda r: r.status == 404 and "no-such" in r.path, status(403))),
    Mutant("a path in upper case is known", "http.unknown-path", before=lambda e: e.update(PATH_INFO=e["PATH_INFO"].replace("SESSION-STATS", STATS))),
    # what a GET may bring along
    Mutant("a GET needs a content type", "http.content-type", after=lambda r: status(415)(r) if not r.environ.get("CONTENT_TYPE") else None),
    Mutant("the last of repeated values wins", "http.repeated-parameter", before=lambda e: e.update(QUERY_STRING=urlencode(dict(parse_qsl(e["QUERY_STRING"])))) if not e.get("HTTP_AUTHORIZATION") else None),
    Mutant("an empty parameter is bad", "http.empty-parameter", before=lambda e: e.update(QUERY_STRING=e["QUERY_STRING"] + "&start_time=-") if re.search(r"=(&|$)", e["QUERY_STRING"]) and "start_time=&" not in e["QUERY_STRING"] else None, after=lambda r: status(400)(r) if re.search(r"=(&|$)", r.environ["QUERY_STRING"]) else None),
    Mutant("an unknown parameter is bad", "http.unknown-parameter", after=lambda r: status(400)(r) if "limit" in r.query else None),
    Mutant("the body of a GET is read", "http.get-body", before=_reads_body),
    Mutant("a charset is unsupported", "http.content-type", after=when(lambda r: "charset" in r.environ.get("CONTENT_TYPE", ""), status(415))),
    Mutant("304 for who has it already", "http.conditions", after=_not_modified),
    Mutant("206 for who wants a part", "http.conditions", after=_partial),
    Mutant("HTML for browsers", "http.conditions", after=_html_for_browsers),
    Mutant("parameters in any letter case", "http.unknown-parameter", before=_any_case),
    Mutant("of several ends the last counts", "http.repeated-parameter", before=last_counts("end_time")),
    Mutant("of several categories the last counts", "http.repeated-parameter", before=last_counts("domain")),
    Mutant("of several flags the last counts", "http.repeated-parameter", before=last_counts("exclude")),
    Mutant("an empty flag is bad", "http.empty-parameter", after=not_empty("exclude")),
    Mutant("an empty end is bad", "http.empty-parameter", after=not_empty("end_time")),
    Mutant("an empty category id is bad", "http.empty-parameter", after=not_empty("domain_id")),
    Mutant("the place of a parameter matters", "http.parameter-order", before=_by_place),
    Mutant("reply-rates take the last of repeated values", "http.repeated-parameter", before=_repeated_within),
    Mutant("hot questions refuse an empty top", "http.empty-parameter", after=when(lambda r: r.path.endswith(HOTS) and "top=" in r.environ["QUERY_STRING"].split("&"), status(400))),
    Mutant("keywords refuse unknown parameters", "http.unknown-parameter", after=when(lambda r: r.path.endswith(WORDS) and "inteval" in r.query, status(400))),
]  # fmt: skip
