"""Explains in one sentence why a target cannot be checked: a wrong server, or refused credentials."""

import re
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from werkzeug.http import parse_date

from mockcbs.contract import redirects
from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, Call, CannotRunError, NoAnswerError

TITLES = {
    "cbs": "CBS",
    "iam": "IAM",
    "coze": "Coze",
    **{name: vendor.title for name, vendor in VENDORS.items()},
}
"""The names of services to use in messages."""
_PROBE = 3.0
"""Seconds to wait for a server that is tried with the other scheme, http or https."""
_MAX_SKEW = 5
"""The largest accepted difference between two clocks, in minutes."""
_LOGIN = re.compile(r'type=["\']?password|log ?in|sign ?in|登录|认证', re.IGNORECASE)
_EXPIRED = re.compile(r"expire|过期|token must be updated", re.IGNORECASE)
_TO_TLS = re.compile(
    r"plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL", re.IGNORECASE
)
_ERROR_NAME = re.compile(r"[A-Z]+(_[A-Z]+)*")
_CAPTIVE = 511
"""The status of a network that requires a login (RFC 6585)."""
_UNAVAILABLE = {502, 503, 504}
"""The statuses with which a proxy reports that the server behind it does not respond."""
_UNPAID = 402
_FORBIDDEN = re.compile(r'"code"\s*:\s*"?4101\b')
"""Coze's error for a token that lacks a permission; some servers send it with status 200."""
_HTML = re.compile(r"\s*<(!doctype|html)", re.IGNORECASE)
_CBS = {"total", "intervals", "interval", "time_zone", "startutc", "endutc", "error_code", "error_msg"}
_OUR_MARKS = {"api-gateway": "CBS", "AliyunOSS": "Aliyun OSS"}
"""Vendors by the beginning of the ``Server`` header."""


