"""Contenders side by side: installed, started, checked, stopped."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from contenders import CONTENDERS, Answers, Contender, Mockcbs, same
from processes import Server, free_port, running
from tools import MissingError, Tools
from work import Work, works

NAMES = tuple(kind.name for kind in CONTENDERS)


@dataclass
class Field:
    """Who takes part, and who does not and why."""

    taking_part: list[Contender] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def titles(self) -> dict[str, str]:
        """Titles by name, with versions."""
        return {each.name: f"{each.title} {each.version}".strip() for each in self.taking_part}


def assemble(tools: Tools, names: tuple[str, ...]) -> Field:
    """Install the contenders of these *names*; mockcbs always takes part."""
    found = Field()
    for kind in CONTENDERS:
        if kind is not Mockcbs and kind.name not in names:
            continue
        contender = kind()
        try:
            contender.install(tools)
        except MissingError as error:
            found.left_out[contender.name] = str(error)
            click.echo(f"tools: {contender.title} is left out: {error}", err=True)
        else:
            found.taking_part.append(contender)
    return found


def agreed_answers() -> Answers:
    """What mockcbs answers to each kind of work, for the others to answer as a constant."""
    asked = works()
    bodies = {}
    with _one(Mockcbs(), Answers(b"", b"", b"")) as server:
        server.first_answer(asked["repeated"].asks[0])
        for name in ("repeated", "bad", "nobody"):
            ask = asked[name].asks[0]
            status, bodies[name] = server.ask(ask)
            if status != ask.status:
                raise click.ClickException(f"mockcbs answered {status}, not {ask.status}: {bodies[name]!r}")
    return Answers(bodies["repeated"], bodies["bad"], bodies["nobody"])


@contextmanager
def _one(contender: Contender, answers: Answers) -> Iterator[Server]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix=f"{contender.name}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with running(contender.title, contender.command(folder, port, answers), port, folder) as server:
            yield server


started = _one
"""A contender as a running server, stopped at the end."""


@contextmanager
def all_started(field_: Field, answers: Answers) -> Iterator[dict[str, Server]]:
    """All of them at once; one that does not start is left out from then on."""
    ask = works()["repeated"].asks[0]
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for contender in list(field_.taking_part):
            click.echo(f"load: starting {contender.title} {contender.version}", err=True)
            server = stack.enter_context(_one(contender, answers))
            try:
                server.first_answer(ask)
            except click.ClickException as error:
                if isinstance(contender, Mockcbs):
                    raise
                field_.taking_part.remove(contender)
                field_.left_out[contender.name] = error.message
                click.echo(f"load: {contender.title} is left out: {error.message}", err=True)
            else:
                servers[contender.name] = server
        yield servers


def look(work: Work, answers: Answers, server: Server, *, computes: bool) -> tuple[str | None, str | None]:
    """What is wrong about the statuses, and about the bodies, of one answer to each kind of request of *work*."""
    for ask in work.distinct:
        status, body = server.ask(ask)
        if status != ask.status:
            return f"answered {status}, not {ask.status}", None
        expected = answers.of(status)
        if not same(body, expected):
            return None, f"body of {status}: {body[:120]!r}"
    del computes
    return None, None
