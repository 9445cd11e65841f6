"""Installs, starts, checks and stops the contenders of a comparison."""

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
    """The contenders that take part, and the reasons why others do not."""

    taking_part: list[Contender] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def remove(self, contender: Contender, why: str) -> None:
        """Leave a contender out of the rest of the run."""
        self.taking_part.remove(contender)
        self.left_out[contender.title] = why
        click.echo(f"{contender.title} is left out: {why}", err=True)

    def notes(self) -> list[str]:
        """A note for each contender that a table lacks, with the reason."""
        return [f"Left out: {title}, {why}." for title, why in self.left_out.items()]


def assemble(tools: Tools, names: tuple[str, ...]) -> Field:
    """Install the contenders with these *names*; mockcbs always takes part."""
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
    """The responses of mockcbs to each kind of request, which the other contenders return as constants."""
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
    """A contender as a running server, which is stopped at the end."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix=f"{contender.name}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with running(contender.title, contender.command(folder, port, answers), port, folder) as server:
            yield server


@contextmanager
def all_started(entered: Field, answers: Answers) -> Iterator[dict[str, Server]]:
    """All contenders as running servers; a contender that does not start is left out."""
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
    """The difference between the responses of a contender and the expected ones."""

    usable: bool = True
    """Whether valid requests succeed and invalid ones fail."""
    deviation: str = ""
    """The difference in a status or a body, or an empty text."""


def judge(contender: Contender, server: Server, work: Work, answers: Answers, number: int = 0) -> Verdict:
    """Send each kind of request of *work* once and judge the responses. *number* selects the first range."""
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
    """Whether the figures of a body are about this range and add up."""
    try:
        found = json.loads(body)
        summed = sum(each["session_count"] for each in found["intervals"])
        return bool(
            (found["startutc"], found["endutc"], found["total"]["session_count"]) == (start, end, summed)
        )
    except (ValueError, KeyError, TypeError):
        return False


def _without_id(body: bytes) -> object:
    """A body without spaces, escapes and the request id, which differ between equal responses."""
    try:
        found = json.loads(body)
    except ValueError:
        return body
    return {key: value for key, value in found.items() if key != "request_id"}