def check_service(kit: Kit, service: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the server refuses the credentials or is not *service*."""
    recognize(kit, kit.targets[service].name, answer)
    is_xml = answer.text.lstrip().startswith("<")
    if answer.status in {401, 403} and vendor_of(answer) in {"", TITLES[service]} and not is_xml:
        raise refused(kit, service, answer)
    check_vendor(kit, service, answer)


def check_vendor(kit: Kit, service: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the response does not look like one from *service*."""
    found, wanted = vendor_of(answer), TITLES[service]
    if found == wanted:
        return
    what = f"is {found}, not {wanted}" if found else f"is not {wanted}"
    raise CannotRunError(f"{kit.targets[service].name} {what}: it responds {said(kit, answer)}")


def vendor_of(answer: Answer) -> str:
    """The name of the service that the response seems to come from; empty if unknown."""
    if "x-oss-request-id" in answer.headers:
        return TITLES["oss"]
    server = answer.headers.get("Server", "")
    marked = next((name for mark, name in _OUR_MARKS.items() if server.startswith(mark)), "")
    try:
        content = answer.parsed()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return marked or (TITLES["coze"] if "event-stream" in answer.headers.get("Content-Type", "") else "")
    return marked or _by_members(content)


def _by_members(content: dict[str, Any]) -> str:
    error = content.get("error")
    if content.keys() & _CBS:
        return TITLES["cbs"]
    if "errcode" in content:
        return TITLES["wecom"]
    if type(content.get("ret")) is int:
        return TITLES["tencent_docs"]
    if str(content.get("code")).isdigit() and ("msg" in content or "detail" in content):
        is_feishu = isinstance(error, dict) or str(content["code"]).startswith(("9999", "1254"))
        return TITLES["feishu"] if is_feishu or content.get("msg") in {"ok", "success"} else TITLES["coze"]
    if isinstance(error, dict) and {"title", "code"} & error.keys():
        return TITLES["iam"]
    return TITLES["airtable"] if _is_airtable(content) else ""


def _is_airtable(content: dict[str, Any]) -> bool:
    """Whether *content* has an error with a name in Airtable's style, or a list of records."""
    error, errors, records = (content.get(name) for name in ("error", "errors", "records"))
    if isinstance(error, dict):
        return "type" in error
    if isinstance(errors, list):
        return any(isinstance(one, dict) and "error" in one for one in errors)
    is_list = isinstance(records, list) and all(isinstance(one, dict) for one in records)
    return is_list or (isinstance(error, str) and _ERROR_NAME.fullmatch(error) is not None)


def refused(kit: Kit, service: str, answer: Answer) -> CannotRunError:
    """The error for refused credentials: a wrong clock, or credentials that are expired or wrong."""
    name, words = kit.targets[service].name, said(kit, answer)
    if minutes := _skew(answer):
        side = "ahead of" if minutes > 0 else "behind"
        return CannotRunError(
            f"clock off: this machine's clock is {abs(minutes)} minutes {side} the clock of {name}, "
            f"which says {words}"
        )
    if _EXPIRED.search(answer.text):
        return CannotRunError(f"expired credentials: {name} says {words}")
    if answer.status == 403 or _FORBIDDEN.search(answer.text):
        return CannotRunError(f"no permission: {name} says {words}")
    return CannotRunError(f"bad credentials: {name} says {words}")


def read_only(kit: Kit, service: str, answer: Answer) -> CannotRunError:
    """The error for an account that may not write."""
    return CannotRunError(
        f"{reads_only(kit, service, answer)}; leave out --allow-writes, "
        "or use an account with write permission"
    )


def reads_only(kit: Kit, service: str, answer: Answer) -> str:
    """The sentence about an account that may not write, with the response that shows it."""
    return f"read-only account: {kit.targets[service].name} says {said(kit, answer)}"


def _skew(answer: Answer) -> int:
    """How many minutes our clock is ahead of the server's; 0 if the difference is small."""
    at = parse_date(answer.headers.get("Date"))
    if at is None:
        return 0
    ours = datetime.fromtimestamp(answer.received / 1000, UTC)
    minutes = round((ours - at).total_seconds() / 60)
    return minutes if abs(minutes) > _MAX_SKEW else 0


def recognize(kit: Kit, name: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the response is a redirect, or comes from a proxy or a login page."""
    if _TO_TLS.search(answer.text):
        raise CannotRunError(f"{name} requires TLS: its URL must begin with https://")
    if 300 <= answer.status < 400:
        raise CannotRunError(redirects.explained(kit, name, answer))
    if answer.status == 407:
        raise CannotRunError(f"{name} is behind a proxy that requires credentials: {said(kit, answer)}")
    if answer.headers.get("WWW-Authenticate", "").lower().startswith("basic"):
        raise CannotRunError(f"{name} requires a password (HTTP Basic), which none of the services does")
    if "html" in answer.headers.get("Content-Type", "") or _HTML.match(answer.text):
        title = re.search(r"<title>([^<]{0,2000})", answer.text, re.IGNORECASE)
        page = f" ({' '.join(kit.mask(title[1]).split())[:80]})" if title else ""
        what = f"{name} responds {answer.status} with an HTML page{page} instead of an API response"
        if answer.status == _CAPTIVE or _LOGIN.search(answer.text):
            what = f"found a login page, perhaps of a captive portal: {what}"
        elif answer.status in _UNAVAILABLE:
            what = f"found a page of a proxy that does not reach the service: {what}"
        raise CannotRunError(what)
    if answer.status in _UNAVAILABLE:
        raise CannotRunError(f"{name} is not available: {said(kit, answer)}")


def check_works(kit: Kit, service: str, answers: Sequence[Answer]) -> None:
    """Raise `CannotRunError` if the server fails every one of the first calls, which are different."""
    if all(answer.status >= 500 or answer.status == _UNPAID for answer in answers):
        raise CannotRunError(f"{kit.targets[service].name} fails every call: {said(kit, answers[-1])}")


def first(kit: Kit, service: str, call: Call) -> Answer:
    """The response to the first call to a target; raises `CannotRunError` if there is no response."""
    target = kit.targets[service]
    if call.method == "GET":
        kit.opened[service] = call
    try:
        return target.send(call)
    except NoAnswerError as error:
        url = getattr(target, "url", "")
        raise CannotRunError(wrong_scheme(url) or kit.mask(str(error))) from error


def wrong_scheme(url: str) -> str:
    """The message about a server that uses the other scheme, http or https; empty if it does not."""
    parts = urlsplit(url)
    usual = 443 if parts.scheme == "https" else 80
    try:
        with socket.create_connection((parts.hostname or "", parts.port or usual), _PROBE) as connection:
            if parts.scheme == "https":
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                is_plain = connection.recv(5) == b"HTTP/"
                return f"{url} does not use TLS: its URL must begin with http://" if is_plain else ""
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with context.wrap_socket(connection, server_hostname=parts.hostname):
                return f"{url} requires TLS: its URL must begin with https://"
    except (OSError, ValueError):
        return ""


def said(kit: Kit, answer: Answer) -> str:
    """The status, code and message of an error response, shortened."""
    members = dict(re.findall(r'"(error_code|error_msg|message|code|msg)"\s*:\s*"?([^",}]*)', answer.text))
    names = ("error_code", "code", "error_msg", "msg", "message")
    words = " ".join(
        members[name] for name in names if members.get(name, str(answer.status)) != str(answer.status)
    )
    return f"{answer.status} {kit.mask(words) or kit.beginning(answer)}".strip()
