"""One call, as the journal keeps it."""

import json
from dataclasses import replace

from mockcbs.journal.entry import Entry
from tests.journal.calls import journal


def test_packing_keeps_everything():
    """Another worker reads an equal entry, even if its bodies have arbitrary bytes."""
    [kept] = journal("/a").entries()
    entry = replace(kept, raw_body=b"\xff\x00", deliveries=("d1",), records=("1/s/2",), near_misses=("no",))

    again = Entry.unpacked(json.loads(json.dumps(entry.packed())))

    assert again == entry
    assert again.as_dict() == entry.as_dict()
    assert again.as_dict()["records"] == ["1/s/2"]
