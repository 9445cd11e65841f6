"""How every emulated service reads what a client sends."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

import flask_smorest
import simplejson
from flask import g
from marshmallow import Schema, ValidationError, fields, missing
from webargs.flaskparser import FlaskParser
from werkzeug import Request

from mockcbs import state
from mockcbs.near_misses import misspelt

_View = TypeVar("_View", bound=Callable[..., Any])


class Parser(FlaskParser):
    """Reads queries and bodies as the vendors' servers do, and leaves the refusal to the service."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Query parameters; an empty one counts as absent, of a repeated one the first value wins."""
        _note_strangers(req.args, schema)
        given = {name: [value for value in values if value] for name, values in req.args.lists()}
        return by_name({name: values for name, values in given.items() if values}, schema)

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The JSON body, whatever the content type says; no body at all is `missing`."""
        body = req.get_data()
        if not body.strip():
            return missing
        try:
            content = simplejson.loads(body.decode())
            if b"\\u" in body:  # an escape may be half a character, which no answer could repeat
                simplejson.dumps(content, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            self.refuse(schema, {"body": "the body is not JSON in UTF-8"})
        if isinstance(content, dict):
            _note_strangers(content, schema)
        return content

    def use_args(self, argmap: Any, *args: Any, **kwargs: Any) -> Any:
        """As webargs does, but make the schema once, when it is first needed, and not for every request."""
        return super().use_args(cache(argmap), *args, **kwargs)

    def parse(self, argmap: Any, req: Request | None = None, *, location: Any = None, **options: Any) -> Any:
        """What the query or the body holds, checked: webargs without the choices that we never make.

        What is wrong is said in words, and the service left to answer.
        """
        del req, options
        schema: Schema = argmap()
        asked, _ = state.at_hand()
        given = self.load_querystring(asked, schema) if location == "query" else self.load_json(asked, schema)
        unknown: Any = self.DEFAULT_UNKNOWN_BY_LOCATION.get(location)
        try:
            return schema.load({} if given is missing else given, unknown=unknown)
        except ValidationError as error:
            state.repeatable()
            self.refuse(schema, dict(_sentences(error.messages)))

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        """Raise the service's error for *problems*: member → sentence."""
        raise NotImplementedError(f"{schema}: {problems}")


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's blueprint, quick to make: no schema is made before it is needed."""

    def alt_response(
        self, status_code: int, *, schema: type[Schema] | None = None, description: str | None = None
    ) -> Callable[[_View], _View]:
        """Document an answer on the view itself; flask-smorest would wrap the view and copy its schemas."""
        answer = {
            "description": description or HTTPStatus(status_code).phrase,
            "content_type": None,
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
    return {name: values if known.get(name) else values[0] for name, values in given.items()}


@cache
def _known(schema: Schema) -> dict[str, bool]:
    """The names *schema* reads, and whether as lists."""
    return {field.data_key or name: isinstance(field, fields.List) for name, field in schema.fields.items()}


def _note_strangers(names: Iterable[str], schema: Schema) -> None:
    """Tell the journal of names that nothing reads, as the services silently ignore them."""
    known = _known(schema)
    for name in names:
        if name not in known:
            g.setdefault("near_misses", []).append(misspelt(name, known))


def _sentences(messages: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str, str]]:
    """Marshmallow's nested messages as (member, sentence)."""
    if isinstance(messages, Mapping):
        return [found for key, inner in messages.items() for found in _sentences(inner, (*path, key))]
    return [(_dotted(path), " ".join(map(str, messages)))]


def _dotted(path: tuple[str | int, ...]) -> str:
    """What a message is about: a member, an item of one, or all of the body."""
    named = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path if key != "_schema")
    return "".join(named).removeprefix(".") or "body"
