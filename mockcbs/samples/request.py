"""The request for which code is written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

_OF_THE_CLIENT = {
    "accept-encoding",
    "accept-language",
    "connection",
    "content-length",
    "cookie",
    "host",
    "keep-alive",
    "origin",
    "postman-token",
    "priority",
    "referer",
    "te",
    "transfer-encoding",
    "user-agent",
}
"""Headers that clients add automatically."""


@dataclass(frozen=True)
class Request:
    """One request, ready to be sent."""

    method: str
    url: str
    """The URL with scheme, host and query, percent-encoded."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    operation: str = ""
    """The operation as ``mockcbs routes`` prints it; empty if no route matches."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The decoded parameters in the path, by the names of the route."""

    @property
    def base_url(self) -> str:
        """Scheme and host."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def path(self) -> str:
        """The percent-encoded path."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The percent-encoded query."""
        return urlsplit(self.url).query

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The decoded parameters of the query."""
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body as JSON; `None` if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def environ(self) -> dict[str, Any]:
        """The request as a WSGI environment."""
        path = unquote_to_bytes(self.path).decode("latin-1")
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        if kind := headers.pop("HTTP_CONTENT_TYPE", None):
            headers["CONTENT_TYPE"] = kind
        return {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": path,
            "QUERY_STRING": self.query,
            "HTTP_HOST": urlsplit(self.url).netloc,
            **headers,
        }

    def header(self, name: str) -> str:
        """The value of a header, or an empty text. Case does not matter."""
        return next((value for known, value in self.headers.items() if known.lower() == name.lower()), "")

    def with_headers(self, **headers: str) -> "Request":
        """The same request with additional headers; ``_`` stands for ``-``."""
        added = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {
            name: value for name, value in self.headers.items() if name.lower() not in map(str.lower, added)
        }
        return replace(self, headers={**kept, **added})

    def with_query(self, query: str) -> "Request":
        """The same request with additional parameters, which are percent-encoded."""
        return replace(self, url=f"{self.url}{'&' if self.query else '?'}{query}")

    def plain(self) -> "Request":
        """The same request without headers that clients add automatically, and with the usual spelling of
        names.
        """
        kept = {
            name.title() if name.islower() else name: value
            for name, value in self.headers.items()
            if name.lower() not in _OF_THE_CLIENT
            and not name.lower().startswith("sec-")
            and (name.lower(), value) != ("accept", "*/*")
        }
        return replace(self, headers=kept)
