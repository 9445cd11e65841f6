"""An outbox that replicas share."""

from concurrent.futures import ThreadPoolExecutor

from mockcbs.backend.postgres.backend import PostgresBackend


def test_each_entry_goes_to_one_replica(backend, url):
    """Two replicas never claim the same entry, and an entry that one acknowledges is gone for both."""
    other = PostgresBackend(url)
    numbers = {backend.outbox.append("hooks", {"n": number}, due=number) for number in range(20)}

    with ThreadPoolExecutor(4) as pool:
        claimed = pool.map(
            lambda one: [entry.number for entry in one.outbox.claim("hooks", 100, seconds=1000)],
            [backend, other] * 4,
        )
        found = [number for claim in claimed for number in claim]

    assert sorted(found) == sorted(set(found))
    assert set(found) <= numbers
    assert other.outbox.ack(found[0])
    assert not backend.outbox.ack(found[0])
    assert {entry.number for entry in backend.outbox.peek("hooks")} == numbers - {found[0]}
    other.close()
