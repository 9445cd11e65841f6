"""What pyairtable does with the mock, unmodified."""

import pytest
import requests
from pyairtable import Api, formulas, retry_strategy

from mockcbs.testing.live import LiveServer
from tests.services.airtable.conftest import BASE

REPORT = {"workflow_id": "w1", "exec_time": "2025-12-22T09:00:00+08:00", "input_len": 12, "duration_ms": 812}


def refusal(call) -> tuple[int, object]:
    """The status of a call that fails, and the error in its body."""
    with pytest.raises(requests.HTTPError) as caught:
        call()
    return caught.value.response.status_code, caught.value.response.json()["error"]


def test_one_record(table):
    """A record is created, read, changed, replaced and deleted."""
    made = table.create(REPORT)
    read = table.get(made["id"])
    changed = table.update(made["id"], {"input_len": 13, "exec_time": None})
    replaced = table.update(made["id"], {"workflow_id": "w2"}, replace=True)
    gone = table.delete(made["id"])

    assert made["fields"] == REPORT
    assert made["createdTime"] == "2025-12-22T01:00:00.000Z"
    assert read == made
    assert changed["fields"] == {"workflow_id": "w1", "input_len": 13, "duration_ms": 812}
    assert replaced["fields"] == {"workflow_id": "w2"}
    assert gone == {"id": made["id"], "deleted": True}
    assert refusal(lambda: table.get(made["id"])) == (404, "NOT_FOUND")
    assert table.all() == []


def test_many_records(table, mock):
    """Twelve records go in two requests (T1), and are changed and deleted in tens."""
    made = table.batch_create([{"workflow_id": f"w{number}"} for number in range(12)])
    calls = [entry for entry in mock.journal if entry.operation == "airtable.create_records"]
    changed = table.batch_update([{"id": one["id"], "fields": {"input_len": 1}} for one in made])
    replaced = table.batch_update([{"id": made[0]["id"], "fields": {"input_len": 2}}], replace=True)
    gone = table.batch_delete([one["id"] for one in made[:11]])

    assert len(calls) == 2
    assert [one["fields"]["workflow_id"] for one in made] == [f"w{number}" for number in range(12)]
    assert all(one["fields"]["input_len"] == 1 and "workflow_id" in one["fields"] for one in changed)
    assert replaced[0]["fields"] == {"input_len": 2}
    assert [one["deleted"] for one in gone] == [True] * 11
    assert [one["id"] for one in table.all()] == [made[11]["id"]]


def test_upsert(table):
    """Records that agree in the merge fields are changed, others created; ids win over both."""
    first, second = table.batch_create([{"workflow_id": "a", "input_len": 1}, {"workflow_id": "b"}])
    records = [
        {"fields": {"workflow_id": "a", "duration_ms": 5}},
        {"fields": {"workflow_id": "c"}},
        {"id": second["id"], "fields": {"workflow_id": "d"}},
    ]

    result = table.batch_upsert(records, ["workflow_id"])

    assert result["updatedRecords"] == [first["id"], second["id"]]
    assert len(result["createdRecords"]) == 1
    assert [one["fields"] for one in table.all()] == [
        {"workflow_id": "a", "input_len": 1, "duration_ms": 5},
        {"workflow_id": "d"},
        {"workflow_id": "c"},
    ]


def test_upsert_is_refused(table):
    """Several matches, unknown fields and unknown ids are refused, and nothing changes."""
    table.batch_create([{"workflow_id": "a"}, {"workflow_id": "a"}])
    one = [{"fields": {"workflow_id": "a", "input_len": 1}}]

    several = refusal(lambda: table.batch_upsert(one, ["workflow_id"]))
    unknown = refusal(lambda: table.batch_upsert([{"fields": {"nope": 1}}], ["nope"]))
    lost = refusal(lambda: table.batch_upsert([{"id": "rec0123456789ABCD", "fields": {}}], ["workflow_id"]))

    assert (several[0], several[1]["type"]) == (422, "INVALID_REQUEST_UNKNOWN")
    assert unknown[1]["type"] == "UNKNOWN_FIELD_NAME"
    assert lost[1]["type"] == "ROW_DOES_NOT_EXIST"
    assert [row["fields"] for row in table.all()] == [{"workflow_id": "a"}] * 2


def test_pages(table):
    """Pages hold what `page_size` says; together they are everything once; the last has no offset."""
    table.batch_create([{"input_len": number} for number in range(23)])

    pages = list(table.iterate(page_size=5, max_records=22))

    assert [len(page) for page in pages] == [5, 5, 5, 5, 2]
    assert [row["fields"]["input_len"] for page in pages for row in page] == list(range(22))
    assert len(list(table.iterate(page_size=23))) == 1


def test_page_after_a_deletion(table):
    """A page goes on behind the last record of the page before, whatever was deleted meanwhile."""
    made = table.batch_create([{"input_len": number} for number in range(6)])
    pages = table.iterate(page_size=2)

    first = next(pages)
    table.delete(made[0]["id"])
    rest = [row["fields"]["input_len"] for page in pages for row in page]

    assert [row["fields"]["input_len"] for row in first] == [0, 1]
    assert rest == [2, 3, 4, 5]


