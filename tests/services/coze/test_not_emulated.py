"""What is published but not emulated."""

import re
from pathlib import Path

import pytest

from mockcbs.services.coze import not_emulated
from tests.services.coze.calls import REASON
from tests.services.coze.conftest import RUN

TARGETS = [target for targets in not_emulated.table().values() for target in targets]


@pytest.mark.parametrize("target", TARGETS)
def test_published_operations(coze, target):
    """The msg and the reason state that a published operation is not emulated."""
    method, _, path = target.partition(" ")
    answer = coze.open(re.sub(r"\{[a-z_]+\}", RUN, path), method=method)

    assert (answer.status_code, answer.json["code"]) in {(404, 4000), (405, 4000)}
    assert "mockcbs does not emulate this operation" in answer.json["msg"]
    assert answer.headers[REASON].startswith("mockcbs does not emulate this operation")


def test_the_page_lists_what_is_not_emulated():
    """docs/coze.md prints the whole table."""
    page = (Path(__file__).parents[3] / "docs" / "coze.md").read_text("utf-8")

    rows = [
        f"| {subject} | {'<br>'.join(f'`{target}`' for target in targets)} |"
        for subject, targets in not_emulated.table().items()
    ]

    assert "\n".join(rows) in page
