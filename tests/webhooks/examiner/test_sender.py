"""Deliveries of an exam, on a real socket."""

import threading
import time

import pytest

from mockcbs.core.errors import UserError
from mockcbs.webhooks.examiner.sender import Sender
from mockcbs.webhooks.signatures import CozeSigner
from tests.databases import free_port
from tests.webhooks.examiner.examined import served
from tests.webhooks.examiner.receivers import SECRET


class Echo:
    """Answers the path and the body; remembers what came."""

    def __init__(self):
        self.came, self.at_once, self._inside = [], 0, 0
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self._lock:
            self._inside += 1
            self.at_once = max(self.at_once, self._inside)
            self.came.append(body)
        time.sleep(0.05)
        with self._lock:
            self._inside -= 1
        start_response("418 I'm a teapot", [("Content-Length", "2")])
        return [b"ok"]


def test_a_delivery_is_kept_with_its_response():
    """Request and response are shown as text, for the report."""
    with served(Echo()) as url:
        sender = Sender(url, CozeSigner(SECRET))
        exchange = sender.send("e1", b'{"a":1}')
        sender.close()

    assert (exchange.status, exchange.answer, exchange.url) == (418, "ok", url)
    assert f"POST {url}" in exchange.text
    assert '{"a":1}' in exchange.text
    assert "→ 418 (" in exchange.text
    assert exchange.headers["X-Coze-Signature"] not in exchange.text


def test_no_connection():
    """A failed connection is an exchange without a status, and its text names the error."""
    sender = Sender(f"http://127.0.0.1:{free_port()}/", CozeSigner(SECRET))

    exchange = sender.send("e1", b"x" * 700)

    assert exchange.status is None
    assert "ConnectionError" in exchange.answer
    assert "→ no answer" in exchange.text
    assert "x… (700 characters)" in exchange.text


def test_deliveries_at_once():
    """Deliveries are sent at the same time."""
    echo = Echo()
    with served(echo) as url:
        sender = Sender(url, CozeSigner(SECRET))
        found = sender.send_at_once([(f"e{number}", str(number).encode()) for number in range(12)])
        sender.close()

    assert sorted(echo.came) == sorted(str(number).encode() for number in range(12))
    assert [exchange.status for exchange in found] == [418] * 12
    assert echo.at_once > 1


def test_a_sender_that_hangs_up():
    """The receiver gets the complete delivery, although the sender does not wait for the response."""
    echo = Echo()
    with served(echo) as url:
        Sender(url, CozeSigner(SECRET)).send_and_hang_up("e1", b"whole")
        deadline = time.monotonic() + 10
        while not echo.came and time.monotonic() < deadline:
            time.sleep(0.01)

    assert echo.came == [b"whole"]


def test_a_url_without_a_server():
    """The error names the URL, so that nobody takes it for a broken receiver."""
    url = f"http://127.0.0.1:{free_port()}/hook"

    with pytest.raises(UserError, match=f"{url} cannot be reached: no server listens on this port"):
        Sender(url, CozeSigner(SECRET)).connect()