def test_listing_options(table):
    """Fields, sort, formula, limit, ids of fields and texts, as keywords of pyairtable."""
    table.batch_create(
        [
            {"workflow_id": w, "duration_ms": ms}
            for w, ms in [("a", 10_000), ("b", 20_000), ("a", 30_000), ("c", None)]
        ]
    )
    field = table.schema().field("duration_ms")

    slow = table.all(formula="{duration_ms}>10000", fields=["workflow_id"])
    sort = table.all(sort=["workflow_id", "-duration_ms"], fields=["duration_ms"])
    ids = table.all(use_field_ids=True, fields=[field.id], max_records=1)
    texts = table.all(cell_format="string", time_zone="Asia/Shanghai", user_locale="zh-cn", max_records=1)
    first = table.first(formula=formulas.match({"workflow_id": "a", "duration_ms": (">", 10_000)}))

    assert [row["fields"] for row in slow] == [{"workflow_id": "b"}, {"workflow_id": "a"}]
    assert [row["fields"].get("duration_ms") for row in sort] == [30_000, 10_000, 20_000, None]
    assert ids[0]["fields"] == {field.id: 10_000}
    assert texts[0]["fields"] == {"workflow_id": "a", "duration_ms": "10000"}
    assert first["fields"]["duration_ms"] == 30_000
    assert len(table.all(view="Grid view")) == 4


def test_long_listing(table, mock):
    """A formula too long for a URL goes by POST, page by page."""
    table.batch_create([{"workflow_id": f"w{number}"} for number in range(9)])
    formula = formulas.OR(
        *(formulas.EQ(formulas.Field("workflow_id"), f"w{number}") for number in range(2000))
    )

    found = table.all(formula=formula, page_size=4, sort=["-workflow_id"], fields=["workflow_id"])

    assert [row["fields"]["workflow_id"] for row in found] == [f"w{number}" for number in range(8, -1, -1)]
    calls = [entry for entry in mock.journal if entry.operation == "airtable.list_records_long"]
    assert len(calls) == 3


def test_typecast(api):
    """Texts become numbers, dates, truths and new options with typecast only."""
    fields = [
        {"name": "name", "type": "singleLineText"},
        {"name": "count", "type": "number"},
        {"name": "done", "type": "checkbox"},
        {"name": "kind", "type": "singleSelect", "options": {"choices": [{"name": "x"}]}},
        {"name": "tags", "type": "multipleSelects"},
        {"name": "day", "type": "date"},
        {"name": "at", "type": "dateTime"},
    ]
    table = api.base(BASE).create_table("Typed", fields)
    given = {
        "name": 5,
        "count": "1,200.5",
        "done": "true",
        "kind": "y",
        "tags": "a, b",
        "day": "12/22/2025",
        "at": "2025-12-22",
    }

    made = table.create(given, typecast=True)

    assert made["fields"] == {
        "name": "5",
        "count": 1200.5,
        "done": True,
        "kind": "y",
        "tags": ["a", "b"],
        "day": "2025-12-22",
        "at": "2025-12-22T00:00:00.000Z",
    }
    assert [choice.name for choice in table.schema(force=True).field("kind").options.choices] == ["x", "y"]
    for name in ["name", "count", "done", "tags", "day"]:
        assert refusal(lambda: table.create({name: given[name]}))[1]["type"] == "INVALID_VALUE_FOR_COLUMN"  # noqa: B023
    assert refusal(lambda: table.create({"kind": "z"}))[1]["type"] == "INVALID_MULTIPLE_CHOICE_OPTIONS"


@pytest.mark.parametrize(
    ("status", "kind", "call"),
    [
        (422, "UNKNOWN_FIELD_NAME", lambda table: table.create({"nope": 1})),
        (422, "INVALID_VALUE_FOR_COLUMN", lambda table: table.create({"duration_ms": "812"})),
        (422, "INVALID_VALUE_FOR_COLUMN", lambda table: table.create({"workflow_id": 1})),
        (422, "UNKNOWN_FIELD_NAME", lambda table: table.all(sort=["nope"])),
        (422, "UNKNOWN_FIELD_NAME", lambda table: table.all(fields=["nope"])),
        (422, "INVALID_FILTER_BY_FORMULA", lambda table: table.all(formula="{nope}=1")),
        (422, "INVALID_FILTER_BY_FORMULA", lambda table: table.all(formula="FOO(1)")),
        (422, "VIEW_NAME_NOT_FOUND", lambda table: table.all(view="nope")),
        (422, "INVALID_REQUEST_UNKNOWN", lambda table: table.all(page_size=101)),
        (422, "INVALID_REQUEST_UNKNOWN", lambda table: table.all(cell_format="string")),
        (422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", lambda table: table.all(offset="?")),
        (422, "ROW_DOES_NOT_EXIST", lambda table: table.batch_delete(["rec0123456789ABCD"])),
        (422, "ROW_DOES_NOT_EXIST", lambda table: table.batch_update([{"id": "rec0", "fields": {}}])),
    ],
)
def test_refusals(table, status, kind, call):
    """A wrong request is refused with Airtable's status and type, and pyairtable shows them."""
    assert (found := refusal(lambda: call(table)))[0] == status
    assert found[1]["type"] == kind


def test_schema(api, table):
    """Bases, tables, fields and who calls, as pyairtable's models read them."""
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


def test_tokens_do_not_see_each_other(mock, table):
    """Each token has records of its own."""
    table.create(REPORT)

    assert Api("patother.x").table(BASE, "Reports").all() == []


def test_over_a_socket():
    """`endpoint_url` points pyairtable at a server; a throttled call is tried again and succeeds."""
    once = {"rules": [{"when": {"service": "airtable", "first": 1}, "answer": {"error": "throttled"}}]}
    with LiveServer() as mock:
        retry = retry_strategy(total=2, respect_retry_after_header=False, backoff_factor=0)
        table = Api("pat.x", endpoint_url=mock.url, retry_strategy=retry).table(BASE, "A table, with 中文?")
        mock.scenario(once)

        table.create({"workflow_id": "w"})

        assert len(table.all()) == 1
        assert [entry.status for entry in mock.journal] == [429, 200, 200]
