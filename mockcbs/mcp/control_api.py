"""A client of the control API of a running mock."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from mockcbs.core.errors import UserError

_TIMEOUT = 60
"""The timeout in seconds; an explanation may compute months of traffic."""
_CREDENTIALS = "/_mockcbs/authorize"

Query = Mapping[str, str | int | None]
"""The parameters of a URL; `None` values are left out."""


class ControlApi:
    """The control API of the mock at a base URL.

    Every method raises `UserError` if the mock does not respond or refuses the request.
    """

    def __init__(self, url: str, token: str | None = None, ca_file: str | None = None) -> None:
        """*token* is that of ``--control-token``; *ca_file* is the file that a mock with ``--tls`` prints."""
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._verify = self._session.verify

    def get(self, path: str, query: Query | None = None) -> Any:
        """The response to ``GET /_mockcbs{path}``."""
        return self._call("GET", path, query)

    def put(self, path: str, body: Mapping[str, Any], query: Query | None = None) -> Any:
        """The response to ``PUT /_mockcbs{path}``."""
        return self._call("PUT", path, query, body)

    def post(self, path: str, body: Mapping[str, Any] | None = None, query: Query | None = None) -> Any:
        """The response to ``POST /_mockcbs{path}``; `None` if it has no body."""
        return self._call("POST", path, query, body)

    def delete(self, path: str, query: Query | None = None) -> Any:
        """The response to ``DELETE /_mockcbs{path}``; `None` if it has no body."""
        return self._call("DELETE", path, query)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """The response to a request to an emulated service, sent with working credentials.

        *target* is path and query.
        """
        if not target.startswith("/"):
            raise UserError(f"target {target!r} is not a path, such as /v1/users/me")
        unsigned = {"method": method, "url": self.url + target, "headers": dict(headers), "body": body}
        signed = self.post(_CREDENTIALS.removeprefix("/_mockcbs"), unsigned)
        if _origin(signed["url"]) != _origin(self.url):
            raise UserError(f"target {target!r} is not a path of {self.url}")
        with requests.Session() as session:
            session.trust_env = False
            return self._sent(
                session,
                method,
                signed["url"],
                headers=signed["headers"],
                data=body.encode() or None,
                verify=self._verify,
            )

    def _call(
        self, method: str, path: str, query: Query | None, body: Mapping[str, Any] | None = None
    ) -> Any:
        url = f"{self.url}/_mockcbs{path}"
        response = self._sent(self._session, method, url, params=query, json=body)
        content = _json(response)
        if response.ok:
            return content
        problem = content if isinstance(content, dict) else {}
        raise UserError(str(problem.get("detail") or f"{method} {url}: {response.status_code}"))

    def _sent(self, session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        try:
            return session.request(method, url, timeout=_TIMEOUT, allow_redirects=False, **options)
        except requests.ConnectionError as error:
            why = f"no mock responds at {self.url}: start one with `mockcbs serve`, or leave out --url"
            raise UserError(why) from error
        except requests.RequestException as error:
            raise UserError(f"{method} {url}: {error}") from error


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _json(response: requests.Response) -> Any:
    """The body of *response*; `None` if it is not JSON."""
    try:
        return response.json()
    except ValueError:
        return None
