"""The targets that the kit can check: an application in this process, or a server."""

import queue
import re
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, Self
from urllib.parse import quote, urlencode
from wsgiref.types import WSGIApplication

import requests
import simplejson
from urllib3 import disable_warnings
from urllib3.exceptions import InsecureRequestWarning
from werkzeug.datastructures import Headers
from werkzeug.http import parse_date
from werkzeug.test import Client

from mockcbs.contract import failures
from mockcbs.contract.connections import new_session
from mockcbs.core.clock import real_now
from mockcbs.core.errors import UserError

_MAX_RETRIES = 3
"""How often to repeat a throttled call."""
_MAX_PAUSE = 30.0
"""The longest pause between two attempts, in seconds."""
_MAX_WAIT = 300.0
"""The maximum time that a run waits because of throttling, in seconds."""
_MODEST = 10.0
"""Calls per second to a server that throttled a call although the user set no limit."""
_SLOWEST = 1.0
"""The maximum time between two calls after throttling, in seconds."""
_MAX_DIGITS = 40
_LARGEST_ANSWER = 32 * 2**20


class CannotRunError(UserError):
    """The target cannot be checked; the message explains why in one line."""


class NoAnswerError(Exception):
    """A call got no response."""


class ClosedError(NoAnswerError):
    """The connection was closed before a response came."""


class CallsSpentError(Exception):
    """The limit of calls is reached."""


class Number(Decimal):
    """A JSON number with a decimal point or an exponent, which keeps its original text."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Read *text*; raises `ValueError` if the number is too large or too small."""
        number = super().__new__(cls, text)
        if not -_MAX_DIGITS < number.adjusted() < _MAX_DIGITS:
            raise ValueError(f"{text[:30]} is out of range")
        number.text = text
        return number


