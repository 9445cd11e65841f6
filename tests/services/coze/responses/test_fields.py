"""Members of responses are as strict as the official clients."""

from decimal import Decimal

import pytest
from marshmallow import ValidationError

from mockcbs.services.coze.responses import fields


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (fields.Whole(), [0, -1, 2**60], [True, 1.0, "1", Decimal(1)]),
        (fields.Real(), [0, 0.5, Decimal("0.5")], [True, "0.5"]),
        (fields.Flag(), [True, False], [0, "true"]),
        (fields.seconds(), [1_766_365_200], [1_766_365_200_000, 0]),
        (fields.milliseconds(), [1_766_365_200_000], [1_766_365_200]),
        (fields.identifier(), ["1"], [""]),
        (fields.text(), ["", "x"], [1]),
    ],
    ids=["whole", "real", "flag", "seconds", "milliseconds", "identifier", "text"],
)
def test_a_member_has_one_json_type(field, good, bad):
    """No number counts as a text, no boolean as a number, and no time has another unit."""
    assert [field.deserialize(value) for value in good] == good

    for value in bad:
        with pytest.raises(ValidationError):
            field.deserialize(value)
