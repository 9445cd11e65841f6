"""The blueprint all routes of Coze hang on."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from marshmallow import Schema

from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import whole
from mockcbs.web.arguments import Blueprint, Parser

_View = TypeVar("_View", bound=Callable[..., Any])


class _CozeParser(Parser):
    USED_VALUE = "last"

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        said = "; ".join(
            f"{member} {text}" if member not in {"_schema", "body"} else text
            for member, text in problems.items()
        )
        del schema
        raise errors.parameter(said)


class _CozeBlueprint(Blueprint):
    ARGUMENTS_PARSER = _CozeParser()

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        """Routes answer with and without a slash at their end, so that no redirect drops a body.

        What is more than a look happens whole, whoever else asks at the same time.
        """
        if options.get("methods") != ["GET"] and not getattr(view_func, "waits", False):
            view_func = whole(view_func)
        super().add_url_rule(rule, endpoint, view_func, *args, **{"strict_slashes": False, **options})


def waits(view: _View) -> _View:
    """Mark a view that waits for another server: nobody else is kept waiting meanwhile."""
    vars(view)["waits"] = True
    return view


blp = _CozeBlueprint("coze", __name__)
