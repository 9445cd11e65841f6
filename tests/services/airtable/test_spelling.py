"""The spelling of names in Airtable's JSON."""

import pytest
from marshmallow import fields

from mockcbs.services.airtable.spelling import name_in_camel_case


@pytest.mark.parametrize(
    ("name", "spelt"), [("id", "id"), ("page_size", "pageSize"), ("fields_to_merge_on", "fieldsToMergeOn")]
)
def test_names_are_in_camel_case(name, spelt):
    """Words after the first begin with a capital."""
    field = fields.String()

    name_in_camel_case(name, field)

    assert field.data_key == spelt


def test_another_name_stays():
    """A field with its own name in JSON keeps that name."""
    field = fields.String(data_key="records[]")

    name_in_camel_case("records", field)

    assert field.data_key == "records[]"
