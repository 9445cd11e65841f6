"""The journal as a ring of the last calls, which never shows a secret."""

import json
import random
import time
from copy import deepcopy

from mockcbs.backend.sqlite.peers import LocalPeers
from mockcbs.core.clock import iso, real_now
from mockcbs.core.patterns import Pattern
from mockcbs.journal.entry import Entry
from mockcbs.journal.journal import Journal
from mockcbs.journal.selection import Selection
from tests.journal.calls import FACTS, journal


def test_newest_first_and_bounded():
    """The ring keeps only the last calls; ids still increase."""
    made = journal("/a", "/b", "/c", size=2)

    assert [(entry.path, entry.id) for entry in made.entries()] == [("/c", 3), ("/b", 2)]


def test_no_secret_leaves_the_journal():
    """The secret is not in the JSON, the line, the facts for patterns or the repr."""
    (entry,) = journal("/a", reason="why").entries()

    shown = f"{entry.as_dict()}{entry.line}{entry.call}{entry!r}"
    assert "s3cret" not in shown
    assert "桌" in shown
    assert entry.as_dict()["request"]["headers"] == {"x-auth-token": "***", "authorization": "Bearer ***"}


def test_a_line_tells_what_matters():
    """A line has status, call, time, and all problems."""
    facts = {"status": 400, "code": "CBS.0021", "reason": "bad", "fault": "mine: x", "near_misses": ("y",)}

    (entry,) = journal("/a", **facts).entries()

    assert entry.line == (
        "400 GET /a?interval=day&access_token=*** (1.2 ms): CBS.0021; bad; scenario mine: x; y"
    )


def test_real_time_stands_beside_the_time_of_the_mock():
    """A frozen clock does not hide when a call came; a repeated one has its own time."""
    before = real_now()
    made = journal("/a")
    made.repeat(made.entries()[0], 1000, 0.5, lambda: ((), b""), query="", headers={})

    newest, first = made.entries()
    assert (newest.as_dict()["at"], newest.at) == ("1970-01-01T00:00:01.000Z", 1000)
    assert before <= first.real_at <= newest.real_at <= real_now()
    assert newest.as_dict()["real_at"] == iso(newest.real_at)


def test_clearing_what_several_workers_keep(tmp_path):
    """All workers together keep the size of the journal; older calls neither count nor return."""
    peers = LocalPeers(tmp_path, 2)
    one, other = workers = [Journal(3, deepcopy(peers)) for _ in range(2)]
    for slot, worker in enumerate(workers):
        worker._peers.join(slot)
    for number in range(4):
        one.add(**{**FACTS, "path": f"/one/{number}"})
        other.add(**{**FACTS, "path": f"/other/{number}", "scope": "q"})

    assert one.clear("p").calls == 1
    assert [entry.path for entry in one.entries()] == ["/other/3", "/other/2"]
    assert other.clear().calls == 2


def test_calls_travel_as_json():
    """Another worker gets every field of an entry, including raw bytes and secrets."""
    (entry,) = journal("/a", raw_body=b"\xff\x00", near_misses=("y",)).entries()

    travelled = Entry.unpacked(json.loads(json.dumps(entry.packed())))

    assert travelled == entry
    assert travelled.as_dict() == entry.as_dict()
    assert all(type(getattr(travelled, name)) is type(value) for name, value in FACTS.items())


def test_a_page_of_several_workers(tmp_path):
    """Calls of all workers are listed newest first, and can be matched whichever worker answered them."""
    peers = LocalPeers(tmp_path, 2)
    one, other = workers = [Journal(9, deepcopy(peers)) for _ in range(2)]
    for slot, worker in enumerate(workers):
        worker._peers.join(slot)
    for number in range(2):
        one.add(**{**FACTS, "path": f"/one/{number}"})
        other.add(**{**FACTS, "path": f"/other/{number}", "status": 404})

    assert [entry.path for entry in one.entries()] == ["/other/1", "/one/1", "/other/0", "/one/0"]
    assert one.count(Pattern(query={"interval": "day"}, status=404)) == 2
    assert isinstance(one.entries()[0], Entry)


def test_clearing_one_scope():
    """Clearing one scope deletes only the calls of that scope."""
    made = journal("/a")
    made.add(**{**FACTS, "path": "/b", "scope": "q"})

    assert made.clear("p").calls == 1
    assert [entry.path for entry in made.entries()] == ["/b"]
    assert made.clear().calls == 1


