"""Bases and tables as clients see and create them."""

from tests.services.airtable.batches import refusal
from tests.services.airtable.conftest import BASE


def test_schema(api, table):
    """The models of pyairtable read bases, tables, fields and the caller."""
    table.create({"workflow_id": "w"})

    schema = table.schema()
    base = api.base(BASE, validate=True, force=True)
    new = base.create_table(
        "Runs",
        [
            {"name": "id", "type": "singleLineText"},
            {"name": "n", "type": "number", "options": {"precision": 1}},
        ],
    )
    field = new.create_field("state", "singleSelect", options={"choices": [{"name": "ok"}]}, description="d")
    field.name = "status"
    field.save()

    assert [(one.name, one.type) for one in schema.fields] == [
        ("workflow_id", "singleLineText"),
        ("exec_time", "singleLineText"),
        ("input_len", "number"),
        ("duration_ms", "number"),
    ]
    assert schema.primary_field_id == schema.fields[0].id
    assert schema.views[0].visible_field_ids == [one.id for one in schema.fields]
    assert [one.name for one in base.tables(force=True)] == ["Reports", "Runs"]
    assert [one.name for one in new.schema(force=True).fields] == ["id", "n", "status"]
    assert api.whoami()["id"].startswith("usr")
    assert new.create({"status": "ok"}) == new.all()[0]
    assert refusal(lambda: base.create_table("Runs", [{"name": "id", "type": "singleLineText"}]))[0] == 422
    assert refusal(lambda: new.create_field("n", "number"))[1]["type"] == "DUPLICATE_OR_EMPTY_FIELD_NAME"
    assert refusal(lambda: new.create_field("f", "formula"))[1]["type"] == "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"


def test_new_base(api):
    """A base that a client creates is listed, with its tables."""
    made = api.workspace("wsp0123456789ABCD").create_base(
        "Mine", [{"name": "T", "fields": [{"name": "n", "type": "number"}]}]
    )

    assert made.id in [base.id for base in api.bases(force=True)]
    assert [table.name for table in made.tables()] == ["T"]
