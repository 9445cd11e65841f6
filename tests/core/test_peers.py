"""The peers of a mock that is served by one process."""

from itertools import islice

from mockcbs.core.peers import NoPeers, Responses


def test_the_only_worker_gets_no_response():
    """A single worker gets no responses, and none is missing."""
    peers = NoPeers()
    peers.join(0)
    peers.handle("tally", lambda: 1)
    peers.forget_lost()

    responses = peers.request("tally", "details")

    assert (responses, responses.missing) == ([], ())
    assert Responses([1]).missing == ()
    assert peers.name


def test_its_numbers_ascend():
    """The numbers ascend from 1 after each start."""
    assert list(islice(NoPeers().numbers(), 3)) == [1, 2, 3]
