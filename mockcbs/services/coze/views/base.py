"""The blueprint all routes of Coze hang on."""

from typing import NoReturn

from marshmallow import Schema

from mockcbs.services.coze import errors
from mockcbs.web.arguments import Parser
from mockcbs.web.atomic import AtomicBlueprint


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


blp = _CozeBlueprint("coze", __name__)
