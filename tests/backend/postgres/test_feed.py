"""Looks at what other replicas have changed, on an event loop."""

import asyncio
from functools import partial

import pytest

from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.backend.postgres.changes import ReplicatedChanges
from mockcbs.backend.postgres.connections import Connections
from mockcbs.backend.postgres.feed import PostgresFeed
from tests import backends


@pytest.fixture
def pair(postgres_url):
    """Two replicas."""
    url = backends.fresh_schema(postgres_url)
    made = [PostgresBackend(url) for _ in range(2)]
    yield made
    for backend in made:
        backend.close()


def looks(backend, count: int) -> list[int]:
    """Ask for so many looks in two chains, each from what the one before lets go on; the order in which they
    end.
    """
    ended: list[int] = []

    async def run() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        def look(number: int) -> None:
            backend.feed.after_look(loop, lambda: done(number))

        def done(number: int) -> None:
            ended.append(number)
            if number + 2 < count:
                look(number + 2)
            if len(ended) == count:
                over.set()

        connected = asyncio.Event()
        backend.feed.after_look(loop, connected.set)
        await connected.wait()
        look(0)
        loop.call_soon(loop.call_soon, loop.call_soon, look, 1)  # while the first look is under way
        async with asyncio.timeout(20):
            await over.wait()
        backend.feed.close()

    asyncio.run(run())
    return ended


def test_looks_follow_each_other_on_one_connection(pair, monkeypatch):
    """Every check for changes runs, and no check opens a new connection."""
    connect, connections = Connections.connect, []
    monkeypatch.setattr(Connections, "connect", lambda self: connections.append(1) or connect(self))

    ended = looks(pair[0], 40)

    assert sorted(ended) == list(range(40))
    assert len(connections) == 1


def test_callers_of_a_check_share_the_next_one_with_those_that_waited(pair, monkeypatch):
    """Those that came during a check do not get one of their own: two chains need as many checks as one."""
    ask, queries = PostgresFeed._ask, []
    monkeypatch.setattr(PostgresFeed, "_ask", lambda *args: queries.append(1) or ask(*args))

    looks(pair[0], 40)

    assert len(queries) <= 25


def test_the_database_works_on_a_check_while_callers_of_the_last_one_continue(pair, monkeypatch):
    """The next check is sent before the last eighth of the callers continues, all of them in their order.

    What comes after a check was sent waits for another one (law 11).
    """
    feed, events, ask = pair[0].feed, [], PostgresFeed._ask
    names = [f"caller {number}" for number in range(16)]
    before, last = names[:14], names[14:]

    def noted(*arguments):
        events.append("check")
        ask(*arguments)

    async def run() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        def call(name: str) -> None:
            events.append(name)
            if name == before[0]:
                feed.after_look(loop, partial(call, "meanwhile"))
            if name == last[-1]:
                feed.after_look(loop, partial(call, "late"))
            if name == "late":
                over.set()

        connected = asyncio.Event()
        feed.after_look(loop, connected.set)
        await connected.wait()
        monkeypatch.setattr(PostgresFeed, "_ask", noted)
        monkeypatch.setattr(PostgresFeed, "_learn", lambda *_: True)
        for name in names:
            feed.after_look(loop, partial(call, name))
        async with asyncio.timeout(20):
            await over.wait()
        feed.close()

    asyncio.run(run())

    assert events == ["check", *before, "check", *last, "meanwhile", "check", "late"]


def test_a_check_that_glances_finds_a_change(pair, monkeypatch):
    """While nothing changes, checks read no changes; they do so when another replica has made one."""
    one, other = pair
    learn, learned = ReplicatedChanges.learn, []
    monkeypatch.setattr(ReplicatedChanges, "learn", lambda *args: learned.append(1) or learn(*args))
    found = []

    async def run() -> None:
        loop = asyncio.get_running_loop()

        async def check() -> None:
            over = asyncio.Event()
            one.feed.after_look(loop, over.set)
            async with asyncio.timeout(20):
                await over.wait()

        await check()
        for _ in range(20):
            seen = one.changes.watch(("a",))
            for _ in range(4):
                await check()
            still = one.changes.changed(seen)
            other.changes.bump("a")
            await check()
            found.append((still, one.changes.changed(seen)))
        one.feed.close()

    asyncio.run(run())

    assert found == [(False, True)] * 20
    assert len(learned) < 80


def test_what_another_replica_changed_before_is_known_after_a_look(pair):
    """A replica knows the changes of another one after a check, and not before."""
    one, other = pair
    one.feed.refresh()
    seen, untouched = one.changes.watch(("a",)), one.changes.watch(("b",))

    other.changes.bump("a")
    before = one.changes.changed(seen)
    one.feed.refresh()

    assert not before
    assert one.changes.changed(seen)
    assert not one.changes.changed(untouched)
