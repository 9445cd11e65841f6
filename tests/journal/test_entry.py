"""One call, as the journal keeps it."""

import json
from dataclasses import replace

from mockcbs.core import masking
from mockcbs.journal import entry
from mockcbs.journal.entry import Entry
from tests.journal.calls import journal


def test_packing_keeps_everything():
    """Another worker reads an equal entry, even if its bodies have arbitrary bytes."""
    [kept] = journal("/a").entries()
    changed = replace(kept, raw_body=b"\xff\x00", deliveries=("d1",), records=("1/s/2",), near_misses=("no",))

    again = Entry.unpacked(json.loads(json.dumps(changed.packed())))

    assert again == changed
    assert again.as_dict() == changed.as_dict()
    assert again.as_dict()["records"] == ["1/s/2"]


def test_secrets_of_a_query_are_found_once(monkeypatch):
    """Finding them in a long query takes milliseconds, and many parts of an entry are shown without them."""
    [kept] = journal("/a", raw_query="token=s3cretly&" * 2_000, near_misses=("no s3cretly",) * 5).entries()
    searched = []
    values = masking.values
    monkeypatch.setattr(masking, "values", lambda text: searched.append(text) or values(text))

    shown = kept.as_dict()

    assert searched.count(kept.raw_query) == 1
    assert shown["near_misses"] == ["no ***"] * 5


def test_all_that_may_be_large_counts():
    """A page of calls with long queries or headers is sent piece by piece, like one with long bodies."""
    [kept] = journal("/a", raw_query="q" * 30_000, raw_headers={"HTTP_X": "h" * 20_000}).entries()

    assert kept.size == 50_000 + len(kept.raw_body) + len(kept.raw_response)


def test_long_queries_are_not_remembered():
    """The parsed parameters of many long queries would take much memory."""
    [kept] = journal("/a").entries()
    before = entry._used.cache_info().currsize

    assert kept.query_used("a=" + "x" * 2_000) == {"a": "x" * 2_000}
    assert entry._used.cache_info().currsize == before
