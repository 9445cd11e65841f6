"""The tables of a service, as the store and datasets see them."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.services import registry
from mockcbs.tables.model import SEED_COLUMNS

DIALECTS = [service.dialect for service in registry.services() if service.dialect]
BASES = {
    "airtable": ("app0123456789ABCD", "tbl0123456789ABCD"),
    "feishu": ("bascnAbCdEfGhIjKlMnOpQrSt", "tblAbCdEfGhIjKlM"),
    "tencent_docs": ("DAbCdEfGhIj", "BB08J2"),
}


def mock(**settings):
    return create_app(Settings(**settings)).extensions["mockcbs"]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.service)
def test_a_table_that_nobody_has_described(dialect):
    """A table without a description has the columns of a reporting node and one view."""
    base, table_id = BASES[dialect.service]

    table = dialect.default_table(base, table_id)

    assert [column.name for column in table.columns] == list(SEED_COLUMNS)
    assert len({column.id for column in table.columns}) == len(SEED_COLUMNS)
    assert [view.name for view in table.views] == [dialect.view]
    assert dialect.default_table(base, table_id) == table
    assert dialect.bases.pattern.fullmatch(base)
    assert dialect.tables.pattern.fullmatch(table_id)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.service)
def test_strict_knows_no_table_that_nobody_has_described(dialect):
    """Open, any table of the right form is there."""
    base, table_id = BASES[dialect.service]

    assert dialect.store(mock(), "s").table(base, table_id)
    assert dialect.store(mock(strict=True), "s").table(base, table_id) is None


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.service)
def test_ids_of_rows(dialect):
    """Ids of rows depend only on seed, scope, table and number."""
    base, table_id = BASES[dialect.service]

    def first_id(seed: int, scope: str) -> str:
        tables = dialect.store(mock(seed=seed), scope)
        return tables.add(tables.table(base, table_id), {}, at=0).id

    assert first_id(1, "a") == first_id(1, "a")
    assert len({first_id(1, "a"), first_id(1, "b"), first_id(2, "a")}) == 3
