"""Listings: pages, filters and sorting."""

from pyairtable import formulas

from mockcbs.services.airtable import listing
from mockcbs.tables.model import Column, Table


def test_pages(table):
    """Pages have `page_size` records, contain each record once, and the last page has no offset."""
    table.batch_create([{"input_len": number} for number in range(23)])

    pages = list(table.iterate(page_size=5, max_records=22))

    assert [len(page) for page in pages] == [5, 5, 5, 5, 2]
    assert [row["fields"]["input_len"] for page in pages for row in page] == list(range(22))
    assert len(list(table.iterate(page_size=23))) == 1


def test_page_after_a_deletion(table):
    """A page continues after the last record of the page before, even if records were deleted meanwhile."""
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


def test_a_field_sorts_once(table):
    """Only the first sort of a field counts, so that a long list of sorts costs no more than the fields."""
    table.batch_create([{"input_len": number} for number in (2, 3, 1)])

    found = table.all(sort=["-input_len", *["input_len"] * 50])

    assert [row["fields"]["input_len"] for row in found] == [3, 2, 1]
    column = table.schema().field("input_len")
    held = Table("app", "tbl", "T", (Column(column.id, "input_len", "number"),))
    assert len(listing._sort_keys(held, [{"field": "input_len"}] * 900)) == 1


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
