"""The journal as a ring, and what it says of calls that should have been."""

from copy import deepcopy

import pytest

from mockcbs.backend.sqlite.peers import LocalPeers
from mockcbs.control.schemas import expectation
from mockcbs.core.patterns import Pattern
from mockcbs.journal.journal import Expectation, Journal, Selection

FACTS = {
    "method": "GET",
    "raw_query": "interval=day&access_token=s3cret",
    "raw_headers": {"HTTP_X_AUTH_TOKEN": "s3cret", "HTTP_AUTHORIZATION": "Bearer s3cret"},
    "raw_body": b'{"auth": {"password": "s3cret"}, "question": "\xe6\xa1\x8c"}',
    "status": 200,
    "raw_answer": b'{"access_token": "s3cret"}',
    "answer_headers": [("X-Subject-Token", "s3cret"), ("Server", "x")],
    "service": "cbs",
    "operation": "cbs.keywords",
    "project": "p",
    "bot": "b",
    "scope": "p",
    "at": 0,
    "duration_ms": 1.25,
}


def journal(*paths: str, size: int = 10, **facts) -> Journal:
    made = Journal(size)
    for path in paths:
        made.add(**{**FACTS, "path": path, **facts})
    return made


def test_newest_first_and_bounded():
    """The ring keeps the last calls only; ids go on."""
    made = journal("/a", "/b", "/c", size=2)

    assert [(entry.path, entry.id) for entry in made.entries()] == [("/c", 3), ("/b", 2)]


def test_no_secret_leaves_the_journal():
    """Neither as JSON, nor in a line, nor in the facts patterns see, nor in the repr."""
    (entry,) = journal("/a", reason="why").entries()

    shown = f"{entry.as_dict()}{entry.line}{entry.call}{entry!r}"
    assert "s3cret" not in shown
    assert "桌" in shown
    assert entry.as_dict()["request"]["headers"] == {"x-auth-token": "***", "authorization": "Bearer ***"}


def test_a_line_tells_what_matters():
    """Status, call, time, and whatever went wrong."""
    facts = {"status": 400, "code": "CBS.0021", "reason": "bad", "fault": "mine: x", "near_misses": ("y",)}

    (entry,) = journal("/a", **facts).entries()

    assert entry.line == (
        "400 GET /a?interval=day&access_token=*** (1.2 ms): CBS.0021; bad; scenario mine: x; y"
    )


def test_clearing_what_several_workers_keep(tmp_path):
    """So many calls are kept in all: those that no worker would tell any more neither count nor come back."""
    peers = LocalPeers(tmp_path, 2)
    one, other = workers = [Journal(3, deepcopy(peers)) for _ in range(2)]
    for slot, worker in enumerate(workers):
        worker._peers.join(slot)
    for number in range(4):
        one.add(**{**FACTS, "path": f"/one/{number}"})
        other.add(**{**FACTS, "path": f"/other/{number}", "scope": "q"})

    assert one.clear("p") == 1
    assert [entry.path for entry in one.entries()] == ["/other/3", "/other/2"]
    assert other.clear() == 2


def test_clearing_one_scope():
    """Only the calls of that scope go."""
    made = journal("/a")
    made.add(**{**FACTS, "path": "/b", "scope": "q"})

    assert made.clear("p") == 1
    assert [entry.path for entry in made.entries()] == ["/b"]
    assert made.clear() == 1


@pytest.mark.parametrize(
    ("numbers", "calls", "fine"),
    [
        ({}, 0, False),
        ({}, 1, True),
        ({}, 5, True),
        ({"count": 2}, 2, True),
        ({"count": 2}, 3, False),
        ({"count": 0}, 0, True),
        ({"count": 0}, 1, False),
        ({"at_most": 1}, 0, True),
        ({"at_most": 1}, 2, False),
        ({"at_least": 2, "at_most": 3}, 3, True),
        ({"at_least": 2, "at_most": 3}, 4, False),
    ],
)
def test_how_many(numbers, calls, fine):
    """At least one unless a number is given; zero can be wanted."""
    made = journal(*["/a"] * calls, "/b")

    shortfall = expectation({"path": "/a"}, **numbers).shortfall(made)

    assert (shortfall is None) == fine


def test_nearest_misses_are_explained():
    """The calls that miss by least come first, each with every reason."""
    made = journal("/far", "/a")
    pattern = Pattern(path="/a", status=404, query={"interval": "day"})

    told = Expectation(pattern).shortfall(made)

    wanted = "wanted at least 1 like path='/a', query={'interval': 'day'}, status=404, found 0"
    assert told.splitlines()[0] == wanted
    assert told.splitlines()[1].startswith("nearest: 200 GET /a?")
    assert told.splitlines()[2] == "    status: wanted 404, was 200"
    assert "    path: wanted '/a', was '/far'" in told


