"""What a dataset may say of Feishu."""

import pytest

from mockcbs.core.errors import UserError
from tests.services.feishu.stated import DATASET


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: number", "type: numeric", "is not one of text, number"),
        (
            "duration_ms: 812",
            "duration_ms: fast",
            r"rows\[0\].*field 'duration_ms' \(number\): 'fast' is not a number",
        ),
        ("base: bascnRuns", "base: x", "'x' is not 4 to 64 letters"),
        ("isGreater", "contains", "operator 'contains' is not one of"),
        (
            '{conditions: [{field_name: duration_ms, operator: isGreater, value: ["10000"]}]}',
            "7",
            "7 is not an object",
        ),
        ("{name: workflow_id}", "{name: workflow_id, options: {property: {options: 7}, x: 1}}", "unknown: x"),
        ("chat_id", "chatid", "unknown key; accepted here: chat_id, name"),
    ],
)
def test_a_mistake_is_named(make, old, new, said):
    """The error names the line and the accepted values."""
    with pytest.raises(UserError, match=r"mine\.yaml:\d+: .*" + said):
        make(DATASET.replace(old, new))
