"""How every emulated service reads what a client sends."""

from collections.abc import Mapping
from typing import Any, NoReturn

import simplejson
from marshmallow import Schema, ValidationError, missing
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug import Request
from werkzeug.datastructures import MultiDict


class Parser(FlaskParser):
    """Reads queries and bodies as the vendors' servers do, and leaves the refusal to the service."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Query parameters; an empty one counts as absent, of a repeated one the first value wins."""
        return MultiDictProxy(MultiDict((k, v) for k, v in req.args.items(multi=True) if v), schema)

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
        return content

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
        self.refuse(schema, dict(_sentences(error.messages)))

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        """Raise the service's error for *problems*: member → sentence."""
        raise NotImplementedError(f"{schema}: {problems}")


def _sentences(messages: Any, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Marshmallow's nested messages as (dotted path of the member, sentence); the location comes first."""
    if isinstance(messages, Mapping):
        return [found for key, inner in messages.items() for found in _sentences(inner, (*path, str(key)))]
    return [(".".join(path[1:]), " ".join(map(str, messages)))]
