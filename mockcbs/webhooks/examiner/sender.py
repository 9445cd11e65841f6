"""Sends the deliveries of an exam, one by one or in parallel, and records the responses."""

import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from mockcbs.core import masking
from mockcbs.core.clock import real_now
from mockcbs.core.errors import UserError
from mockcbs.webhooks.signatures import Signer

TIMEOUT = 3.0
"""The time in which a receiver must respond, in s (contract coze 3.13.3)."""

_EXCERPT = 600
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Exchange:
    """One delivery and its response."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int | None
    """The status; `None` without a response in time or without a connection."""
    answer: str
    """The body of the response, or the error."""
    took_ms: int

    @property
    def text(self) -> str:
        """The exchange as text, without the signature."""
        lines = [f"POST {self.url}", *_header_lines(self.headers), ""]
        lines += [_excerpt(self.body.decode("utf-8", "backslashreplace")), ""]
        lines += [f"→ {self.status or 'no answer'} ({self.took_ms} ms)", _excerpt(self.answer)]
        return "\n".join(lines)


class Sender:
    """Posts to one URL without following redirects and without proxies of the environment."""

    def __init__(self, url: str, signer: Signer) -> None:
        self.url, self.signer = url, signer
        self._session = requests.Session()
        self._session.trust_env = False
        adapter = requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def connect(self) -> None:
        """Raise `UserError` if nothing accepts connections at the URL."""
        parts = urlsplit(self.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((parts.hostname or "", port), TIMEOUT).close()
        except ConnectionRefusedError as error:
            raise UserError(f"{self.url} cannot be reached: no server listens on this port") from error
        except OSError as error:
            raise UserError(f"{self.url} cannot be reached: {error.strerror or error}") from error

    def signed(self, event_id: str, body: bytes, at_ms: int | None = None) -> dict[str, str]:
        """The headers of a delivery signed at *at_ms*, by default now."""
        at = real_now() if at_ms is None else at_ms
        return {"Content-Type": JSON, **self.signer.headers(event_id, body, at)}

    def send(self, event_id: str, body: bytes, headers: Mapping[str, str] | None = None) -> Exchange:
        """Send *body*; without *headers* it is signed now."""
        sent = dict(self.signed(event_id, body) if headers is None else headers)
        began = time.perf_counter()
        try:
            response = self._session.post(
                self.url, data=body, headers=sent, timeout=TIMEOUT, allow_redirects=False
            )
            status, answer = response.status_code, response.text
        except requests.RequestException as error:
            status, answer = None, f"{type(error).__name__}: {error}"
        return Exchange(self.url, sent, body, status, answer, int((time.perf_counter() - began) * 1000))

    def send_at_once(self, deliveries: Sequence[tuple[str, bytes]]) -> list[Exchange]:
        """Send all deliveries at the same time."""
        with ThreadPoolExecutor(len(deliveries)) as pool:
            return list(pool.map(lambda delivery: self.send(*delivery), deliveries))

    def send_and_hang_up(self, event_id: str, body: bytes) -> None:
        """Send *body* and disconnect before the response, as a sender does after its timeout."""
        parts = urlsplit(self.url)
        if parts.scheme != "http":
            return  # the redelivery that follows is a duplicate in any case
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, **self.signed(event_id, body), "Content-Length": str(len(body))}
        head = f"POST {path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()
        )
        try:
            with socket.create_connection((parts.hostname or "", parts.port or 80), TIMEOUT) as connection:
                connection.sendall(head.encode() + b"\r\n" + body)
                time.sleep(0.05)  # the receiver has the request, but the sender has disconnected
        except OSError:
            return

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


def _header_lines(headers: Mapping[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in masking.headers(headers.items()).items()]


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}… ({len(text)} characters)"