def test_pages():
    """The newest calls come first, each page has older ones, and the count does not depend on the page."""
    made = journal(*(f"/{number}" for number in range(25)), size=100)
    selection = Selection(Pattern(path="/1*"))

    first = made.page(selection, 4)
    rest = made.page(selection, 100, before=first.entries[-1].id)

    assert (first.count, first.more, rest.more) == (11, True, False)
    wanted = [f"/{number}" for number in range(24, -1, -1) if str(number)[0] == "1"]
    assert [entry.path for entry in first.entries + rest.entries] == wanted


def test_responses_are_rendered_for_the_page_only():
    """Counting and paging do not render the responses of repeated calls."""
    made = Journal(50_000)
    first = made.add(**{**FACTS, "path": "/a"})
    rendered: list[int] = []

    def render() -> tuple[list, bytes]:
        rendered.append(1)
        return [], b"{}"

    for _ in range(5_000):
        made.repeat(first, 0, 1.0, render, query=first.raw_query, headers={})

    assert made.count(Pattern(path="/a")) == 5_001
    assert made.count(Pattern(query={"interval": "day"})) == 5_001
    assert not rendered
    assert len(made.page(Selection(), 7).entries) == len(rendered) == 7


def test_selections_in_time():
    """The earliest time is included, the latest is not."""
    made = Journal(10)
    for at in (10, 20, 30):
        made.add(**{**FACTS, "path": "/a", "at": at})

    assert [entry.at for entry in made.page(Selection(since=20), 9).entries] == [30, 20]
    assert [entry.at for entry in made.page(Selection(until=30), 9).entries] == [20, 10]


def test_a_call_that_began_before_the_journal_was_cleared_is_left_out():
    """A call that is still being answered when a test resets the mock does not show up in the next test."""
    made = Journal(10)
    began = time.perf_counter()

    made.clear("p")
    made.add(**{**FACTS, "path": "/cleared", "scope": "p"}, began=began)
    made.add(**{**FACTS, "path": "/other", "scope": "q"}, began=began)
    made.add(**{**FACTS, "path": "/after", "scope": "p"}, began=time.perf_counter())
    of_one_scope = [entry.path for entry in made.entries()]
    made.clear()
    made.add(**{**FACTS, "path": "/other", "scope": "q"}, began=began)

    assert of_one_scope == ["/after", "/other"]
    assert made.entries() == []


def test_the_oldest_call_of_several_workers(tmp_path, monkeypatch):
    """Whatever the gaps between ids, all workers together show exactly as many calls as the journal keeps."""
    peers = LocalPeers(tmp_path, 2)
    one, other = workers = [Journal(50, deepcopy(peers)) for _ in range(2)]
    for slot, worker in enumerate(workers):
        worker._peers.join(slot)
    ids = random.Random(1).sample(range(10**12), 120)
    for worker, numbers in ((one, sorted(ids[:80])), (other, sorted(ids[80:]))):
        monkeypatch.setattr(worker._ring, "_numbers", iter(numbers))
        for _ in numbers:
            worker.add(**{**FACTS, "path": "/a"})

    first = one.page(Selection(), 30)
    rest = other.page(Selection(), 30, before=first.entries[-1].id)

    assert first.count == rest.count == 50
    kept = [*sorted(ids[:80])[-50:], *sorted(ids[80:])]
    assert [entry.id for entry in first.entries + rest.entries] == sorted(kept, reverse=True)[:50]
    assert (first.more, rest.more) == (True, False)


def test_large_calls_of_another_worker_come_in_parts(tmp_path, monkeypatch):
    """What one worker sends another at once is bounded, but a page is whole; a search pauses and goes on."""
    monkeypatch.setattr("mockcbs.journal.journal._MAX_SENT", 100)
    monkeypatch.setattr("mockcbs.journal.journal._SECONDS", -1)
    peers = LocalPeers(tmp_path, 2)
    one, other = workers = [Journal(50, deepcopy(peers)) for _ in range(2)]
    for slot, worker in enumerate(workers):
        worker._peers.join(slot)
    for number in range(7):
        other.add(**{**FACTS, "path": f"/{number}", "raw_body": b"x" * 80})

    page = one.page(Selection(), 6)

    assert (page.count, page.more, page.missing) == (7, True, ())
    assert [entry.path for entry in page.entries] == ["/6", "/5", "/4", "/3", "/2", "/1"]


def test_a_page_leaves_nothing_behind():
    """Reading and verifying a long journal keeps nothing for each of its calls in memory."""
    made = journal(*("/a" for _ in range(50)), size=100)
    before = [len(vars(entry)) for entry in made.entries()]

    made.page(Selection(Pattern(path="/*", query={"interval": "*"}, header={"a": "*"}, body="x")), 50)
    for entry in made.page(Selection(), 50).entries:
        entry.as_dict()

    assert [len(vars(entry)) for entry in made.entries()] == before
