"""Remembered results of queries."""

import pytest

from mockcbs.backend.results import Results
from mockcbs.core.changes import Changes


@pytest.fixture
def changes():
    return Changes()


@pytest.fixture
def results(changes):
    return Results(changes)


def test_a_result_is_current_until_its_data_change(changes, results):
    """A change elsewhere does not matter; afterwards, the last result is still known."""
    results.remember("query", changes.watch(("documents", "kind", "scope")), {"a": 1})

    changes.bump("documents", "kind", "other")
    before = results.current("query")
    changes.bump("documents", "kind", "scope")

    assert before.value == {"a": 1}
    assert results.current("query") is None
    assert results.last("query").value == {"a": 1}


def test_a_missing_document_is_a_result(changes, results):
    """That there is no document is remembered, too."""
    results.remember("query", changes.watch(("documents", "kind", "scope")), None)

    assert results.current("query").value is None
    assert results.current("another query") is None


def test_long_lists_are_read_again(changes, results):
    """A list of more than a hundred documents is not remembered."""
    token = changes.watch(("documents", "kind", "scope"))

    results.remember("short", token, [{}] * 100)
    results.remember("long", token, [{}] * 101)

    assert results.current("short") is not None
    assert results.current("long") is None
