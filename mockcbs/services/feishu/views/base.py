"""The blueprint of all routes of Feishu."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar, cast

from marshmallow import Schema

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import errors
from mockcbs.services.feishu.schemas import FeishuSchema
from mockcbs.web.arguments import Parser
from mockcbs.web.atomic import AtomicBlueprint

APP = "/open-apis/bitable/v1/apps/<app_token>"
TABLE = f"{APP}/tables/<table_id>"

_ANSWERS = "mockcbs.services.feishu.answers.Feishu"
"""The module with the schemas that are named here; only documents import it, to keep the start fast."""
_View = TypeVar("_View", bound=Callable[..., Any])


class _FeishuParser(Parser):
    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        """Raise the error of this family of calls for a malformed request."""
        said = "; ".join(f"{member}: {text}" for member, text in problems.items())
        family = cast("FeishuSchema", schema)
        raise ApiError(family.NOT_JSON if "body" in problems else family.WRONG, said)


class _FeishuBlueprint(AtomicBlueprint):
    ARGUMENTS_PARSER = _FeishuParser()

    def answers(self, schema: str) -> Callable[[_View], _View]:
        """Document a successful response."""
        return self.alt_response(200, schema=f"{_ANSWERS}{schema}")


blp = _FeishuBlueprint("feishu", __name__)


def paged(items: Sequence[Any], query: dict[str, Any]) -> dict[str, Any]:
    """One page of *items*; the token is the index of its first item."""
    token = query.get("page_token") or "0"
    if not token.isdecimal() or len(token) > 9:
        raise errors.refused(1254001, f"page_token {token!r} is not a token of an earlier page")
    start = int(token)
    stop = start + query["page_size"]
    more = stop < len(items)
    return {
        "items": list(items[start:stop]),
        "has_more": more,
        "page_token": str(stop) if more else "",
        "total": len(items),
    }
