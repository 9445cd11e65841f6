"""``mockcbs routes``."""

import inspect
from collections.abc import Callable
from typing import Any

import click

from mockcbs.app import create_app
from mockcbs.cli.tables import json_option, show
from mockcbs.cli.types import Word
from mockcbs.core.errors import UserError

_LANGUAGES = ("curl", "python", "java", "node", "go", "sdk")


@click.command("routes")
@json_option
@click.option("--example", metavar="OPERATION", help="Print code for a request to an operation instead.")
@click.option(
    "--language",
    type=Word(_LANGUAGES),
    default="curl",
    show_default=True,
    help="Language of the example; sdk: the vendor's SDK for Python.",
)
@click.option(
    "--url", default="http://127.0.0.1:8021", show_default=True, help="URL of the mock in the example."
)
def command(*, as_json: bool, example: str | None, language: str, url: str) -> None:
    """List the operations of the mock.

    \b
    Example:
      mockcbs routes --example coze.create_chat --language python
    """
    if example is not None:
        click.echo(_code(example, language, url.rstrip("/")), nl=False)
        return
    app = create_app()
    rows = [
        {
            "method": method,
            "path": rule.rule,
            "operation": rule.endpoint,
            "summary": _summary(app.view_functions[rule.endpoint]),
        }
        for rule in app.rules()
        for method in sorted((rule.methods or set()) - {"HEAD"})
    ]
    show(["method", "path", "operation", "summary"], rows, as_json=as_json)


def _summary(view: Callable[..., Any]) -> str:
    """The first paragraph of the docstring."""
    return " ".join((inspect.getdoc(view) or "").partition("\n\n")[0].split())


def _code(operation: str, language: str, url: str) -> str:
    """Code for the example of *operation*; raises `UserError` if there is none."""
    from mockcbs.control import routes  # noqa: F401, PLC0415 - the document needs all routes
    from mockcbs.control.samples import example_of, samples  # noqa: PLC0415 - only examples need documents
    from mockcbs.web.problems import Problem  # noqa: PLC0415

    mock: Any = create_app().extensions["mockcbs"]
    try:
        found = {one["language"]: one["code"] for one in samples(example_of(operation, url, mock), mock)}
    except Problem as problem:
        raise UserError(problem.detail) from problem
    if language not in found:
        raise UserError(f"the vendor's SDK has no method for {operation}: use one of {', '.join(found)}")
    return found[language]