def test_equal_misses_are_told_once():
    """With how many there were; a call that looks or misses otherwise stands by itself."""
    made = journal("/a", "/b", "/b", "/b", duration_ms=2.0)
    made.add(**{**FACTS, "path": "/b", "duration_ms": 7.0})
    made.add(**{**FACTS, "path": "/b", "bot": "other"})

    told = Expectation(Pattern(method="GET", path="/c", bot="b")).shortfall(made)

    assert [line for line in told.splitlines() if not line.startswith(" ")] == [
        "wanted at least 1 like method='GET', path='/c', bot='b', found 0",
        "nearest, 4 times: 200 GET /b?interval=day&access_token=***",
        "nearest: 200 GET /a?interval=day&access_token=***",
        "nearest: 200 GET /b?interval=day&access_token=***",
    ]
    assert told.endswith("    path: wanted '/c', was '/b'\n    bot: wanted 'b', was 'other'")


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(path="/c"),
        Pattern(method="POST", path="*/c", status=404),
        Pattern(operation="iam.*", query={"top": "1"}, header={"X-Nothing": "*"}, body="x"),
    ],
)
def test_what_shares_nothing_is_not_near(pattern):
    """A call of which nothing is as asked is counted, and not called near."""
    told = Expectation(pattern).shortfall(journal("/a", "/a", "/b"))

    assert told.splitlines()[1:] == ["there was nothing like it; other calls: 3"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (Pattern(query={"interval": "week"}), "query 'interval': wanted 'week', was 'day'"),
        (
            Pattern(header={"Authorization": "none"}),
            "header 'authorization': wanted 'none', was 'Bearer ***'",
        ),
        (Pattern(method="GET", path="/c"), "path: wanted '/c', was '/a'"),
        (Pattern(query={"interval": "day", "top": "1"}), "query 'top': wanted '1', was not sent"),
    ],
)
def test_what_shares_something_is_near(pattern, reason):
    """One thing that is as asked will do, or a parameter or header of that name."""
    told = Expectation(pattern).shortfall(journal("/a"))

    assert told.splitlines()[1].startswith("nearest: 200 GET /a?")
    assert told.splitlines()[2:] == [f"    {reason}"]


def test_a_path_that_is_spelt_almost_so_is_near():
    """Even if nothing else was asked."""
    told = Expectation(Pattern(path="*/session_stats")).shortfall(
        journal("/v1/p/session-stats", "/v1/p/hots")
    )

    assert [line.partition("?")[0] for line in told.splitlines()[1:]] == [
        "nearest: 200 GET /v1/p/session-stats",
        "    path: wanted '*/session_stats', was '/v1/p/session-stats'",
    ]


def test_among_those_that_fit_others_are_near():
    """When there were too few, what fits is not among the misses."""
    told = expectation({"path": "/a"}, count=2).shortfall(journal("/a"))

    assert told == "wanted 2 calls like path='/a', found 1\nthere were no other calls"


def test_an_empty_journal_says_so():
    """There may be no misses at all."""
    assert Expectation(Pattern()).shortfall(journal()).endswith("there were no other calls")


def test_pages():
    """Newest first, each page older than the last; what is counted does not depend on the page."""
    made = journal(*(f"/{number}" for number in range(25)), size=100)
    selection = Selection(Pattern(path="/1*"))

    first = made.page(selection, 4)
    rest = made.page(selection, 100, before=first.entries[-1].id)

    assert (first.count, first.more, rest.more) == (11, True, False)
    wanted = [f"/{number}" for number in range(24, -1, -1) if str(number)[0] == "1"]
    assert [entry.path for entry in first.entries + rest.entries] == wanted


def test_answers_are_made_for_the_page_only():
    """Neither counting nor leafing makes the answers of calls that were like an earlier one."""
    made = Journal(50_000)
    first = made.add(**{**FACTS, "path": "/a"})
    asked: list[int] = []

    def answer() -> tuple[list, bytes]:
        asked.append(1)
        return [], b"{}"

    for _ in range(5_000):
        made.repeat(first, 0, 1.0, answer, first.raw_query)

    assert made.count(Pattern(path="/a")) == 5_001
    assert made.count(Pattern(query={"interval": "day"})) == 5_001
    assert not asked
    assert len(made.page(Selection(), 7).entries) == len(asked) == 7


def test_selections_in_time():
    """From an instant on, and up to another."""
    made = Journal(10)
    for at in (10, 20, 30):
        made.add(**{**FACTS, "path": "/a", "at": at})

    assert [entry.at for entry in made.page(Selection(since=20), 9).entries] == [30, 20]
    assert [entry.at for entry in made.page(Selection(until=30), 9).entries] == [20, 10]
