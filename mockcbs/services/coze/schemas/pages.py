"""Pages by number (contract 2.6)."""

from typing import Any

from marshmallow import post_load

from mockcbs.services.coze.schemas.fields import Query, QueryWhole, page_number


class Pages(Query):
    """The page number and the page size, under either of their names."""

    page_num = page_number()
    page_index = page_number()
    page_size = QueryWhole(1, 100, load_default=20)

    @post_load
    def _one_number(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "page_num": max(data["page_num"], data["page_index"])}


class VersionsQuery(Query):
    """Query of the versions of a bot or workflow."""

    page_size = QueryWhole(1, 50, load_default=10)
    page_num = page_number()
