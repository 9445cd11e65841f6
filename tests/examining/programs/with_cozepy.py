"""Raw events of a Coze bot, one JSON object a line: cozepy, through its own requester."""

import json
import sys

from cozepy import Coze, TokenAuth
from cozepy.model import CozeModel
from pydantic import ConfigDict


class Page(CozeModel):
    """One page of events."""

    model_config = ConfigDict(extra="allow")
    items: list[dict]
    has_more: bool


base_url, token, bot_id, start, end = sys.argv[1:]
coze = Coze(auth=TokenAuth(token), base_url=base_url)
number, more = 1, True
rows = []
while more:
    page = coze._requester.request(
        "get",
        f"{base_url}/v1/bots/{bot_id}/analytics/logs",
        False,
        cast=Page,
        params={"start_date": start, "end_date": end, "page_num": number, "page_size": 10},
    )
    rows += page.items
    number, more = number + 1, page.has_more
for row in rows:
    print(json.dumps(row))
