"""What the explorer shows in Chinese."""

import re

from mockcbs.console.explorer_words import NAMES
from mockcbs.control.openapi.stated import documentation_of
from mockcbs.services import registry


def test_every_operation_has_a_chinese_name(client):
    """That of the summary, else that which its service or the console states; no name is left over."""
    paths = client.get("/_mockcbs/openapi.json").json["paths"]
    summaries = {one["operationId"]: one["summary"] for each in paths.values() for one in each.values()}

    without = {name for name, text in summaries.items() if not re.search("[\u4e00-\u9fff]", text)}

    ours = {f"{one.name}_{name}" for one in registry.services() for name in documentation_of(one).chinese}
    assert without == ours | NAMES.keys()
