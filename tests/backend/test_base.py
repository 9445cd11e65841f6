"""What every backend does alike."""

import time
from concurrent.futures import ThreadPoolExecutor


def test_a_lease_is_held_by_one_and_passes_on(backend):
    """While one holder renews, others wait; released or run out, the lease passes on."""
    leases = backend.leases

    assert leases.lease("job", "a", 1000)
    assert leases.lease("job", "a", 1000)
    assert not leases.lease("job", "b", 1000)
    assert not leases.renew("job", "b", 1000)
    leases.release("job", "b")
    assert leases.renew("job", "a", 0.0)
    assert leases.lease("job", "b", 1000)
    assert not leases.renew("job", "a", 1000)
    leases.release("job", "b")
    assert leases.lease("job", "c", 1000)


def test_one_of_many_gets_a_lease(backend):
    """Of many that request a lease at the same time, one gets it."""
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda holder: backend.leases.lease("job", str(holder), 1000), range(8)))

    assert sum(got) == 1


def test_an_outbox_gives_what_is_due_in_order(backend):
    """Entries are claimed by due time, each by one worker, until they are acknowledged or postponed."""
    outbox = backend.outbox
    late, soon, other = (
        outbox.append(queue, {"n": number}, due=due, scope="p")
        for number, (queue, due) in enumerate([("hooks", 200), ("hooks", 100), ("rows", 1)])
    )

    assert [entry.number for entry in outbox.peek("hooks")] == [soon, late]
    assert outbox.claim("hooks", 99, seconds=1000) == []
    (first,) = outbox.claim("hooks", 150, seconds=1000)
    assert (first.number, first.body, first.scope, first.due) == (soon, {"n": 1}, "p", 100)
    (second,) = outbox.claim("hooks", 250, seconds=1000)
    assert second.number == late
    assert outbox.postpone(late, 300, {"n": 0, "attempts": 1})
    assert outbox.claim("hooks", 250, seconds=1000) == []
    assert [entry.body for entry in outbox.claim("hooks", 300, seconds=1000)] == [{"n": 0, "attempts": 1}]
    assert outbox.ack(soon)
    assert not outbox.ack(soon)
    assert not outbox.postpone(soon, 1)
    assert [entry.number for entry in outbox.peek("hooks")] == [late]
    assert [entry.number for entry in outbox.peek("rows")] == [other]


def test_a_claim_runs_out(backend):
    """An entry that a worker claimed but did not acknowledge can be claimed again."""
    number = backend.outbox.append("hooks", {}, due=0)

    assert [entry.number for entry in backend.outbox.claim("hooks", 0, seconds=0.0)] == [number]
    assert [entry.number for entry in backend.outbox.claim("hooks", 0, seconds=1000)] == [number]
    assert backend.outbox.claim("hooks", 0, seconds=1000) == []


def test_an_outbox_forgets_a_scope(backend):
    """Reset empties the outbox, in one scope or in all."""
    for scope in "pq":
        backend.outbox.append("hooks", {}, due=0, scope=scope)

    backend.outbox.clear("p")

    assert [entry.scope for entry in backend.outbox.peek("hooks")] == ["q"]
    backend.outbox.clear()
    assert backend.outbox.peek("hooks") == []


def test_a_transaction_keeps_others_out(backend):
    """No other thread writes between the reads and writes of a transaction, so no count is lost."""

    def count() -> None:
        for _ in range(50):
            with backend.documents.transaction():
                value = (backend.documents.get("counter", "p", "n") or {"value": 0})["value"]
                time.sleep(0)  # lets another thread run, if it can
                backend.documents.put("counter", "p", "n", {"value": value + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(), range(8)))

    assert backend.documents.get("counter", "p", "n") == {"value": 400}


def test_requests_are_counted_by_scope(backend):
    """Counts of a scope begin at 0, and again at 0 after a clear; a scope may have any name."""
    counts = backend.counts
    names = ["", "p", "x" * 3000, "\0"]

    numbers = [counts.next(name) for _ in range(3) for name in names]

    assert numbers == [0] * 4 + [1] * 4 + [2] * 4
    counts.clear("p")
    assert [counts.next(name) for name in names] == [3, 0, 3, 3]
    counts.clear()
    assert [counts.next(name) for name in names] == [0] * 4


def test_threads_count_each_request_once(backend):
    """No number is given twice, even if many threads count at the same time."""
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: backend.counts.next("p"), range(200)))

    assert sorted(numbers) == list(range(200))


def test_a_transaction_keeps_no_count_waiting(backend):
    """Requests are counted while another one writes, also in the same scope; its own number is its own."""
    with ThreadPoolExecutor(1) as pool, backend.documents.transaction():
        backend.documents.put("toy", "p", "key", {})
        mine = backend.counts.next("p")

        other = pool.submit(backend.counts.next, "p").result(timeout=30)

    assert (mine, other, backend.counts.next("p")) == (0, 1, 2)
