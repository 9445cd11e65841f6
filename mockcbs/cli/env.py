"""``mockcbs env``: the variables that point SDKs at the mock."""

import json
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from mockcbs.cli.options import check_url, setting_options, take
from mockcbs.cli.types import Word
from mockcbs.services import registry
from mockcbs.settings import Settings

_CA_FILE = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""The variables with a CA file for OpenSSL and httpx, requests, curl and Node."""


def _each(line: str, quoted: Callable[[str], str]) -> Callable[[Mapping[str, str]], str]:
    return lambda variables: "\n".join(line.format(name, quoted(text)) for name, text in variables.items())


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _powershell(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _dotenv(text: str) -> str:
    """*value*, in quotes if a reader of .env files would misread it."""
    if text and not set(text) & set(" \t\n#'\"\\$`"):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("\n", "\\n")
    return f'"{escaped}"'


_FORMATS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "sh": _each("export {}={}", shlex.quote),
    "fish": _each("set -gx {} {};", _fish),
    "powershell": _each("$env:{} = {}", _powershell),
    "dotenv": _each("{}={}", _dotenv),
    "json": lambda variables: json.dumps(variables, ensure_ascii=False, indent=2),
}


@click.command("env")
@click.option("--url", default="http://127.0.0.1:8021", show_default=True, help="Base URL of the mock.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificate to trust, which `mockcbs serve --tls` prints.",
)
@click.option("--format", "form", type=Word(list(_FORMATS)), default="sh", show_default=True, help="Format.")
@setting_options(Settings, *registry.variable_settings())
def command(url: str, *, ca_file: Path | None, form: str, **options: Any) -> None:
    """Print the variables of the environment that SDKs read, so that they call the mock.

    \b
    Examples:
      eval "$(mockcbs env)"
      mockcbs env --format fish | source
      mockcbs env --format powershell | Out-String | Invoke-Expression
      mockcbs env --url http://mock:8021 --format dotenv > .env
    """
    check_url(url)
    variables = registry.variables(take(Settings, options), url.rstrip("/"))
    if ca_file:
        variables |= dict.fromkeys(_CA_FILE, str(ca_file.resolve()))
    click.echo(_FORMATS[form](variables))
