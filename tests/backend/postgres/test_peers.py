"""What replicas ask each other."""

from mockcbs.backend.postgres.backend import PostgresBackend


def test_a_journal_that_is_lost_is_reported_until_it_is_cleared(url):
    """A lost journal is reported whether its replica stopped or died, even if others have joined since."""
    one, other = PostgresBackend(url), PostgresBackend(url)
    for backend in (one, other):
        backend.peers.handle("tally", lambda: 1)
        backend.peers.join(0)
    lost = other.peers.name

    assert (one.peers.request("tally"), one.peers.request("tally").missing) == ([1], ())
    other.close()
    third = PostgresBackend(url)
    assert (one.peers.request("tally"), one.peers.request("tally").missing) == ([], (lost,))
    one.peers.forget_lost()
    assert one.peers.request("tally").missing == ()
    one.close()
    third.close()
