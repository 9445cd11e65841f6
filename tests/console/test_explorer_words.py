"""What the explorer shows in Chinese."""

import re

from mockcbs.console.explorer_words import NAMES


def test_every_operation_has_a_chinese_name(client):
    """The vendor's in its summary, otherwise one of ours; no name is left over."""
    paths = client.get("/_mockcbs/openapi.json").json["paths"]
    summaries = {one["operationId"]: one["summary"] for each in paths.values() for one in each.values()}

    without = {name for name, text in summaries.items() if not re.search("[\u4e00-\u9fff]", text)}

    assert without == NAMES.keys()
