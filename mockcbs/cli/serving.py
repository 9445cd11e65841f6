"""What ``mockcbs serve`` does, from settings to farewell."""

import gc
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path
from wsgiref.types import WSGIApplication

import click

from mockcbs import __version__
from mockcbs.app import create_app
from mockcbs.backend.documents import Store
from mockcbs.backend.location import kept
from mockcbs.core.clock import iso
from mockcbs.server.cache import Memo
from mockcbs.server.server import Server, bind
from mockcbs.server.tls import make_context
from mockcbs.services.gateway.tokens import Token, TokenMint
from mockcbs.services.iam.identity import DEFAULT_PROJECT, Directory
from mockcbs.settings import ServerSettings, Settings
from mockcbs.state import State
from mockcbs.traffic.bots import ANY

_DEFAULT_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
"""The bot of the vendor's own examples."""


def serve(settings: Settings, how: ServerSettings) -> None:
    """Serve a mock until a signal stops it.

    Raises `mockcbs.core.errors.UserError`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="mockcbs-") as name,
        kept(how.state, how.workers, folder := Path(name)) as keeping,
    ):
        app = create_app(settings, keeping)
        mock: State = app.extensions["mockcbs"]
        listener = bind(how.host, how.port)
        served = _with_replay(Memo(app), how, keeping.store)
        context, ca_file = make_context(how.host, folder) if how.tls else (None, None)
        url = f"{'https' if how.tls else 'http'}://{_reachable(how.host)}:{listener.getsockname()[1]}"
        brief = f"{url}\n{ca_file}" if ca_file else url
        banner = brief if how.quiet else _banner(mock, url, ca_file)

        def work(slot: int, on_ready: Callable[[], None]) -> None:
            keeping.peers.join(slot)
            Server(served, tls=context, shared=how.workers > 1, on_ready=on_ready).run([listener])
            keeping.close()

        if how.workers == 1:
            work(0, lambda: _announce(banner))
        else:
            from mockcbs.server.workers import Workers  # noqa: PLC0415 - only several need looking after

            keeping.close()
            Workers(how.workers, work).run(lambda: click.echo(banner))
    if not how.quiet:
        click.echo("mockcbs stopped.")


def _with_replay(app: WSGIApplication, how: ServerSettings, store: Store) -> WSGIApplication:
    """*app*, behind the recorded exchanges if there are any."""
    if how.replay is None:
        return app
    from mockcbs.exchanges.replay import Replay, read  # noqa: PLC0415 - few serve recorded responses

    return Replay(app, read(Path(how.replay)), how.on_miss, store)


def _reachable(host: str) -> str:
    """*host* as it stands in a URL; a wildcard address is reached at the loopback one."""
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
        f"mockcbs {__version__} serves {url}",
        f"  dataset {mock.dataset.name}, seed {ours.seed}, clock {clock}"
        + (", strict" if ours.strict else ", open (any token, any project, any bot)"),
        *([f"  scenario {mock.opening.name}: {mock.opening.description}"] if mock.opening else []),
        f"  AK {ours.access_key}  SK {ours.secret_key}",
        f"  IAM user {ours.iam_user}  password {ours.iam_password}  domain {ours.iam_domain}",
        f"  Coze token {ours.coze_token}",
    ]
    if ca_file:
        lines.append(f"  CA certificate {ca_file}")
    return "\n".join([*lines, "Try:", f"  {_curl(mock, url, ca_file)}", "Ctrl-C stops it."])


def _curl(mock: State, url: str, ca_file: Path | None) -> str:
    named = [bot_id for bot_id in mock.dataset.bots if bot_id != ANY and "-" in bot_id]
    bot = _DEFAULT_BOT if _DEFAULT_BOT in named or not named else named[0]
    target = (
        f"{url}/v1/{DEFAULT_PROJECT}/qabots/{bot}/requests/session-stats?interval=week&time_zone=%2B08%3A00"
    )
    trust = ["--cacert", str(ca_file)] if ca_file else []
    return shlex.join(["curl", "-s", *trust, "-H", f"X-Auth-Token: {_token(mock)}", target])


def _token(mock: State) -> str:
    """A token that works: any will do, unless mockcbs is strict."""
    ours = mock.settings
    if not ours.strict:
        return "any-token"
    project = Directory(ours).project(project_id=DEFAULT_PROJECT)
    name = project.name if project else None
    token = Token(ours.iam_domain, ours.iam_user, mock.clock.now(), DEFAULT_PROJECT, name)
    return TokenMint(ours.secret).issue(token)
