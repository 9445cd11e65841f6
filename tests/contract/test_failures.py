"""Why a call got no response, in a few words."""

import http.client
import ssl

import pytest
import requests

from mockcbs.contract.failures import explained, is_closed


def _tls(reason):
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return requests.exceptions.SSLError(error)


def _certificate(code):
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return requests.exceptions.SSLError(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_certificate(9), "not valid yet"),
        (_certificate(10), "has expired"),
        (_certificate(62), "for another host"),
        (_certificate(18), "not trusted"),
        (_tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "requires a client certificate"),
        (_tls("UNSUPPORTED_PROTOCOL"), "does not agree on TLS: unsupported protocol"),
        (
            requests.exceptions.SSLError(ssl.SSLEOFError(8, "EOF")),
            "closes the connection in the TLS handshake",
        ),
        (requests.exceptions.ReadTimeout("slow"), "did not respond within 3 s (--timeout)"),
        (requests.ConnectionError(ConnectionRefusedError(111, "Connection refused")), "no server listens"),
        (requests.ConnectionError(OSError(101, "Network is unreachable")), "Network is unreachable"),
        (requests.exceptions.ContentDecodingError("gzip"), "Content-Encoding"),
        (ValueError("x"), "sends an unreadable response (ValueError)"),
    ],
)
def test_each_failure_has_its_own_words(error, words):
    """The words state what is wrong with the network, with TLS or with HTTP."""
    assert words in explained(error, 3)
    assert not is_closed(error)


def test_a_closed_connection():
    """A connection may be closed before a response, or within it."""
    before = requests.ConnectionError(http.client.RemoteDisconnected("no response"))
    within = requests.exceptions.ChunkedEncodingError(http.client.IncompleteRead(b"{"))

    assert is_closed(before)
    assert not is_closed(within)
    assert explained(before, 3) == "closes the connection without a response"
    assert explained(within, 3) == "closes the connection in the middle of a response"
