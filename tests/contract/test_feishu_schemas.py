"""The members of Feishu's responses."""

import pytest

from mockcbs.contract.catalogue import CLAUSES
from mockcbs.contract.feishu_schemas import SCHEMAS
from mockcbs.contract.shapes import problems

RECORD = {"record_id": "rec1", "fields": {}}


def test_every_schema_has_its_clause():
    """Every schema has a clause, and every clause about a shape has a schema, but for laws of all shapes."""
    ids = {clause.id for clause in CLAUSES["feishu"]}
    shapes = {name.removeprefix("feishu.shape.") for name in ids if name.startswith("feishu.shape.")}

    assert shapes - {"success", "once", "written"} == SCHEMAS.keys()


@pytest.mark.parametrize(
    ("shape", "content", "wrong"),
    [
        ("record", {"record": RECORD}, []),
        ("record", {"record": {**RECORD, "id": "rec2"}}, ["record.id"]),
        ("record-page", {"items": [RECORD], "has_more": False, "total": 1}, []),
        ("record-page", {"items": [RECORD], "has_more": False, "total": 0}, ["total"]),
        ("record-page", {"items": [], "has_more": True, "total": 9}, ["page_token"]),
        ("token", {"tenant_access_token": "t-1", "expire": 7201}, ["expire"]),
    ],
)
def test_members(shape, content, wrong):
    """A page names the next one if there is one, and its total is at least the number of its items."""
    found, _ = problems(SCHEMAS[shape], content)

    assert [problem.partition(":")[0] for problem in found] == wrong
