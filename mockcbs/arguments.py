"""How every emulated service reads what a client sends."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NoReturn

import simplejson
from flask import g
from marshmallow import Schema, ValidationError, fields, missing
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug import Request
from werkzeug.datastructures import MultiDict

from mockcbs import state
from mockcbs.near_misses import misspelt

_MOST_STRANGERS = 10
"""Names told of one call."""


class Parser(FlaskParser):
    """Reads queries and bodies as the vendors' servers do, and leaves the refusal to the service."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Query parameters; an empty one counts as absent."""
        _note_strangers(req.args, schema)
        return MultiDictProxy(self.parameters(req.args), schema)

    def parameters(self, sent: MultiDict[str, str]) -> MultiDict[str, str]:
        """What counts of the parameters *sent*: of a repeated one the first value that is not empty."""
        return MultiDict((name, value) for name, value in sent.items(multi=True) if value)

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
        _note_strangers(content, schema)
        return content

    def use_args(self, argmap: Any, *args: Any, **kwargs: Any) -> Any:
        """As webargs does, but make the schema once and not for every request."""
        return super().use_args(argmap() if isinstance(argmap, type) else argmap, *args, **kwargs)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Say in words what is wrong and let the service answer."""
        del req, error_status_code, error_headers
        state.repeatable()
        self.refuse(schema, dict(_sentences(error.messages)))

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        """Raise the service's error for *problems*: member → sentence."""
        raise NotImplementedError(f"{schema}: {problems}")


def _note_strangers(content: Any, schema: Schema) -> None:
    """Tell the journal of names that nothing reads, as the services silently ignore them."""
    if strangers := list(islice(_strangers(content, schema), _MOST_STRANGERS)):
        g.setdefault("near_misses", []).extend(strangers)


def _strangers(content: Any, schema: Schema, path: str = "") -> Iterator[str]:
    """What to tell of each name that *schema* does not have, at any depth."""
    if not isinstance(content, Mapping):
        return
    known = {field.data_key or name: field for name, field in schema.fields.items()}
    for name, value in content.items():
        if name not in known:
            yield misspelt(name, known, path)
            continue
        field = known[name]
        if isinstance(field, fields.List) and isinstance(value, list):
            items, field = value, field.inner
        else:
            items = [value]
        if isinstance(field, fields.Nested):
            for item in items:
                yield from _strangers(item, field.schema, f"{path}{name}.")


def _sentences(messages: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str, str]]:
    """Marshmallow's nested messages as (member, sentence); the location comes first in their path."""
    if isinstance(messages, Mapping):
        return [found for key, inner in messages.items() for found in _sentences(inner, (*path, key))]
    return [(_dotted(path[1:]), " ".join(map(str, messages)))]


def _dotted(path: tuple[str | int, ...]) -> str:
    """What a message is about: a member, an item of one, or all of the body."""
    named = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path if key != "_schema")
    return "".join(named).removeprefix(".") or "body"
