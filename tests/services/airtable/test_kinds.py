"""What each type of field takes and shows, and what it refuses."""

import pytest

from tests.clocks import advance
from tests.services.airtable.conftest import BASE, caller

RECORD = "rec0123456789ABCD"
PERSON = {"id": "usr0123456789ABCD", "email": "ann@example.com", "name": "ann"}


@pytest.fixture(scope="module")
def client():
    return caller()


def write(client, kind, value, options=None, *, typecast=False):
    """What a field of that type shows after a value was written into it; the refusal's type if it was."""
    client.application.extensions["mockcbs"].reset()
    field = {"name": "f", "type": kind, "options": options}
    made = client.post(
        f"/v0/meta/bases/{BASE}/tables",
        json={"name": "T", "fields": [{"name": "n", "type": "number"}, field]},
    )
    assert made.status_code == 200, made.json
    response = client.post(f"/v0/{BASE}/T", json={"fields": {"f": value}, "typecast": typecast})
    return response.json["fields"].get("f") if response.status_code == 200 else response.json["error"]["type"]


@pytest.mark.parametrize(
    "kind", ["singleLineText", "multilineText", "richText", "email", "url", "phoneNumber"]
)
def test_texts(client, kind):
    """Texts take strings only; an empty one empties the cell."""
    assert write(client, kind, "a\nb 中") == "a\nb 中"
    assert write(client, kind, "") is None
    assert write(client, kind, 1) == write(client, kind, ["x"]) == "INVALID_VALUE_FOR_COLUMN"
    assert write(client, kind, "x" * 100_001) == "INVALID_VALUE_FOR_COLUMN"
    assert write(client, kind, [1, True], typecast=True) == "1, true"


@pytest.mark.parametrize("kind", ["number", "currency", "percent", "duration"])
def test_numbers(client, kind):
    """Number fields take numbers; digits beyond a double are rounded, as in JavaScript. No JSON text may
    have a number that is larger than every double.
    """
    assert write(client, kind, 0) == 0
    assert write(client, kind, -1.25) == -1.25
    assert write(client, kind, 2**53 + 1) == float(2**53)
    assert write(client, kind, 10**308) == float(10**308)
    assert write(client, kind, 10**400) == "INVALID_REQUEST_BODY"
    assert write(client, kind, True) == write(client, kind, "1") == "INVALID_VALUE_FOR_COLUMN"
    assert write(client, kind, " 1,000 ", typecast=True) == 1000
    assert write(client, kind, "one", typecast=True) == "INVALID_VALUE_FOR_COLUMN"
    assert write(client, kind, " ", typecast=True) is None


def test_rating(client):
    """A rating is a whole number up to its maximum."""
    assert write(client, "rating", 3, {"max": 3}) == 3
    assert write(client, "rating", 0) is None
    assert (
        write(client, "rating", 4, {"max": 3}) == write(client, "rating", 1.5) == "INVALID_VALUE_FOR_COLUMN"
    )


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("date", "2025-12-22", "2025-12-22"),
        ("date", "2025-12-22T23:00:00-05:00", "2025-12-23"),
        ("dateTime", "2025-12-22", "2025-12-22T00:00:00.000Z"),
        ("dateTime", "2025-12-22T09:00:00+08:00", "2025-12-22T01:00:00.000Z"),
        ("dateTime", "2025-02-30", "INVALID_VALUE_FOR_COLUMN"),
        ("date", 1766365200000, "INVALID_VALUE_FOR_COLUMN"),
        ("date", "12/22/2025", "INVALID_VALUE_FOR_COLUMN"),
        ("barcode", {"text": "1", "type": "ean8", "x": 1}, {"type": "ean8", "text": "1"}),
        ("barcode", "1", "INVALID_VALUE_FOR_COLUMN"),
        ("singleCollaborator", {"id": PERSON["id"], "email": PERSON["email"]}, PERSON),
        ("singleCollaborator", {"name": "ann"}, "INVALID_VALUE_FOR_COLUMN"),
        ("multipleCollaborators", [{"id": PERSON["id"], "email": PERSON["email"]}], [PERSON]),
        ("multipleCollaborators", PERSON, "INVALID_VALUE_FOR_COLUMN"),
        ("multipleAttachments", [{"filename": "x"}], "INVALID_ATTACHMENT_OBJECT"),
        ("multipleAttachments", "http://x", "INVALID_VALUE_FOR_COLUMN"),
        ("createdTime", "2025-12-22", "INVALID_VALUE_FOR_COLUMN"),
        ("autoNumber", 1, "INVALID_VALUE_FOR_COLUMN"),
    ],
)
def test_values(client, kind, value, shown):
    """Each type returns a value in its own form, or refuses it."""
    assert write(client, kind, value) == shown


