"""Explains in a sentence why bytes are not a valid HTTP/1.1 request."""

import re

_TLS = re.compile(rb"\x16\x03[\x00-\x04]")
_WORD = re.compile(rb"[!-~]{1,20}")
_METHODS = {b"CONNECT", b"DELETE", b"GET", b"HEAD", b"OPTIONS", b"PATCH", b"POST", b"PUT", b"TRACE"}
_HTTP2 = "this is HTTP/2, which mockcbs does not speak; let the client use HTTP/1.1"
_BLANK = "the URL holds a blank; percent-encode it as %20"

_REASONS = {
    "Pause on PRI/Upgrade": _HTTP2,
    "Duplicate Content-Length": "the request has two Content-Length headers; send one",
    "Transfer-Encoding can't be present with Content-Length": (
        "the request has both Content-Length and Transfer-Encoding; send one of them"
    ),
    "Content-Length can't be present with Transfer-Encoding": (
        "the request has both Content-Length and Transfer-Encoding; send one of them"
    ),
    "Invalid character in Content-Length": "Content-Length is not a whole number",
    "Empty Content-Length": "Content-Length is empty",
    "Content-Length overflow": "Content-Length is too large",
    "Unexpected whitespace after header value": (
        "a header continues on a second line, which HTTP no longer allows; write it on one line"
    ),
    "Invalid header value char": "the value of a header holds a control character",
    "Missing expected LF after header value": "the value of a header holds a carriage return",
    "Missing expected CR after header value": "lines must end with CR LF, not with LF alone",
    "Expected CRLF after version": (
        "the request line must end with CR LF after the version: no blank, and no LF alone"
    ),
    "Expected HTTP/, RTSP/ or ICE/": _BLANK,
    "Expected HTTP/": _BLANK,  # messages of older versions of llhttp
    "Invalid HTTP version": "the version is not one of HTTP/1.0 and HTTP/1.1",
    "Invalid characters in url": "the URL begins with neither a slash nor http://",
    "Request has invalid `Transfer-Encoding`": "Transfer-Encoding must end with chunked",
    "Invalid `Transfer-Encoding` header value": (
        "Transfer-Encoding must be chunked, given once, and nothing may follow it"
    ),
    "Invalid character in chunk size": "the length of a chunk is not a hexadecimal number",
    "Chunk size overflow": "the length of a chunk is too large",
    "Expected LF after chunk data": "a chunk is longer than the length before it",
}
"""The explanations by the message of llhttp."""

_URL = "the URL holds a character that must be percent-encoded"
BAD_ESCAPE = "the path holds a % without two hexadecimal digits behind it; a percent sign itself is %25"
_OTHER = "this is not HTTP/1.1"


def reason(error: str, begin: bytes, head: bytes) -> str:
    """Why a request is malformed; *error* is the message of llhttp.

    *begin* is the beginning of the request, or empty if it is unknown; *head* has all or part of its header
    lines.
    """
    if error == "Invalid method encountered":
        return _of_method(begin)
    if error == "Invalid header token":
        return _of_header(head)
    if "char in url" in error:
        return _of_target(begin)
    return _REASONS.get(error) or _of_kind(error)


def _of_kind(error: str) -> str:
    """The explanation of an error that llhttp reports with a varying text."""
    if "chunk extension" in error:
        return "an extension of a chunk holds a character that is not allowed"
    if error.startswith(("Missing expected CR", "Expected LF", "Expected CRLF")):
        return "lines must end with CR LF"
    return f"{_OTHER}: {error}"


def of_version(version: str) -> str:
    """Why a request with that HTTP *version* is rejected."""
    if version.startswith("2"):
        return _HTTP2
    return f"HTTP/{version} is not served; accepted are HTTP/1.0 and HTTP/1.1"


def of_hosts(hosts: list[bytes]) -> str:
    """Why a request with these ``Host`` headers is rejected."""
    if not hosts:
        return "HTTP/1.1 requires a Host header, and the request has none"
    if len(hosts) > 1:
        return f"the request has {len(hosts)} Host headers; send one"
    return f"Host {hosts[0].decode('latin-1')!r} is not HOST or HOST:PORT"


def _of_method(begin: bytes) -> str:
    if _TLS.match(begin):
        return "this is TLS, and the port speaks plain HTTP: use http://, or start mockcbs with --tls"
    word = _WORD.match(begin)
    if word is None:
        return f"{_OTHER}: a request begins with a method such as GET"
    if word[0].upper() in _METHODS and word[0] not in _METHODS:
        return f"methods are written in capitals: {word[0].upper().decode()}, not {word[0].decode()}"
    return f"{_OTHER}: {word[0].decode()!r} is not a method"


def _of_target(begin: bytes) -> str:
    """The explanation of a wrong character in the target; *begin* has all or part of the request line."""
    _, _, target = begin.partition(b" ")
    if target and not target.startswith((b"/", b"http://", b"https://", b"*")):
        return _REASONS["Invalid characters in url"]
    return _URL


def _of_header(head: bytes) -> str:
    lines = head.split(b"\r\n")[1:]
    if lines and b":" not in lines[-1]:
        lines.pop()  # the header may continue
    for line in lines:
        name, colon, _ = line.partition(b":")
        shown = name[:40].decode("latin-1")
        if not line:
            break
        if not colon:
            return f"the header line {shown!r} has no colon"
        if name != name.strip(b" \t"):
            return f"there is a blank before the colon of the header {shown!r}"
        if not name or not re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            return f"{shown!r} is not the name of a header"
    return "the name of a header holds a character that is not allowed"
