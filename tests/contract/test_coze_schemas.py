"""The schemas by which the kit reads Coze."""

from mockcbs.contract.catalogue import CLAUSES
from mockcbs.contract.coze_schemas import SCHEMAS


def test_every_schema_has_its_clause():
    """Every schema has a clause, and every clause about a shape has a schema, but for laws of all shapes."""
    shapes = {
        clause.id.removeprefix("coze.shape.")
        for clause in CLAUSES["coze"]
        if clause.id.startswith("coze.shape.")
    }

    laws = {"success", "extra", "once", "counted", "past", "named", "agreeing"}
    assert shapes - laws == SCHEMAS.keys()
