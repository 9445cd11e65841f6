"""What calls of Feishu read."""

import pytest

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import schemas

RECORD = {"record_id": "rec1", "fields": {}}


@pytest.mark.parametrize(
    ("schema", "member", "item", "limit"),
    [
        (schemas.CreateBatch, "records", {"fields": {}}, 1000),
        (schemas.UpdateBatch, "records", RECORD, 1000),
        (schemas.DeleteBatch, "records", "rec1", 500),
        (schemas.GetBatch, "record_ids", "rec1", 100),
    ],
)
def test_batches_are_limited(schema, member, item, limit):
    """A batch with one item too many gets its own error (1254104), before any item is read."""
    assert schema().load({member: [item] * limit})

    with pytest.raises(ApiError) as error:
        schema().load({member: [None] * (limit + 1)})
    assert error.value.spec.code == "1254104"


@pytest.mark.parametrize("text", ["true", "True", "1", True])
def test_truths_have_several_spellings(text):
    """Booleans in a query have the spellings of SDKs; a missing one is false."""
    assert schemas.ReadQuery().load({"automatic_fields": text})["automatic_fields"] is True
    assert schemas.ReadQuery().load({})["automatic_fields"] is False


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (schemas.PageQuery, {"page_size": 100}, {"page_size": 101}),
        (schemas.SearchQuery, {"page_size": 500}, {"page_size": 501}),
        (schemas.UserQuery, {"user_id_type": "union_id"}, {"user_id_type": "email"}),
        (schemas.TableName, {"name": "x" * 100}, {"name": ""}),
        (schemas.FieldBody, {"field_name": "f", "type": 1}, {"type": "1"}),
        (schemas.WorkflowStatus, {"status": "Enable"}, {"status": "on"}),
        (schemas.MessageBody, {"receive_id": "o", "msg_type": "t", "content": "{}"}, {"uuid": "x" * 51}),
    ],
)
def test_members_are_checked(schema, good, bad):
    """A wrong member is named; unknown ones are ignored."""
    assert schema().load({**good, "unknown": 1}).keys() >= good.keys()

    assert schema().validate({**good, **bad}).keys() == bad.keys()


def test_each_family_has_its_own_refusals():
    """Bases, messages and credentials refuse wrong parameters with different codes."""
    families = (schemas.PageQuery, schemas.MessageBody, schemas.AppCredentials)

    assert [one.WRONG.code for one in families] == ["1254001", "230001", "10003"]
