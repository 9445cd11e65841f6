"""Options of commands and their sources: settings and environment variables."""

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from mockcbs.cli.types import Number, WholeNumber, Word
from mockcbs.core import clock
from mockcbs.core.errors import UserError
from mockcbs.core.setting import About, Kind, settings_of
from mockcbs.core.spelling import meant

_F = TypeVar("_F", bound=Callable[..., Any])
_S = TypeVar("_S")

_VARIABLES = "MOCKCBS_"


def option(*names: str, prefix: str = _VARIABLES, **attributes: Any) -> Callable[[_F], _F]:
    """An option that can also be set by an environment variable: *prefix* and the flag in capitals."""
    long = next(name for name in names if name.startswith("--"))
    variable = prefix + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **attributes)


def setting_options(owner: type, *names: str) -> Callable[[_F], _F]:
    """The options for the settings of a class, in its order; with *names*, only for these."""

    def decorate(command: _F) -> _F:
        for name, default, about, kind in reversed(list(settings_of(owner))):
            if not names or name in names:
                command = _setting_option(name, default, about, kind)(command)
        return command

    return decorate


def take(owner: type[_S], options: dict[str, Any]) -> _S:
    """The settings object from *options*; its options are removed from there.

    Raises `UserError`.
    """
    chosen = {}
    for name, _, _, kind in settings_of(owner):
        if f"no_{name}" in options and bool in kind.types:
            chosen[name] = not options.pop(f"no_{name}")
        elif name in options:
            chosen[name] = options.pop(name)
    return owner(**chosen)


def check_url(url: str) -> None:
    """Refuse a ``--url`` that is not one of HTTP; raises `UserError`."""
    if not url.startswith(("http://", "https://")):
        raise UserError(f"--url: {url!r} is not an http or https URL")


def flag(name: str, default: Any) -> str:
    """The flag of a setting; for one that is on by default, the flag that switches it off."""
    return f"--{'no-' if default is True else ''}{name.replace('_', '-')}"


def _setting_option(name: str, default: Any, about: About, kind: Kind) -> Callable[[_F], _F]:
    spelt = flag(name, default)
    if isinstance(default, bool):
        return option(spelt, is_flag=True, help=about.help)
    return option(
        spelt,
        type=_type(about, kind),
        default=default,
        multiple=kind.many,
        callback=parsed(about.parse) if about.parse else None,
        metavar=about.metavar,
        show_default=about.unset or True,
        help=about.help,
    )


def _type(about: About, kind: Kind) -> "click.ParamType[Any]":
    if kind.choices:
        return Word(kind.choices)
    if about.exists:
        return click.Path(exists=True, dir_okay=False)
    if str in kind.types or kind.many:
        return click.STRING
    if float in kind.types:
        return Number(*about.bounds) if about.bounds else Number()
    return WholeNumber(*about.bounds) if about.bounds else WholeNumber()


def parsed(parse: Callable[[Any], Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that makes a value with *parse*, which may raise `UserError` or `ValueError`."""

    def callback(_: click.Context, __: click.Parameter, value: Any) -> Any:
        try:
            return None if value is None else parse(value)
        except (UserError, ValueError) as error:
            raise click.BadParameter(str(error)) from error

    return callback


UTC_DAY = parsed(clock.utc_day)
"""Callback that reads a date as a number of days since 1970."""

force = click.option("--force", is_flag=True, help="Overwrite the file if it exists.")


def unknown_variables(context: click.Context) -> Iterator[str]:
    """A warning for each environment variable that looks like an option of the command but is not one."""
    command = context.command
    known = {str(one.envvar) for one in command.params if isinstance(one, click.Option)}
    group = context.parent.command if context.parent else None
    others = group.list_commands(context) if isinstance(group, click.Group) else []
    foreign = tuple(f"{_VARIABLES}{other.replace('-', '_').upper()}_" for other in others)
    for name in sorted(os.environ):
        if name.startswith(_VARIABLES) and name not in known and not name.startswith(foreign):
            yield f"{name} is not a setting of `mockcbs {command.name}`{meant(name, known)}"


def check_variables() -> None:
    """Raise `UserError` for an empty token, because click treats an empty variable as unset."""
    if os.environ.get("MOCKCBS_CONTROL_TOKEN") == "":
        raise UserError(
            "MOCKCBS_CONTROL_TOKEN is empty, which would leave /_mockcbs open: give a token, or unset it"
        )
