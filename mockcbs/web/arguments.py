"""How every emulated service reads what a client sends."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from http import HTTPStatus
from itertools import islice
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl

import flask_smorest
from marshmallow import Schema, ValidationError, fields, missing
from webargs.flaskparser import FlaskParser
from werkzeug import Request
from werkzeug.datastructures import MultiDict

from mockcbs.core import bounds, json_input
from mockcbs.core.fields import Field
from mockcbs.web import caching, context
from mockcbs.web.near_misses import misspelt

_View = TypeVar("_View", bound=Callable[..., Any])

_MAX_SENTENCE = 400
"""Characters of one problem; a long value that it quotes is cut in the middle."""
_MOST_STRANGERS = 10
"""Names told of one call."""


class Parser(FlaskParser):
    """Reads queries and bodies as the vendors' servers do, and leaves the refusal to the service."""

    DEFAULT_VALIDATION_STATUS = HTTPStatus.BAD_REQUEST
    """As which a refusal is documented unless the view says more."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Query parameters; an empty one counts as absent."""
        _note_strangers(req.args, schema)
        return by_name(self.parameters(req.args), schema)

    def parameters(self, sent: MultiDict[str, str]) -> dict[str, list[str]]:
        """What counts of the parameters *sent*: values that are not empty, of which fields take the first."""
        given = {name: [value for value in values if value] for name, values in sent.lists()}
        return {name: values for name, values in given.items() if values}

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The JSON body, whatever the content type says; no body at all is `missing`."""
        body = req.get_data()
        if not body.strip():
            return missing
        try:
            content = json_input.loads(body)
            bounds.check(schema, content)
        except json_input.JSONInputError as error:
            self.refuse(schema, {"body": str(error)})
        except ValidationError as error:
            self.refuse(schema, problems(error))
        _note_strangers(content, schema)
        return content

    def use_args(self, argmap: Any, *args: Any, **kwargs: Any) -> Any:
        """As webargs does, but make the schema once, when it is first needed, and not for every request."""
        return super().use_args(partial(_made, argmap), *args, **kwargs)

    def parse(self, argmap: Any, req: Request | None = None, *, location: Any = None, **options: Any) -> Any:
        """What the query or the body holds, checked: webargs without the choices that we never make.

        What is wrong is said in words, and the service left to answer.
        """
        del req, options
        schema: Schema = argmap()
        asked, _ = context.with_request()
        given = self.load_querystring(asked, schema) if location == "query" else self.load_json(asked, schema)
        unknown: Any = self.DEFAULT_UNKNOWN_BY_LOCATION.get(location)
        try:
            return schema.load({} if given is missing else given, unknown=unknown)
        except ValidationError as error:
            caching.depends_on()
            self.refuse(schema, problems(error))

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        """Raise the service's error for *problems*: member → sentence."""
        raise NotImplementedError(f"{schema}: {problems}")


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's blueprint, quick to make: no schema is made before it is needed."""

    def alt_response(
        self,
        status_code: int,
        *,
        schema: type[Schema] | str | Mapping[str, str] | None = None,
        description: str | None = None,
        content_type: str | None = None,
    ) -> Callable[[_View], _View]:
        """Document an answer on the view itself; flask-smorest would wrap the view and copy its schemas.

        A schema may be named, to be imported by whoever wants the document; or be OpenAPI's own.
        """
        answer = {
            "description": description or HTTPStatus(status_code).phrase,
            "content_type": content_type,
            **({"schema": schema} if schema else {}),
        }

        def document(view: _View) -> _View:
            told = vars(view).setdefault("_apidoc", {}).setdefault("response", {})
            told.setdefault("responses", {}).setdefault(status_code, []).append(answer)
            return view

        return document


def by_name(given: Mapping[str, list[str]], schema: Schema) -> dict[str, str | list[str]]:
    """All values of those names that *schema* wants as lists, the first of any other."""
    known = _known(schema)
    return {
        name: values if isinstance(known.get(name), fields.List) else values[0]
        for name, values in given.items()
    }


@cache
def _known(schema: Schema) -> dict[str, Field[Any]]:
    """The fields of *schema* by the names it reads."""
    return {field.data_key or name: field for name, field in schema.fields.items()}


def plain(raw: str, schema: type[Schema]) -> dict[str, Any] | None:
    """What the query string *raw* holds; `None` if it would be refused, or more is to be told."""
    reader = _made(schema)
    known = _known(reader)
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        if name not in known or "\ufffd" in value:
            return None
        if value:
            given.setdefault(name, []).append(value)
    try:
        found: dict[str, Any] = reader.load(by_name(given, reader))
    except ValidationError:
        return None
    return found


@cache
def _made(schema: type[Schema]) -> Schema:
    return schema()


def _note_strangers(content: Any, schema: Schema) -> None:
    """Tell the journal of names that nothing reads, as the services silently ignore them."""
    if strangers := list(islice(_strangers(content, schema), _MOST_STRANGERS)):
        context.current().near_misses.extend(strangers)


def _strangers(content: Any, schema: Schema, path: str = "") -> Iterator[str]:
    """What to tell of each name that *schema* does not have, at any depth."""
    if not isinstance(content, Mapping):
        return
    known = _known(schema)
    for name, value in content.items():
        if name not in known:
            yield misspelt(name, known, path)
            continue
        field = known[name]
        if isinstance(field, fields.List) and isinstance(value, list):
            items, field = value[: bounds.MAX_OBJECTS], field.inner
        else:
            items = [value]
        if isinstance(field, fields.Nested):
            for item in items:
                yield from _strangers(item, field.schema, f"{path}{name}.")


def problems(error: ValidationError) -> dict[str, str]:
    """The first problems of a refused query or body: member → sentence."""
    return dict(islice(_sentences(error.messages), bounds.MAX_PROBLEMS))


def _sentences(messages: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Marshmallow's nested messages as (member, sentence)."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _sentences(inner, (*path, key))
    else:
        yield _dotted(path), _shortened(" ".join(map(str, messages)))


def _shortened(sentence: str) -> str:
    """*sentence* without the middle of the long value that it may quote."""
    if len(sentence) <= _MAX_SENTENCE:
        return sentence
    return f"{sentence[: _MAX_SENTENCE // 2]} … {sentence[-_MAX_SENTENCE // 2 :]}"


def _dotted(path: tuple[str | int, ...]) -> str:
    """What a message is about: a member, an item of one, or all of the body."""
    named = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path if key != "_schema")
    return "".join(named).removeprefix(".") or "body"
