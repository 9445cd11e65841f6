"""Documents, alike in every backend."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcbs.backend.documents import NEWEST_FIRST
from mockcbs.backend.memory import MemoryDocuments
from tests.thoroughness import examples

VALUES = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from(["", "a", "b", "名'"])
)
MEMBERS = st.sampled_from(["a", "b c", "名'"])
CONDITIONS = st.lists(
    st.tuples(MEMBERS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), VALUES), max_size=2
)
SORTS = st.lists(
    st.builds("".join, st.tuples(st.sampled_from(["", "-"]), MEMBERS)) | st.just("-"), max_size=2
)


def test_documents_are_kept_by_kind_scope_and_key(backend):
    """A document can be put, read, listed in order, replaced and deleted; scopes and kinds are separate."""
    documents = backend.documents

    documents.put("session", "p1", "b", {"n": 1})
    documents.put("session", "p1", "a", {"n": 2})
    documents.put("session", "p1", "b", {"n": 3})
    documents.put("session", "p2", "b", {"n": 4})

    assert documents.get("session", "p1", "b") == {"n": 3}
    assert documents.select("session", "p1") == [{"n": 3}, {"n": 2}]
    assert documents.get("request", "p1", "b") is None
    assert documents.delete("session", "p1", "b")
    assert not documents.delete("session", "p1", "b")
    documents.clear("p1")
    assert documents.select("session", "p1") == []
    assert documents.get("session", "p2", "b") == {"n": 4}
    documents.drop("session")
    assert documents.get("session", "p2", "b") is None


def test_documents_are_selected_sorted_and_paged(backend):
    """Conditions choose, sort keys order, and pages follow each other without a gap."""
    for number in range(10):
        document = {"number": number, "even": number % 2 == 0, "group": "ab"[number > 6]}
        backend.documents.put("row", "p", f"k{number}", document)

    def numbers(**how):
        return [row["number"] for row in backend.documents.select("row", "p", **how)]

    assert numbers(where=[("even", "=", True), ("number", ">", 2)]) == [4, 6, 8]
    assert numbers(where=[("group", "!=", "a")], sort=["-number"]) == [9, 8, 7]
    assert numbers(sort=["-group", "even"]) == [7, 9, 8, 1, 3, 5, 0, 2, 4, 6]
    assert numbers(sort=NEWEST_FIRST, limit=3) == [9, 8, 7]
    assert numbers(sort=NEWEST_FIRST, after="k7", limit=2) == [6, 5]
    assert numbers(offset=8) == [8, 9]
    assert numbers(after="gone") == []
    assert backend.documents.count("row", "p", [("even", "=", False)]) == 5
    assert backend.documents.count("row", "q") == 0


@pytest.mark.parametrize("name", ['a"b', "a\\b", "--", "-'\""])
def test_names_that_no_database_can_be_asked_about_are_refused(backend, name):
    """A name of a member that could leave the quotes of a query is refused."""
    with pytest.raises(ValueError, match="not the name of a member"):
        backend.documents.select("row", "p", sort=[name])
    with pytest.raises(ValueError, match="not the name of a member"):
        backend.documents.count("row", "p", [(name, "=", 1)])


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    rows=st.lists(st.dictionaries(MEMBERS, VALUES | st.just([1]) | st.just({"x": 1})), max_size=6),
    where=CONDITIONS,
    sort=SORTS,
    after=st.none() | st.integers(0, 5),
    window=st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3)),
)
def test_all_select_alike(backend, rows, where, sort, after, window):
    """Every backend finds the same documents as the memory backend, for any query of any documents."""
    model = MemoryDocuments()
    backend.documents.drop("row")
    for number, row in enumerate(rows):
        for documents in (backend.documents, model):
            documents.put("row", "p", str(number), {**row, "number": number})

    found, wanted = (
        documents.select(
            "row",
            "p",
            where=where,
            sort=sort,
            after=None if after is None else str(after),
            offset=window[0],
            limit=window[1],
        )
        for documents in (backend.documents, model)
    )

    assert found == wanted
    assert backend.documents.count("row", "p", where) == model.count("row", "p", where)
