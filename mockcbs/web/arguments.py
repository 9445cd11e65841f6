"""Reads queries and bodies for every emulated service."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from http import HTTPStatus
from itertools import islice
from typing import Any, NoReturn, TypeVar

import flask_smorest
from flask import current_app
from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing
from webargs.flaskparser import FlaskParser
from werkzeug import Request

from mockcbs.core import bounds, json_input, queries
from mockcbs.core.fields import Field
from mockcbs.core.files import WORDS
from mockcbs.web import context
from mockcbs.web.cache import caching
from mockcbs.web.near_misses import misspelt

_View = TypeVar("_View", bound=Callable[..., Any])

_MAX_SENTENCE = 400
"""The maximum length of one problem in characters; a long value in it is cut in the middle."""
_MAX_DEPTH = 3
"""The maximum depth of a body at which misplaced names are searched."""
_MAX_UNKNOWN = 10
"""The maximum number of unknown names that are recorded for one request."""


class Parser(FlaskParser):
    """Reads queries and bodies as the vendors' servers do. The service renders the errors."""

    DEFAULT_VALIDATION_STATUS = HTTPStatus.BAD_REQUEST
    """The documented status of an invalid request, unless the view documents another one."""
    USED_VALUE: queries.Rule = "first"
    """The value of a repeated parameter that is used; journal and scenarios use it, too."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The query parameters; an empty one counts as absent."""
        _note_unknown(req.args, schema)
        return self.given(dict(req.args.lists()), schema)

    def given(self, sent: Mapping[str, list[str]], schema: Schema) -> dict[str, Any]:
        """What *schema* gets of a query: parameters with a value."""
        return by_name(self.parameters(sent), schema)

    def parameters(self, sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """The parameters among *sent* that have a value."""
        if self.USED_VALUE == "last":
            return {name: values[-1:] for name, values in sent.items() if values[-1]}
        given = ((name, [value for value in values if value]) for name, values in sent.items())
        return {name: values for name, values in given if values}

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The JSON body, for any content type; `missing` without a body."""
        return self._content(req.get_data(), schema)

    def _content(self, body: bytes, schema: Schema) -> Any:
        if not body.strip():
            return missing
        try:
            content = json_input.loads(body)
            bounds.check(schema, content)
        except json_input.JSONInputError as error:
            self.refuse(schema, {"body": str(error)})
        except ValidationError as error:
            self.refuse(schema, problems(error))
        _note_unknown(content, schema)
        return content

    def use_args(self, argmap: Any, *args: Any, **kwargs: Any) -> Any:
        """The same as in webargs, except that the schema is created once, when it is first needed."""
        return super().use_args(partial(_made, argmap), *args, **kwargs)

    def parse(self, argmap: Any, req: Request | None = None, *, location: Any = None, **options: Any) -> Any:
        """The validated parameters of the query or the body.

        This replaces webargs' own method, whose options the mock does not need and which is slower. Problems
        are passed to `refuse` as sentences.
        """
        del req, options
        schema: Schema = argmap()
        asked, this = context.with_request()
        unknown: Any = self.DEFAULT_UNKNOWN_BY_LOCATION.get(location)
        if location == "query":
            this.parse = partial(self._parse_again, schema)
            given = self.load_querystring(asked, schema)
        else:
            this.parse_body = partial(self._parse_body, schema, unknown)
            given = self.load_json(asked, schema)
        try:
            return schema.load({} if given is missing else given, unknown=unknown)
        except ValidationError as error:
            caching.depends_on()
            self.refuse(schema, problems(error))

    def _parse_again(self, schema: Schema, raw: str) -> dict[str, Any]:
        """The parameters in another query.

        Raises `marshmallow.ValidationError` if they are invalid, or if one is unknown.
        """
        known, sent = _known(schema), dict[str, list[str]]()
        for name, value in queries.pairs(raw):
            if name not in known or "\ufffd" in value:
                raise ValidationError({name: "not plain"})
            sent.setdefault(name, []).append(value)
        found: dict[str, Any] = schema.load(self.given(sent, schema), unknown=EXCLUDE)
        return found

    def _parse_body(self, schema: Schema, unknown: Any, raw: bytes) -> Any:
        """The parameters in another body; raises an error if it is empty or invalid."""
        given = self._content(raw, schema)
        if given is missing:
            raise ValidationError("empty")
        return schema.load(given, unknown=unknown)

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        """Raise the service's error for *problems*, a mapping of members to sentences."""
        raise NotImplementedError(f"{schema}: {problems}")


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's blueprint without creating schemas before they are needed."""

    def alt_response(
        self,
        status_code: int,
        *,
        schema: type[Schema] | str | Mapping[str, Any] | None = None,
        description: str | None = None,
        content_type: str | None = None,
    ) -> Callable[[_View], _View]:
        """Document a response on the view itself; flask-smorest would wrap the view and copy its schemas.

        *schema* is a class, the name of one (imported when the document is made), or OpenAPI.
        """
        response = {
            "description": description or HTTPStatus(status_code).phrase,
            "content_type": content_type,
            **({"schema": schema} if schema else {}),
        }

        def document(view: _View) -> _View:
            documented = vars(view).setdefault("_apidoc", {}).setdefault("response", {})
            documented.setdefault("responses", {}).setdefault(status_code, []).append(response)
            return view

        return document

    def documented(self, **operation: Any) -> Callable[[_View], _View]:
        """Document what a view reads by itself, as members of an OpenAPI operation such as `parameters`."""

        def document(view: _View) -> _View:
            vars(view).setdefault("_apidoc", {}).setdefault("manual_doc", {}).update(operation)
            return view

        return document


def by_name(given: Mapping[str, list[str]], schema: Schema) -> dict[str, str | list[str]]:
    """All values of the names that *schema* reads as lists, and the first value of other names."""
    known = _known(schema)
    return {
        name: values if isinstance(known.get(name), fields.List) else values[0]
        for name, values in given.items()
    }


@cache
def _known(schema: Schema) -> dict[str, Field[Any]]:
    """The fields of *schema* by the names in a request."""
    return {field.data_key or name: field for name, field in schema.fields.items()}


@cache
def _made(schema: type[Schema]) -> Schema:
    return schema()


def _note_unknown(content: Any, schema: Schema) -> None:
    """Record unknown names. The services silently ignore them; the journal and a header show them."""
    if unknown := list(islice(_unknown(content, schema), _MAX_UNKNOWN)):
        context.current().near_misses.extend(unknown)


@cache
def _places(view: Callable[..., Any]) -> dict[str, str]:
    """The place of each parameter of a view, by name."""
    documented = vars(view).get("_apidoc", {}).get("arguments", {}).get("parameters", [])
    found: dict[str, str] = {}
    for parameter in documented:
        kind = parameter["schema"]
        schema = _made(kind) if isinstance(kind, type) else kind
        place = "in the query" if parameter["in"] == "query" else "in the body"
        for path in sorted(_paths(schema), key=lambda path: path.count(".")):
            at = f"{place}, at {path!r}" if "." in path else place
            found.setdefault(path.rpartition(".")[2], at)
    return found


def _paths(schema: Schema, path: str = "") -> Iterator[str]:
    """The names of *schema* with their paths, such as ``extends.source``; a schema inside itself is
    skipped.
    """
    for name, field in _known(schema).items():
        yield path + name
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and path.count(".") < _MAX_DEPTH:
            yield from _paths(inner.schema, f"{path}{name}.")


def _current_places() -> dict[str, str]:
    endpoint = context.with_request()[0].endpoint
    view = current_app.view_functions.get(endpoint or "")
    return _places(view) if view else {}


def _unknown(content: Any, schema: Schema, path: str = "") -> Iterator[str]:
    """A sentence about each name that *schema* does not have, at any depth."""
    if not isinstance(content, Mapping):
        return
    known = _known(schema)
    harmless: frozenset[str] = getattr(schema, "HARMLESS", frozenset())
    for name, value in content.items():
        if name not in known:
            if value is not None and name not in harmless:
                yield misspelt(str(name), known, path, _current_places())
            continue
        field = known[name]
        if isinstance(field, fields.List) and isinstance(value, list):
            items, field = value[: bounds.MAX_OBJECTS], field.inner
        else:
            items = [value]
        if isinstance(field, fields.Nested):
            for item in items:
                yield from _unknown(item, field.schema, f"{path}{name}.")


def problems(error: ValidationError) -> dict[str, str]:
    """The first problems of an invalid query or body: a sentence for each member."""
    return dict(islice(_sentences(error.messages), bounds.MAX_PROBLEMS))


def _sentences(messages: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Marshmallow's nested messages as pairs of member and sentence."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _sentences(inner, (*path, key))
    else:
        yield _dotted(path), _shortened(" ".join(WORDS.get(str(one), str(one)) for one in messages))


def _shortened(sentence: str) -> str:
    """*sentence* with the middle of a long value cut out."""
    if len(sentence) <= _MAX_SENTENCE:
        return sentence
    return f"{sentence[: _MAX_SENTENCE // 2]} … {sentence[-_MAX_SENTENCE // 2 :]}"


def _dotted(path: tuple[str | int, ...]) -> str:
    """The member of a message, an item of it, or the whole body."""
    named = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path if key != "_schema")
    return "".join(named).removeprefix(".") or "body"
