"""What a run has written is what every later response has to show."""

import pytest

from mockcbs.contract.targets import Call
from mockcbs.contract.written import Written, body_of
from tests.contract.kits import broken, kit_without_server, response_to

CLAUSE = "feishu.shape.written"
CELLS = {"name": "早", "size": 5}
ANSWER = response_to("/x", {})


@pytest.fixture
def kit():
    return kit_without_server("feishu")


def written(kit):
    found = Written(kit, CLAUSE)
    found.wrote(ANSWER, [("rec1", CELLS)], [CELLS])
    return found


@pytest.mark.parametrize(
    "cells",
    [
        CELLS,
        {**CELLS, "formula": 1},
        {**CELLS, "name": [{"type": "text", "text": "早"}]},
    ],
    ids=["the same", "a column that nobody wrote", "text in segments"],
)
def test_the_same_cells(cells, kit):
    """A record may have more columns, and its texts another form."""
    written(kit).read(ANSWER, [("rec1", cells), ("stranger", {"size": 9})], is_whole=True)

    assert broken(kit) == set()
    assert kit.ledger.entries[CLAUSE].checks == 2


@pytest.mark.parametrize("cells", [{"name": "早"}, {**CELLS, "size": "5"}, {**CELLS, "size": 6}])
def test_other_cells(cells, kit):
    """A cell is missing, is of another type, or has another value."""
    written(kit).read(ANSWER, [("rec1", cells)], is_whole=True)

    assert broken(kit) == {CLAUSE}


def test_chosen_columns(kit):
    """A response that shows some columns only has those as they were written."""
    known = written(kit)

    known.read(ANSWER, [("rec1", {"size": 5})], is_whole=False)
    assert broken(kit) == set()

    known.read(ANSWER, [("rec1", {"size": 6})], is_whole=False)
    assert broken(kit) == {CLAUSE}


def test_a_later_write(kit):
    """An update changes what it names, and clears what it names as null."""
    known = written(kit)

    known.wrote(ANSWER, [("rec1", {"size": 6})], [{"size": 6, "name": None}])
    known.read(ANSWER, [("rec1", {"size": 6})], is_whole=True)

    assert broken(kit) == set()


def test_a_write_that_clears_the_rest(kit):
    """After a write of the whole record the other cells are gone, but for those that nobody writes."""
    known = Written(kit, CLAUSE, fixed=("at",))
    known.wrote(ANSWER, [("rec1", {**CELLS, "at": 1})], [{**CELLS, "at": 1}])

    known.wrote(ANSWER, [("rec1", {"size": 6, "at": 1})], [{"size": 6}], is_whole=True)
    assert broken(kit) == set()

    known.read(ANSWER, [("rec1", {"size": 6})], is_whole=True)
    assert broken(kit) == {CLAUSE}


@pytest.mark.parametrize("records", [[], [("rec2", {"size": 2}), ("rec1", {"size": 1})]])
def test_records_of_a_write(records, kit):
    """The response to a write has its records, in their order."""
    Written(kit, CLAUSE).wrote(ANSWER, records, [{"size": 1}, {"size": 2}])

    assert broken(kit) == {CLAUSE}


def test_the_body_of_a_request():
    """Requests without a body, or with one that is no object, have written nothing."""
    assert body_of(response_to(Call("GET", "/x"), {})) == {}
    assert body_of(response_to(Call("POST", "/x", "", {}, b"[1]"), {})) == {}
    assert body_of(response_to(Call("POST", "/x", "", {}, b'{"a":1}'), {})) == {"a": 1}
