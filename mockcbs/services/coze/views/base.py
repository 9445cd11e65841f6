"""The blueprint of all routes of Coze."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from marshmallow import Schema

from mockcbs.services.coze import errors
from mockcbs.web.arguments import Parser
from mockcbs.web.atomic import AtomicBlueprint

_View = TypeVar("_View", bound=Callable[..., Any])

_RESPONSES = "mockcbs.services.coze.responses"
"""The module with the schemas that are named here; only documents import it, to keep the start fast."""


class _CozeParser(Parser):
    USED_VALUE = "last"

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        said = "; ".join(
            f"{member} {text}" if member not in {"_schema", "body"} else text
            for member, text in problems.items()
        )
        del schema
        raise errors.parameter(said)


class _CozeBlueprint(AtomicBlueprint):
    ARGUMENTS_PARSER = _CozeParser()

    def answers(self, name: str = "Done") -> Callable[[_View], _View]:
        """Document a successful response: the name of its data, or of a schema without an envelope."""
        schema = name if "." in name else f"answers.{name}Answer"
        return self.alt_response(200, schema=f"{_RESPONSES}.{schema}")

    def answers_with(self, content_type: str) -> Callable[[_View], _View]:
        """Document a successful response that is not JSON, such as a stream of events."""
        # no type: tools disagree whether the schema of a stream describes one event or the whole stream
        described = {"description": "Server-sent events."} if "stream" in content_type else {"type": "string"}
        return self.alt_response(200, schema=described, content_type=content_type)


blp = _CozeBlueprint("coze", __name__)
