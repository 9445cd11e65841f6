"""What ``mockcbs pin`` does: published answers in, a dataset file out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import simplejson

from mockcbs.errors import UserError
from mockcbs.traffic.pin import pin
from mockcbs.traffic.pin_reading import PinError

_LARGEST_FILE = 32 * 2**20


def run(answers: tuple[Path, ...], bot_id: str, output: Path | None) -> None:
    """Pin the answers of some files; raises `UserError`."""
    found = [answer for path in answers for answer in _read(path)]
    try:
        content = pin(found, bot_id)
    except PinError as error:
        raise PinError(f"{', '.join(str(path) for path in answers)}: {error}") from error
    text = dataset_text(content)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error


def dataset_text(content: dict[str, Any]) -> str:
    """A dataset as YAML, a session a line; every bot has the same sessions, which are written once."""
    members = {key: value for key, value in content.items() if key != "bots"}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in members.items()]
    first, *others = content["bots"]
    lines += ["bots:", f"  - id: {json.dumps(first['id'])}", "    sessions: &sessions"]
    if first["sessions"]:
        lines += [f"      - {json.dumps(session, ensure_ascii=False)}" for session in first["sessions"]]
    else:
        lines[-1] += " []"
    for other in others:
        lines += [f"  - id: {json.dumps(other['id'])}", "    sessions: *sessions"]
    return "\n".join(lines) + "\n"


def _read(path: Path) -> Iterator[Any]:
    """The answers in a file: one answer, a list of them, or recorded exchanges."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UserError(f"{path}: larger than {_LARGEST_FILE >> 20} MiB")
        content = _parsed(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: no JSON ({error})") from error
    if isinstance(content, dict) and isinstance(content.get("exchanges"), list):
        for exchange in content["exchanges"]:
            try:
                yield _parsed(exchange["response"]["body"])
            except (ValueError, TypeError, LookupError) as error:
                raise UserError(f"{path}: an exchange without a JSON body ({error})") from error
    elif isinstance(content, list):
        yield from content
    else:
        yield content


def _parsed(text: str) -> Any:
    return simplejson.loads(text, use_decimal=True)
