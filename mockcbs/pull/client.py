"""An HTTP client that repeats a call after a temporary error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import sleep
from typing import Any

import requests
import simplejson

from mockcbs.pull.errors import PullError

MAX_WAIT = 120.0
"""Seconds; if a service requests a longer pause, the run ends."""

_RETRIED = {429, 500, 502, 503, 504}
_RETRIED_CODES = {4009, 4013, 5000}
"""Error codes of Coze that count as these statuses, also in a response with status 200."""

Body = dict[str, Any]


@dataclass
class Client:
    """Sends GET requests to one service, one after another."""

    base_url: str
    headers: Mapping[str, str]
    """The credentials; they are sent to this service only, and never appear in a message."""
    attempts: int = 6
    """The maximum number of attempts of a call."""
    timeout: float = 30.0
    """The timeout for a connection, and for each piece of a response, in seconds."""
    warn: Callable[[str], None] = lambda _: None
    calls: int = field(default=0, init=False)
    """The number of requests so far, including repeated ones."""

    def __post_init__(self) -> None:
        self.base_url = self.base_url.rstrip("/")
        self._session = requests.Session()
        self._warned: set[str] = set()

    def get(self, path: str, parameters: Mapping[str, str | int]) -> Body:
        """The JSON object in the response; fractions are `Decimal` with all their digits.

        Raises `PullError` if the service refuses the call, or if the last attempt fails.
        """
        for attempt in range(1, self.attempts):
            try:
                return self._attempt(path, parameters)
            except _TransientError as failure:
                sleep(2.0**attempt / 4 if failure.pause is None else failure.pause)
        try:
            return self._attempt(path, parameters)
        except _TransientError as failure:
            raise PullError(f"{failure} (attempt {self.attempts} of {self.attempts})") from failure

    def _attempt(self, path: str, parameters: Mapping[str, str | int]) -> Body:
        """The body of a response.

        Raises `_TransientError` if another attempt may succeed, else `PullError`.
        """
        self.calls += 1
        try:
            response = self._session.get(
                self.base_url + path,
                params=parameters,
                auth=self._authorize,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise PullError(f"GET {self.base_url}{path}: {error}") from error
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise _TransientError(f"GET {self.base_url}{path}: {_plain(error)}") from error
        except requests.RequestException as error:
            raise PullError(f"GET {self.base_url}{path}: {_plain(error)}") from error
        return self._read(response)

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the credentials. It is a function, because requests then does not read ~/.netrc."""
        request.headers.update(self.headers)
        return request

    def _read(self, response: requests.Response) -> Body:
        where = f"GET {response.url}: status {response.status_code}"
        try:
            body = simplejson.loads(response.content.decode("utf-8"), use_decimal=True)
        except ValueError:
            body = None
        code, message = _error(body)
        remark = response.headers.get("X-Mockcbs-Reason")
        reason = f"{where}, code {code} {message}".rstrip() if code else where
        if remark and (code or response.status_code != 200):
            reason = f"{reason}; {remark}"
        if response.status_code in _RETRIED or (response.ok and code in _RETRIED_CODES):
            raise _TransientError(reason, _pause(response, reason))
        if response.status_code != 200 or code:
            raise PullError(reason)
        if not isinstance(body, dict):
            raise _TransientError(f"{where}, but the body is not a JSON object")
        self._pass_on(remark)
        return body

    def _pass_on(self, remark: str | None) -> None:
        """Show a remark of the mock in a response, once."""
        if remark and remark not in self._warned:
            self._warned.add(remark)
            self.warn(remark)


class _TransientError(Exception):
    """A failure that another attempt may not have.

    *pause* is the pause that the service requests, in seconds.
    """

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


def _error(body: Any) -> tuple[Any, str]:
    """The code and the message of an error of Coze, CBS or the gateway; 0 and empty for other bodies."""
    if not isinstance(body, dict):
        return 0, ""
    code = body.get("code") or body.get("error_code") or 0
    message = str(body.get("msg") or body.get("error_msg") or "")
    detail = body.get("detail")
    log_id = detail.get("logid") if isinstance(detail, dict) else body.get("request_id")
    return code, f"{message} ({log_id})" if log_id else message


def _pause(response: requests.Response, reason: str) -> float | None:
    """The pause in ``Retry-After`` (a number or a date) in seconds; `None` for other values."""
    text = response.headers.get("Retry-After", "")
    try:
        seconds = float(text) if text.isascii() and text.isdigit() else _seconds_until(text)
    except ValueError:
        return None
    if seconds > MAX_WAIT:
        raise PullError(f"{reason}; Retry-After asks for {seconds:.0f} s, the limit is {MAX_WAIT:.0f} s")
    return max(seconds, 0.0)


def _seconds_until(text: str) -> float:
    at = parsedate_to_datetime(text)
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _plain(error: Exception) -> str:
    """The innermost reason, without the layers of urllib3."""
    inner: Any = error
    while inner.args and isinstance(getattr(inner.args[0], "reason", inner.args[0]), Exception):
        inner = getattr(inner.args[0], "reason", inner.args[0])
    return str(inner).rpartition(": ")[2] or type(inner).__name__
