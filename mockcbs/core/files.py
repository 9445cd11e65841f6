"""Files of users: YAML, read safely; errors name the file, the line, the key and the accepted values."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from mockcbs.core import clock, paths, progress, yaml_lines, yaml_values, yaml_words
from mockcbs.core.bounds import MAX_PROBLEMS
from mockcbs.core.errors import UserError
from mockcbs.core.fields import Field, OneOf
from mockcbs.core.printable import printable
from mockcbs.core.spelling import accepted, meant

_KINDS = {"datasets": "dataset", "knowledge": "knowledge base", "scenarios": "scenario"}
LISTED_BY = {"datasets": "`mockcbs datasets`", "scenarios": "`mockcbs scenarios`"}
"""The commands that list the shipped files of a kind."""
_LARGEST_FILE = 32 * 2**20
_MAX_QUOTED = 40  # characters of a wrong name
_MAX_SHOWN = 3  # problems of a file


class FileError(UserError):
    """A file that cannot be read; the message names the file, the line and the accepted values."""


@cache
def shipped(kind: str) -> Mapping[str, Path]:
    """The YAML files of a *kind* that mockcbs ships, by name."""
    folder = resources.files("mockcbs.fixtures") / kind
    files = (Path(str(entry)) for entry in folder.iterdir())
    return {file.stem: file for file in sorted(files) if file.suffix == ".yaml"}


def is_shipped(kind: str, path: Path) -> bool:
    """Whether mockcbs ships the file; it does not change while mockcbs runs."""
    return shipped(kind).get(path.stem) == path


def locate(kind: str, name_or_file: str, error: type[FileError]) -> Path:
    """The shipped file with that name, or the user's own file; raises *error*."""
    files = shipped(kind)
    if name_or_file in files:
        return files[name_or_file]
    path = Path(name_or_file)
    try:
        if path.is_file():
            return path
    except (OSError, ValueError) as problem:  # the name is too long, or contains a NUL
        reason = getattr(problem, "strerror", None) or str(problem)
        raise error(f"{name_or_file[:_MAX_QUOTED]!r}…: {reason}") from None
    remedy = f"give a YAML file or one of {accepted(name_or_file, files, LISTED_BY.get(kind, ''))}"
    if name_or_file and paths.is_folder(path):
        raise error(f"{name_or_file} is a folder: {remedy}")
    if path.suffix or len(path.parts) > 1:
        raise error(f"{name_or_file}: no such file")
    raise error(f"no {_KINDS[kind]} {name_or_file!r}: {remedy}")


