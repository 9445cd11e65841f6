"""The work of ``mockcbs serve``, from the settings to the last line."""

import gc
import hashlib
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import click

from mockcbs.app import create_app
from mockcbs.backend.documents import Documents
from mockcbs.backend.folders import temporary_folder
from mockcbs.backend.location import Place, opened
from mockcbs.core import paths
from mockcbs.core.budget import MB
from mockcbs.core.clock import iso
from mockcbs.core.version import VERSION
from mockcbs.server.server import Server, bind
from mockcbs.server.tls import make_context
from mockcbs.services import registry
from mockcbs.services.base import Example
from mockcbs.settings import ServerSettings, Settings
from mockcbs.state import State
from mockcbs.web.cache.response_cache import ResponseCache

_ANSWERING = ("seed", "dataset", "now", "tick", "strict", "scenario", "default_start")
"""The settings that all replicas of a mock must share."""


def serve(settings: Settings, how: ServerSettings) -> None:
    """Serve a mock until a signal stops it.

    Raises `mockcbs.core.errors.UserError`.
    """
    with (
        temporary_folder() as folder,
        opened(how.state, how.workers, folder, settings.memory * MB, _place(settings, how)) as backend,
    ):
        app = create_app(settings, backend)
        mock: State = app.extensions["mockcbs"]
        if how.watch:
            from mockcbs.server.watch import JOB, Watch  # noqa: PLC0415 - few watch their files

            mock.jobs.add(JOB, Watch(mock).work)
        served = _with_replay(ResponseCache(app), how, backend.documents)
        context, ca_file = make_context(how, folder) if how.https else (None, None)
        listener = bind(how.host, how.port)
        url = f"{'https' if how.https else 'http'}://{_reachable(how.host)}:{listener.getsockname()[1]}"
        brief = f"{url}\n{ca_file}" if ca_file else url
        banner = brief if how.quiet else _banner(mock, url, ca_file)

        def work(slot: int, on_ready: Callable[[], None]) -> None:
            backend.peers.join(slot)
            mock.start()
            server = Server(
                served,
                tls=context,
                shared=how.workers > 1,
                keep_alive=how.keep_alive,
                feed=backend.feed,
                on_ready=on_ready,
            )
            server.run([listener])
            mock.close()

        if how.workers == 1:
            work(0, lambda: _announce(banner))
        else:
            from mockcbs.server.workers import Workers  # noqa: PLC0415 - only several need looking after

            backend.close()
            Workers(how.workers, work).run(lambda: click.echo(banner))
    if not how.quiet:
        click.echo("mockcbs stopped.")


def _place(settings: Settings, how: ServerSettings) -> Place:
    """The facts that replicas must know about this server, mainly settings that change its responses."""
    parts = [f"{name}={_value(getattr(settings, name))}" for name in _ANSWERING]
    return Place(how.host, how.peer_port, ", ".join(parts))


def _value(value: Any) -> str:
    """*value* in a form that others may read; for a file, its content counts and not its path."""
    if isinstance(value, str) and paths.is_file(Path(value)):
        return f"file {hashlib.sha256(Path(value).read_bytes()).hexdigest()[:12]}"
    return str(value)


def _with_replay(app: WSGIApplication, how: ServerSettings, documents: Documents) -> WSGIApplication:
    """*app* behind the recorded exchanges, if there are any."""
    if how.replay is None:
        return app
    from mockcbs.exchanges.replay import Replay, read  # noqa: PLC0415 - few serve recorded responses

    return Replay(app, read(Path(how.replay)), how.on_miss, documents)


def _reachable(host: str) -> str:
    """*host* in a URL; a wildcard address becomes the loopback address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def _announce(banner: str) -> None:
    gc.freeze()
    gc.enable()
    click.echo(banner)


def _banner(mock: State, url: str, ca_file: Path | None) -> str:
    ours = mock.settings
    clock = "real"
    if mock.clock.frozen:
        clock = f"frozen at {iso(mock.clock.now())}"
    elif ours.now is not None or mock.dataset.now is not None:
        clock = f"running from {iso(mock.clock.now())}"
    lines = [
        f"mockcbs {VERSION} serves {url}",
        f"  dataset {mock.dataset.name}, seed {ours.seed}, clock {clock}"
        + (", strict" if ours.strict else ", open (any token, any project, any bot)"),
        *([f"  scenario {mock.opening.name}: {mock.opening.description}"] if mock.opening else []),
        *(f"  {line}" for service in registry.services() for line in service.credentials(ours)),
        f"  Webhook verify token {ours.webhook_secret}",
    ]
    if ca_file:
        lines.append(f"  CA certificate {ca_file}")
    examples = [service.example(mock) for service in registry.services() if service.example]
    curls = [f"  {_curl(example, url, ca_file)}" for example in examples]
    console = [f"Look: {url}/_mockcbs/console"] if ours.control else []
    return "\n".join([*lines, "Try:", *curls, *console, "Ctrl-C stops it."])


def _curl(example: Example, url: str, ca_file: Path | None) -> str:
    """*example* as a curl command."""
    parts = ["curl", "-s", *(["--cacert", str(ca_file)] if ca_file else [])]
    if example.method != "GET":
        parts += ["-X", example.method]
    for name, value in example.headers.items():
        parts += ["-H", f"{name}: {value}"]
    if example.body:
        parts += ["-d", example.body]
    return shlex.join([*parts, f"{url}{example.path}"])
