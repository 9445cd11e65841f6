"""A server, a recorder in front of it, and what was recorded."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.exchanges import replay
from mockcbs.exchanges.record import Recorder, RecordingServer
from mockcbs.exchanges.recorded import ExchangeFile
from mockcbs.server.server import bind
from tests.conftest import NOW
from tests.servers import running

Answer = Callable[[BaseHTTPRequestHandler], None]


def plain(
    body: bytes, status: int = 200, *headers: tuple[str, str], kind: str = "application/json"
) -> Answer:
    """An answer of known length."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Ignore a client that has disconnected."""


@contextmanager
def upstream(answers: dict[str, Answer]) -> Iterator[str]:
    """A server with an answer a path; other paths give the request again."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            echo = {
                "path": self.requestline.split()[1],
                "headers": dict(self.headers),
                "body": body.decode("utf-8", "replace"),
            }
            answers.get(self.path, plain(json.dumps(echo).encode()))(self)

        do_GET = do_POST = do_HEAD = answer  # noqa: N815 - the names it looks for

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with running(_Quiet(("127.0.0.1", 0), Handler)) as url:
        yield url


@contextmanager
def recording(target: str, folder, **options) -> Iterator[tuple[str, Callable[[], list[dict]]]]:
    """The URL of a recorder in front of *target*, and a way to read what it has written down."""
    path = folder / "recorded.json"
    file = ExchangeFile(path, target)
    listener = bind("127.0.0.1", 0)
    server = RecordingServer(Recorder(target, file, **options), listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield (
            f"http://127.0.0.1:{listener.getsockname()[1]}",
            lambda: json.loads(path.read_text("utf-8"))["exchanges"],
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        listener.close()
        file.close()


def played(exchanges: list[dict], folder, miss: replay.Miss = "fail") -> Client:
    """A client of a server that replays the exchanges."""
    path = folder / "replayed.json"
    path.write_text(json.dumps({"exchanges": exchanges}))
    return Client(replay.Replay(create_app(Settings(now=NOW)), replay.read(path), miss))
