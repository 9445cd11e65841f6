"""``mockcbs check``: checks a file of a user without running anything."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from mockcbs.cli.output import say
from mockcbs.cli.types import Word
from mockcbs.core import files
from mockcbs.core.errors import UserError
from mockcbs.core.paths import is_file
from mockcbs.core.spelling import meant


def _dataset(path: Path) -> str:
    from mockcbs.app import sections  # noqa: PLC0415 - each kind loads what reads it
    from mockcbs.datasets.load import load  # noqa: PLC0415

    dataset = load(str(path), sections())
    stated = sum(len(bot.sessions) for bot in dataset.bots.values())
    generated = sum(bot.profile is not None for bot in dataset.bots.values())
    bots = _counted(len(dataset.bots), "bot")
    return f"{bots}, {generated} with generated traffic, {_counted(stated, 'stated session')}"


def _scenario(path: Path) -> str:
    from mockcbs.faults import scenario_file  # noqa: PLC0415
    from mockcbs.services import registry  # noqa: PLC0415

    scenario = scenario_file.load(str(path), registry.vocabulary())
    return _counted(len(scenario.rules), "rule")


def _knowledge(path: Path) -> str:
    from mockcbs.datasets.knowledge_schema import KnowledgeSchema  # noqa: PLC0415

    knowledge = files.read(path, KnowledgeSchema(), files.FileError)
    return _counted(len(knowledge.pairs), "pair")


def _deviations(path: Path) -> str:
    from mockcbs.contract import deviations  # noqa: PLC0415
    from mockcbs.contract.catalogue import CLAUSES, clauses_of  # noqa: PLC0415

    known = {clause.id for clause in clauses_of(CLAUSES)}
    entries = deviations.read(path)
    for entry in entries:
        if entry.clause not in known:
            hint = meant(entry.clause, known)
            raise UserError(f"{path}: there is no clause {entry.clause!r}{hint}")
    return _counted(len(entries), "known deviation")


_KINDS: dict[str, Callable[[Path], str]] = {
    "dataset": _dataset,
    "scenario": _scenario,
    "knowledge": _knowledge,
    "deviations": _deviations,
}
_KEYS = {"bots": "dataset", "rules": "scenario", "pairs": "knowledge", "-": "deviations"}
"""The key that identifies each kind; known deviations are a list."""


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--as", "kind", type=Word(list(_KINDS)), help="Kind of the files; by default their keys decide."
)
def command(paths: tuple[Path, ...], *, kind: str | None) -> None:
    """Check files that you have written: datasets, scenarios, knowledge bases, known deviations.

    The command prints one line about the content of a good file, and for a bad one an error with the line,
    the key and the accepted values. Exit status: 0 all are good, 1 one is bad, 2 one cannot be read.

    \b
    Examples:
      mockcbs check mine.yaml outage.yaml
      mockcbs check --as scenario half-written.yaml
    """
    for path in paths:
        if not is_file(path):
            raise UserError(f"{path}: no such file")
    good = [_is_good(path, kind) for path in paths]
    if not all(good):
        sys.exit(1)


def _is_good(path: Path, kind: str | None) -> bool:
    """Check one file and print the result."""
    try:
        found = kind or _kind(path)
        say(f"{path}: good, {_named(found)}: {_KINDS[found](path)}")
    except UserError as error:
        say(*str(error).split("\n"), err=True)
        return False
    return True


def _kind(path: Path) -> str:
    """The kind of a file, by its keys; raises `UserError`."""
    hint = ""
    for key in files.outermost(path):
        if key in _KEYS:
            return _KEYS[key]
        hint = hint or meant(key, _KEYS)
    named = ", ".join(f"{key} ({_named(kind)})" for key, kind in _KEYS.items() if key != "-")
    raise UserError(
        f"{path}: has none of {named}, and is not a list of known deviations{hint}; name its kind with --as"
    )


def _named(kind: str) -> str:
    return {"knowledge": "a knowledge base", "deviations": "known deviations"}.get(kind, f"a {kind}")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