def read_text(path: Path, failure: type[UserError] = UserError, largest: int = _LARGEST_FILE) -> str:
    """The text of a file of at most *largest* bytes; no more are ever read. Raises *failure*."""
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise failure(f"{path}: {error.strerror}") from error
    if len(content) > largest:
        raise failure(f"{path}: larger than {largest >> 20} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise failure(f"{path}: byte {error.start} is not UTF-8") from error


def parse(path: Path, failure: type[UserError] = UserError) -> Any:
    """The value of a YAML file; raises *failure* with the line."""
    text = read_text(path, failure)
    with progress.reading(text):
        return parse_text(text, path, failure)


def parse_text(text: str, path: object, failure: type[UserError] = UserError) -> Any:
    """The value of the *text* of a file, like `parse`; errors begin with *path*."""
    with _plainly(path, failure):
        return yaml_values.load(text)


def outermost(path: Path) -> Iterator[str]:
    """The keys of the outermost mapping of a YAML file; ``-`` if it is a list. Raises `UserError`.

    Whoever needs no more keys reads no more of the file.
    """
    with _plainly(path, UserError):
        yield from yaml_values.outermost(read_text(path))


@contextmanager
def _plainly(path: object, failure: type[UserError]) -> Iterator[None]:
    """A context in which an error of the YAML parser becomes a *failure* in plain words."""
    try:
        yield
    except RecursionError:
        raise failure(f"{path}: nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise failure(f"{path}{line}: {yaml_words.plain(error.problem or error.context or '')}") from error
    except yaml.YAMLError as error:
        raise failure(f"{path}: {yaml_words.plain(' '.join(str(error).split()))}") from error


def read(path: Path, schema: Schema, failure: type[FileError]) -> Any:
    """Load and check one file; raises *failure* with file, line, key and accepted values.

    Top-level keys that begin with ``x-`` contain values for aliases; they are ignored.
    """
    return checked(read_text(path, failure), path, schema, failure)


def checked(text: str, path: object, schema: Schema, failure: type[FileError]) -> Any:
    """Check the *text* of a file like `read`; errors begin with *path*."""
    with progress.reading(text):
        content = parse_text(text, path, failure)
        progress.report(progress.PARSED)
        try:
            with progress.validating(text.count(":") // 4):
                return schema.load({} if content is None else without_anchors(content))
        except RecursionError:
            raise failure(f"{path}: nested too deeply") from None
        except ValidationError as error:
            raise failure(f"{path}:{_problems(text, error)}") from error
        finally:
            left = yaml_values.containers(content)
            del content
            while left:
                left.popleft()


def without_anchors(content: Any) -> Any:
    """*content* without the keys that only contain values for aliases."""
    if isinstance(content, dict):
        return {key: value for key, value in content.items() if not str(key).startswith("x-")}
    return content


def write_whole(path: Path, text: str) -> None:
    """Write a file; if that fails, what was there before stays. Raises `OSError`."""
    if path.exists() and not path.is_file():  # a pipe or a device
        path.write_text(text, "utf-8")
        return
    target = path.resolve()
    part = target.with_name(f".{target.name[:200]}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def check_free(path: Path, *, force: bool) -> None:
    """Raise `UserError` if *path* exists and must not be overwritten."""
    if paths.is_file(path) and not force:
        raise UserError(f"{path} exists already; --force overwrites it")


Keys = tuple[str | int, ...]


def _problems(text: str, error: ValidationError) -> str:
    """The problems in one line: misspelt keys first, then in the order of the file."""
    found = [*flat(error.messages)]
    lines = yaml_lines.lines(text, (keys for keys, _ in found))
    problems = sorted(
        (not message.startswith("unknown key"), line, printable(f"{dotted(keys)}{message}"))
        for line, (keys, message) in zip(lines, found, strict=True)
    )
    shown = "; also line ".join(f"{line}: {text}" for _, line, text in problems[:_MAX_SHOWN])
    more = len(problems) - _MAX_SHOWN
    if more <= 0:
        return shown
    return f"{shown} (and {more} more)" if len(problems) < MAX_PROBLEMS else f"{shown} (and more)"


def flat(messages: Any, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Marshmallow's nested messages as (place, problem), in our words."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from flat(inner, keys if key in {"_schema", "key", "value"} else (*keys, key))
    else:
        for message in messages:
            yield keys, WORDS.get(str(message), str(message))


def dotted(keys: Keys) -> str:
    """*keys* as ``rules[2].when:``; empty for the whole file."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
    return f"{text}: " if text else ""


WORDS = {
    "Field may not be null.": "must not be null",
    "Invalid input type.": "must be a mapping of keys to values",
    "Missing data for required field.": "is missing",
    "Not a valid boolean.": "must be true or false",
    "Not a valid integer.": "must be a whole number",
    "Not a valid list.": "must be a list",
    "Not a valid mapping type.": "must be a mapping of keys to values",
    "Not a valid number.": "must be a number",
    "Not a valid string.": "must be a text",
    "Special numeric values (nan or infinity) are not permitted.": "must be a finite number",
    "Unknown field.": "is not known here",
}
"""Our words for marshmallow's messages."""

_WITH_VALUE = {
    "Not a valid boolean.": "{input!r:.60} is not true or false",
    "Not a valid integer.": "{input!r:.60} is not a whole number",
    "Not a valid number.": "{input!r:.60} is not a number",
}
"""Those that name the wrong value, if the field belongs to a schema itself."""


class StrictSchema(Schema):
    """A schema that refuses unknown keys and names the accepted ones."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages = {
            **self.error_messages,
            "unknown": f"unknown key; accepted here: {', '.join(self._keys())}",
            "type": "must be a mapping of keys to values",
        }

    def load(self, data: Any, *, unknown: Any = None, **kwargs: Any) -> Any:
        """Check and convert a mapping. Of its unknown keys the first `MAX_PROBLEMS` are looked at."""
        progress.validated()
        if (unknown or self.unknown) == RAISE and isinstance(data, Mapping):
            data = self._without_surplus(data)
        return super().load(data, unknown=unknown, **kwargs)

    def _without_surplus(self, data: Mapping[Any, Any]) -> Mapping[Any, Any]:
        if len(data) <= len(self.fields) + MAX_PROBLEMS:
            return data
        known = {*self._keys()}
        kept = known.union(islice((key for key in data if key not in known), MAX_PROBLEMS))
        return {key: value for key, value in data.items() if key in kept}

    def _keys(self) -> list[str]:
        """The accepted keys."""
        return [field.data_key or name for name, field in self.fields.items()]

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:
        """Add to the error about an unknown key the accepted key that was probably meant.

        Unknown keys come last, in the order of the mapping.
        """
        del many, kwargs
        unknown = [self.error_messages["unknown"]]
        if isinstance(error.messages, dict):
            for key in data if isinstance(data, Mapping) else ():
                if error.messages.get(key) == unknown:
                    del error.messages[key]
                    error.messages[key] = [f"{unknown[0]}{meant(str(key), self._keys())}"]

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Replace marshmallow's messages by ours."""
        del field_name
        for kind, words in field_obj.error_messages.items():
            field_obj.error_messages[kind] = {**WORDS, **_WITH_VALUE}.get(str(words), words)


class Instant(Field[int]):
    """Epoch milliseconds or ISO 8601, as ms UTC."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"oneOf": [{"type": "integer"}, {"type": "string"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        try:
            return clock.settable(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Text(fields.String):
    """A text; values of other types are refused with a hint to quote them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        del attr, data, kwargs
        if not isinstance(value, str):
            raise ValidationError(f"{value!r} is not text; quote it")
        return value


def text(most: int, least: int = 0, **kwargs: Any) -> fields.String:
    """A text of *least* to *most* characters."""
    length = validate.Length(least, most, error=f"must have {least} to {most} characters")
    return Text(validate=[length, _whole_characters], **kwargs)


def _whole_characters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("contains half a character (a lone surrogate)") from error


def number(low: int, high: int, **kwargs: Any) -> fields.Integer:
    """A whole number within limits."""
    bounds = validate.Range(low, high, error=f"{{input}} is not between {low} and {high}")
    return fields.Integer(
        strict=True,
        validate=bounds,
        error_messages={"invalid": f"{{input!r}} is not a whole number between {low} and {high}"},
        **kwargs,
    )


def real(low: float, high: float, **kwargs: Any) -> fields.Float:
    """A number within limits."""
    return fields.Float(
        validate=validate.Range(low, high, error=f"{{input}} is not between {low} and {high}"),
        error_messages={"invalid": f"{{input!r}} is not a number between {low} and {high}"},
        **kwargs,
    )


class Word(fields.String):
    """One of the accepted words; an error names them, and the probable one."""

    def __init__(self, accepted: tuple[str, ...], **kwargs: Any) -> None:
        messages: dict[str, Any] = {"null": f"null is not one of {', '.join(accepted)}"}
        super().__init__(validate=OneOf(accepted), error_messages=messages, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        del attr, data, kwargs
        return value  # type: ignore[no-any-return] # the validator accepts only texts


def one_of(*accepted: str, **kwargs: Any) -> Word:
    """One of the accepted words."""
    return Word(accepted, **kwargs)
