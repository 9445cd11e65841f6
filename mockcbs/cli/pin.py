"""``mockcbs pin``: turns published responses into a dataset file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import click
import simplejson

from mockcbs.cli.options import force
from mockcbs.cli.types import Word
from mockcbs.core.errors import UserError
from mockcbs.core.files import check_free, read_text, write_whole
from mockcbs.pinning import cbs, cbs_words, coze, coze_request
from mockcbs.pinning.reading import PinError

Service = Literal["cbs", "coze"]
SERVICES: tuple[Service, ...] = get_args(Service)

DEFAULT_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"


@dataclass(frozen=True)
class Answer:
    """A response body, with facts about its request."""

    content: Any
    target: str = ""
    """Path and query; empty if unknown."""
    recorded: bool = False
    """Whether it is a recorded response of a server."""

    @property
    def asked(self) -> coze_request.Asked:
        """The query of an analytics request; raises `PinError`."""
        return coze_request.read(self.target, recorded=self.recorded) if self.target else coze_request.UNKNOWN


@click.command("pin")
@click.argument(
    "files", metavar="RESPONSE...", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--service", type=Word(SERVICES), help="Service of the response; by default its members decide."
)
@click.option(
    "--bot",
    "bot_id",
    metavar="ID",
    help=f"Bot of a CBS response, default {DEFAULT_BOT}; any other "
    "bot returns it too. A Coze response contains its bot.",
)
@click.option(
    "--request",
    "target",
    metavar="TARGET",
    default="",
    help="Path and query of the request: of a Coze response, if it had filters; of hot questions or "
    "keywords, which are then asked at the end of its range.",
)
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File; default stdout.",
)
@force
def command(
    files: tuple[Path, ...],
    *,
    bot_id: str | None,
    output: Path | None,
    service: Service | None,
    target: str,
    force: bool,
) -> None:
    """Turn a published response into a dataset that reproduces it.

    RESPONSE is a JSON file: a response of session-stats or of reply-rates, or one of each for the same
    range; a response of hots or of keywords; or a response of Coze analytics.

    \b
    Example:
      mockcbs pin session-stats.json reply-rates.json -o pinned.yaml
      mockcbs serve --dataset pinned.yaml
    """
    output = None if output == Path("-") else output
    if output:
        check_free(output, force=force)
    found = [answer for path in files for answer in _read(path)]
    try:
        if target:
            found = [_of_request(found, target)]
        content = _dataset(found, bot_id, service)
    except PinError as error:
        raise PinError(f"{', '.join(str(path) for path in files)}: {error}") from error
    text = dataset_text(content)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(output, text)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error


def _of_request(answers: list[Answer], target: str) -> Answer:
    if len(answers) != 1 or (
        _service(answers[0].content) == "cbs" and not cbs_words.is_list(answers[0].content)
    ):
        raise PinError("--request is for one response of Coze analytics, of hots or of keywords")
    return Answer(answers[0].content, target)


def dataset_text(content: dict[str, Any]) -> str:
    """A dataset as YAML with one session per line; all bots share the sessions, which are written once."""
    members = {key: value for key, value in content.items() if key != "bots"}
    lines = [f"{key}: {_json(value)}" for key, value in members.items()]
    first, *others = content["bots"]
    lines += ["bots:", f"  - id: {_json(first['id'])}"]
    if "card" in first:
        lines.append(f"    card: {_json(first['card'])}")
    lines.append("    sessions: &sessions")
    if first["sessions"]:
        lines += [f"      - {_json(session)}" for session in first["sessions"]]
    else:
        lines[-1] += " []"
    for other in others:
        lines += [f"  - id: {_json(other['id'])}", "    sessions: *sessions"]
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _dataset(answers: list[Answer], bot_id: str | None, service: Service | None) -> dict[str, Any]:
    services = {service or _service(answer.content) for answer in answers}
    if services == {"cbs"} and len(answers) == 1 and cbs_words.is_list(answers[0].content):
        (answer,) = answers
        return cbs_words.pin(answer.content, bot_id or DEFAULT_BOT, cbs_words.time_of(answer.target))
    if services == {"cbs"}:
        return cbs.pin([answer.content for answer in answers], bot_id or DEFAULT_BOT)
    if services != {"coze"} or len(answers) != 1:
        raise PinError(
            "give one response of session-stats, of reply-rates, one of each, one of hots, of keywords, "
            "or of Coze analytics"
        )
    (answer,) = answers
    content = coze.pin(answer.content, answer.asked)
    if bot_id not in {None, content["bots"][0]["id"]}:
        raise PinError(f"the response is about bot {content['bots'][0]['id']}, not about {bot_id}")
    return content


def _service(content: Any) -> Service | None:
    """The service of a response; `None` if unknown."""
    if not isinstance(content, dict):
        return None
    if "metrics" in content or ("code" in content and "msg" in content):
        return "coze"
    is_statistics = content.keys() & {"total", "intervals", "error_code"}
    return "cbs" if is_statistics or cbs_words.is_list(content) else None


def _read(path: Path) -> Iterator[Answer]:
    """The responses in a file: one, a list, or those in recorded exchanges."""
    text = read_text(path)
    try:
        content = _parsed(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not JSON ({error})") from error
    if isinstance(content, dict) and isinstance(content.get("exchanges"), list):
        found = [answer for exchange in content["exchanges"] if (answer := _exchanged(exchange))]
        if not found:
            raise UserError(f"{path}: no exchange contains a statistics response")
        yield from found
    else:
        yield from (Answer(answer) for answer in (content if isinstance(content, list) else [content]))


def _exchanged(exchange: Any) -> Answer | None:
    """The statistics in the response of an exchange, if any."""
    try:
        request, response = exchange["request"], exchange["response"]
        content = _parsed(response["body"])
        answer = Answer(content, str(request["path"]), recorded=True)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    statistics = response.get("status", 200) == 200 and (
        _service(content) == "cbs" or coze_request.is_analytics(answer.target)
    )
    return answer if statistics else None


def _parsed(text: str) -> Any:
    return simplejson.loads(
        text, use_decimal=True, parse_constant=_no_number, object_pairs_hook=_without_repetition
    )


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"member {name!r} occurs twice in an object")
        found[name] = value
    return found