def test_attachments(client):
    """An attachment has an id, and the name of its file unless it is given another."""
    (found,) = write(client, "multipleAttachments", [{"url": "http://x.example/a/b.pdf?c=1"}])

    assert found["id"].startswith("att")
    assert (found["url"], found["filename"]) == ("http://x.example/a/b.pdf?c=1", "b.pdf")


def test_links(client):
    """A link takes ids of records."""
    options = {"linkedTableId": "tbl0123456789ABCD"}

    assert write(client, "multipleRecordLinks", [RECORD], options) == [RECORD]
    assert write(client, "multipleRecordLinks", ["x"], options) == "INVALID_RECORD_ID"
    assert write(client, "multipleRecordLinks", RECORD, options) == "INVALID_VALUE_FOR_COLUMN"


def test_computed(client):
    """Automatic numbers count records, times are those of creation and of the last change."""
    client.application.extensions["mockcbs"].reset()
    fields = [
        {"name": "n", "type": "number"},
        {"name": "no", "type": "autoNumber"},
        {"name": "made", "type": "createdTime"},
        {"name": "changed", "type": "lastModifiedTime"},
    ]
    client.post(f"/v0/meta/bases/{BASE}/tables", json={"name": "T", "fields": fields})

    first, second = client.post(f"/v0/{BASE}/T", json={"records": [{"fields": {}}, {"fields": {}}]}).json[
        "records"
    ]
    advance(client, 60_000)
    later = client.patch(f"/v0/{BASE}/T/{second['id']}", json={"fields": {"n": 1}}).json["fields"]
    found = client.get(f"/v0/{BASE}/T?filterByFormula=IS_AFTER(changed,made)").json["records"]

    assert (first["fields"]["no"], second["fields"]["no"]) == (1, 2)
    assert (later["made"], later["changed"]) == ("2025-12-22T01:00:00.000Z", "2025-12-22T01:01:00.000Z")
    assert [one["id"] for one in found] == [second["id"]]


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("formula", {}, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"),
        ("number", {"precision": 9}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
        ("singleSelect", {"choices": "a"}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
        ("singleSelect", {"choices": [{}]}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
        ("multipleRecordLinks", {}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
    ],
)
def test_fields_that_cannot_be(client, kind, options, code):
    """A type that is not emulated, and options that a type does not have, are refused."""
    body = {"name": "f", "type": kind, "options": options}

    response = client.post(f"/v0/meta/bases/{BASE}/tables/Reports/fields", json=body)

    assert (response.status_code, response.json["error"]["type"]) == (422, code)


def test_a_named_table_is_listed(client):
    """A table that was only read is in the schema of its base."""
    client.application.extensions["mockcbs"].reset()
    client.get(f"/v0/{BASE}/Seen")

    tables = client.get(f"/v0/meta/bases/{BASE}/tables").json["tables"]

    assert [table["name"] for table in tables] == ["Seen"]


def test_misspelt_field(client):
    """The reason names the probable field."""
    response = client.post(f"/v0/{BASE}/Reports", json={"fields": {"duraton_ms": 1}})

    assert "duration_ms" in response.headers["X-Mockcbs-Reason"].rpartition("mean")[2]
