"""Explains in a few words why a call got no response: network, TLS or HTTP."""

import http.client
import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import HeaderParsingError

_CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
_CERTIFICATES = {
    9: "has a TLS certificate that is not valid yet: is this machine's clock right?",
    10: "has a TLS certificate that has expired",
    62: "has a TLS certificate for another host",
    64: "has a TLS certificate for another host",
}
"""What is wrong with a certificate, by the code of OpenSSL."""
_UNTRUSTED = "has a TLS certificate that is not trusted (--ca-file, or --insecure)"


def explained(error: Exception, timeout: float) -> str:
    """Why a call failed, as a clause whose subject is the target; *timeout* was its time limit, in s."""
    known = {
        (requests.exceptions.SSLError, ssl.SSLError): _without_tls(error),
        (requests.exceptions.ProxyError,): "is behind a proxy that refuses the connection",
        (requests.Timeout,): f"did not respond within {timeout:g} s (--timeout)",
        _CLOSED: "closes the connection without a response",
        (http.client.IncompleteRead,): "closes the connection in the middle of a response",
        (ConnectionRefusedError,): "cannot be reached: no server listens on this port (Connection refused)",
        (http.client.HTTPException, HeaderParsingError): "does not respond in HTTP",
        (
            requests.exceptions.ContentDecodingError,
        ): "sends a body that is not what its Content-Encoding says",
        (requests.ConnectionError,): f"cannot be reached: {_cause(error)}",
    }
    words = (text for kinds, text in known.items() if _links(error, *kinds))
    return next(words, f"sends an unreadable response ({type(error).__name__})")


def is_closed(error: Exception) -> bool:
    """Whether the connection was closed before a response came."""
    return _links(error, *_CLOSED)


def _without_tls(error: Exception) -> str:
    """Why there is no TLS connection: the server's certificate, ours, or the protocol."""
    found = next((link for link in _chain(error) if isinstance(link, ssl.SSLError)), None)
    if isinstance(found, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(found.verify_code, _UNTRUSTED)
    reason = getattr(found, "reason", None) or ""
    if "CERTIFICATE_REQUIRED" in reason:
        return "requires a client certificate, which the kit does not have"
    if isinstance(found, ssl.SSLEOFError):
        return "closes the connection in the TLS handshake; perhaps it requires a client certificate"
    return f"does not agree on TLS: {reason.lower().replace('_', ' ') or 'the handshake failed'}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and its causes."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        reason = getattr(seen, "reason", None)
        inner = next((part for part in seen.args[:2] if isinstance(part, BaseException)), None)
        seen = reason if isinstance(reason, BaseException) else inner or seen.__cause__ or seen.__context__


def _links(error: BaseException, *kinds: type[BaseException]) -> bool:
    return any(isinstance(link, kinds) for link in _chain(error))


def _cause(error: BaseException) -> str:
    """The operating system's message for a failed connection."""
    words = (link.strerror for link in _chain(error) if isinstance(link, OSError) and link.strerror)
    return next(words, "no connection")