def query(**parameters: object) -> str:
    """Encode query parameters as the SDKs do; leave out parameters that are `None`."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return urlencode(given, quote_via=quote, safe="", doseq=True)


@dataclass(frozen=True)
class Call:
    """One request to a target."""

    method: str
    path: str
    """The path, percent-encoded."""
    query: str = ""
    """The query, encoded; without the question mark."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """The path and query as in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Answer:
    """One response from a target, with its request."""

    call: Call
    status: int
    headers: Headers
    body: bytes
    sent: int
    received: int
    """The time of arrival by the clock of this machine, ms UTC."""

    @cached_property
    def text(self) -> str:
        """The body as text; invalid UTF-8 becomes escapes."""
        return self.body.decode("utf-8", "backslashreplace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON with the original text of numbers, or as repaired; raises `ValueError`."""
        return self.parsed()

    def mend(self, content: Any) -> None:
        """Replace `json` by *content*, in which wrong parts are repaired or marked as missing."""
        self.__dict__["json"] = content

    def parsed(self) -> Any:
        """The body as JSON, exactly as it was sent; raises `ValueError`."""
        try:
            return simplejson.loads(
                self.body.decode(),
                parse_float=Number,
                parse_int=_whole,
                parse_constant=_no_number,
                object_pairs_hook=_each_once,
            )
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _whole(text: str) -> int | Number:
    return Number(text) if text == "-0" else int(text)


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("an object has the same member twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


class Target(Protocol):
    """Something that answers calls."""

    name: str
    """The name to show in a report."""
    spent: int
    """The number of calls so far."""
    wire: bool
    """Whether the target is a server, which adds headers such as Date."""

    def send(self, call: Call) -> Answer:
        """Send a call; raises `NoAnswerError`, `CallsSpentError`, or `CannotRunError` if no call can work."""

    def limit(self, most_per_second: float) -> None:
        """Limit the rate of calls from now on."""


class WsgiTarget:
    """A WSGI application in this process."""

    wire = False

    def __init__(self, app: WSGIApplication, name: str = "the mock in process") -> None:
        self.name = name
        self.spent = 0
        self._client = Client(app, use_cookies=False)

    def send(self, call: Call) -> Answer:
        """Call the application; raises `NoAnswerError` if it raises an exception."""
        self.spent += 1
        sent = real_now()
        try:
            response = self._client.open(
                call.path,
                method=call.method,
                query_string=call.query,
                headers=dict(call.headers),
                data=call.body,
            )
        except Exception as error:
            raise NoAnswerError(f"the application raised {type(error).__name__}: {error}") from error
        return Answer(call, response.status_code, response.headers, response.get_data(), sent, real_now())

    def limit(self, most_per_second: float) -> None:
        """Do nothing: calls within this process need no limit."""


class Pace:
    """Limits the rate of calls."""

    def __init__(self, most_per_second: float) -> None:
        """Allow that many calls per second; 0 means no limit."""
        self._gap = 1 / most_per_second if most_per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Sleep until the next call is allowed."""
        with self._lock:
            now = time.monotonic()
            pause = max(0.0, self._next - now)
            self._next = max(now, self._next) + self._gap
        time.sleep(pause)

    def limit(self, most_per_second: float) -> None:
        """Lower the rate of calls to *most_per_second* if it is higher."""
        self._gap = max(self._gap, 1 / most_per_second)

    def slow_down(self) -> None:
        """Double the time between calls, up to a maximum."""
        self._gap = max(self._gap, min(2 * self._gap, _SLOWEST) or 1 / _MODEST)


class UrlTarget:
    """A server: a running mock or the vendor's service."""

    wire = True

    def __init__(
        self,
        url: str,
        *,
        most_per_second: float = 0,
        most_calls: int = 3000,
        timeout: float = 15,
        verify: bool | str = True,
        writes: bool = False,
    ) -> None:
        """*writes* says whether calls other than GET may change the server."""
        self.url = url.rstrip("/")
        self.name = self.url
        self.spent = 0
        self._pace = Pace(most_per_second)
        self._most_calls, self._timeout, self._verify = most_calls, timeout, verify
        _check_trust(verify)
        self._session = new_session()
        self._waited, self._writes = 0.0, writes

    def send(self, call: Call) -> Answer:
        """Call the server; repeats throttled calls. Raises as `Target.send`."""
        for _ in range(_MAX_RETRIES):
            answer = self._attempt(call)
            if answer.status != 429:
                return answer
            if self._waited >= _MAX_WAIT:
                break
            self._pace.slow_down()
            pause = _pause(answer.headers.get("Retry-After", ""))
            if pause > _MAX_PAUSE:
                raise CannotRunError(f"{self.name} throttles calls, and demands a pause of {pause:.0f} s")
            self._waited += pause
            time.sleep(pause)
        raise CannotRunError(f"{self.name} throttles calls; try a lower --max-rps")

    def limit(self, most_per_second: float) -> None:
        """Limit the rate of calls from now on."""
        self._pace.limit(most_per_second)

    def _attempt(self, call: Call) -> Answer:
        """Send a call; repeat it once if the connection broke, unless it may have changed the server."""
        try:
            return self._once(call)
        except ClosedError:
            if self._writes and call.method != "GET":
                raise
            return self._once(call)

    def _once(self, call: Call) -> Answer:
        """Send a call with a deadline, because the timeout of a socket restarts with every byte."""
        if self.spent >= self._most_calls:
            raise CallsSpentError(f"{self._most_calls} calls were made (--max-calls)")
        self.spent += 1
        self._pace.wait()
        found: queue.Queue[Answer | Exception] = queue.Queue()
        worker = threading.Thread(target=self._exchange, args=(self._session, call, found), daemon=True)
        worker.start()
        try:
            outcome = found.get(timeout=self._timeout)
        except queue.Empty:
            self._session = new_session()
            raise NoAnswerError(
                f"{self.name} did not respond within {self._timeout:g} s (--timeout)"
            ) from None
        if isinstance(outcome, Answer):
            return outcome
        if isinstance(outcome, requests.RequestException | ValueError):  # ValueError: an invalid redirect
            words = failures.explained(outcome, self._timeout)
            closed = failures.is_closed(outcome)
            raise (ClosedError if closed else NoAnswerError)(f"{self.name} {words}") from outcome
        raise outcome

    def _exchange(
        self, session: requests.Session, call: Call, found: "queue.Queue[Answer | Exception]"
    ) -> None:
        sent = real_now()
        try:
            response = session.request(
                call.method,
                f"{self.url}{call.target}",
                headers=dict(call.headers),
                data=call.body or None,
                timeout=self._timeout + 1,
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            )
            body = self._read(response)
        except Exception as error:  # noqa: BLE001 - the calling thread raises it again
            found.put(error)
            return
        headers = Headers(list(response.headers.items()))
        found.put(Answer(call, response.status_code, headers, body, sent, real_now()))

    def _read(self, response: requests.Response) -> bytes:
        """The whole body; raises `NoAnswerError` if it is too large."""
        body = bytearray()
        for chunk in response.iter_content(2**16):
            body += chunk
            if len(body) > _LARGEST_ANSWER:
                raise NoAnswerError(f"{self.name} sent more than {_LARGEST_ANSWER >> 20} MiB")
        return bytes(body)


def _pause(header: str) -> float:
    """The seconds to wait according to ``Retry-After``."""
    date = parse_date(header)
    if re.fullmatch(r"\d{1,5}", header):
        wanted = float(header)
    else:
        wanted = date.timestamp() - time.time() if date else 1.0
    return max(wanted, 0.0)


def _check_trust(verify: bool | str) -> None:
    """Raise `CannotRunError` if the trusted certificates are unreadable; silence warnings if not checked."""
    if verify is False:
        disable_warnings(InsecureRequestWarning)
    if isinstance(verify, str):
        try:
            ssl.create_default_context(cafile=verify)
        except OSError as error:  # SSLError if the file contains no certificate
            reason = "the file contains no certificate" if isinstance(error, ssl.SSLError) else error.strerror
            raise CannotRunError(f"--ca-file {verify}: {reason}") from error
