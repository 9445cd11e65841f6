"""Contenders side by side: installed, started, checked, stopped."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from contenders import CONTENDERS, Answers, Contender, Mockcbs
from processes import Server, free_port, running
from tools import MissingError, Tools
from work import Work, works

NAMES = tuple(kind.name for kind in CONTENDERS)


@dataclass
class Field:
    """Who takes part, and who does not and why."""

    taking_part: list[Contender] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def remove(self, contender: Contender, why: str) -> None:
        """Leave one out from now on."""
        self.taking_part.remove(contender)
        self.left_out[contender.title] = why
        click.echo(f"{contender.title} is left out: {why}", err=True)

    def notes(self) -> list[str]:
        """Who is missing from a table, and why."""
        return [f"Left out: {title}, {why}." for title, why in self.left_out.items()]


def assemble(tools: Tools, names: tuple[str, ...]) -> Field:
    """Install the contenders of these *names*; mockcbs always takes part."""
    found = Field()
    for kind in CONTENDERS:
        if kind is not Mockcbs and kind.name not in names:
            continue
        contender = kind()
        found.taking_part.append(contender)
        try:
            contender.install(tools)
        except MissingError as error:
            found.remove(contender, str(error))
    return found


def agreed_answers() -> Answers:
    """What mockcbs answers to each kind of work, for the others to answer as a constant."""
    asked = works()
    bodies = {}
    with started(Mockcbs(), Answers(b"", b"", b"")) as server:
        server.first_answer(asked["repeated"].asks[0])
        for name in ("repeated", "bad", "nobody"):
            ask = asked[name].asks[0]
            status, bodies[name] = server.ask(ask)
            if status != ask.status:
                raise click.ClickException(f"mockcbs answered {status}, not {ask.status}: {bodies[name]!r}")
    return Answers(bodies["repeated"], bodies["bad"], bodies["nobody"])


@contextmanager
def started(contender: Contender, answers: Answers) -> Iterator[Server]:
    """A contender as a running server, stopped at the end."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix=f"{contender.name}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with running(contender.title, contender.command(folder, port, answers), port, folder) as server:
            yield server


@contextmanager
def all_started(entered: Field, answers: Answers) -> Iterator[dict[str, Server]]:
    """All of them at once; one that does not start is left out from then on."""
    ask = works()["repeated"].asks[0]
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for contender in list(entered.taking_part):
            click.echo(f"load: starting {contender.title} {contender.version}", err=True)
            server = stack.enter_context(started(contender, answers))
            try:
                server.first_answer(ask)
            except click.ClickException as error:
                if isinstance(contender, Mockcbs):
                    raise
                entered.remove(contender, error.message)
            else:
                servers[contender.name] = server
        yield servers


@dataclass(frozen=True)
class Verdict:
    """How a contender's answers to some work compare with what they should be."""

    usable: bool = True
    """Whether it grants and refuses what it should."""
    deviation: str = ""
    """What is different about a status or a body, if anything."""


def judge(contender: Contender, server: Server, work: Work, answers: Answers, number: int = 0) -> Verdict:
    """Ask each kind of request of *work* once, the ranges by *number*."""
    for ask in work.distinct:
        status, body = server.ask(ask, number)
        if status != ask.status:
            told = f"answers {status}, not {ask.status}"
            return Verdict((status >= 400) == (ask.status >= 400), told)
        if contender.computes and ask.span:
            right = _consistent(body, ask.span[0] + number, ask.span[1] - number)
        else:
            right = _without_id(body) == _without_id(answers.of(status))
        if not right:
            return Verdict(ask.status != 200, f"another body at {status}: {body[:60]!r}")
    return Verdict()


def _consistent(body: bytes, start: int, end: int) -> bool:
    """Whether figures are about this range, and add up."""
    try:
        found = json.loads(body)
        summed = sum(each["session_count"] for each in found["intervals"])
        return bool(
            (found["startutc"], found["endutc"], found["total"]["session_count"]) == (start, end, summed)
        )
    except (ValueError, KeyError, TypeError):
        return False


def _without_id(body: bytes) -> object:
    """What a body says, whatever its blanks and escapes; a request's id differs from one to the next."""
    try:
        found = json.loads(body)
    except ValueError:
        return body
    return {key: value for key, value in found.items() if key != "request_id"}
