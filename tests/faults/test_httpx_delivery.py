"""Disturbed deliveries, as a client of httpx meets them."""

import httpx
import pytest

from mockcbs.faults.delivery import Delivery
from mockcbs.faults.httpx_delivery import seconds_of


def test_slow_deliveries_take_their_time():
    """The delay and the pace of the body add up."""
    assert seconds_of(Delivery(), 1000, 5) == 0
    assert seconds_of(Delivery(delay=1.5, bytes_per_second=100), 50, 5) == 2
    assert seconds_of(Delivery(delay=60), 0, None) == 60


@pytest.mark.parametrize(
    ("delivery", "error"),
    [
        (Delivery(delay=5.1), httpx.ReadTimeout),
        (Delivery(wire="no-answer"), httpx.ReadTimeout),
        (Delivery(wire="reset"), httpx.ReadError),
        (Delivery(wire="empty-reply"), httpx.RemoteProtocolError),
        (Delivery(wire="truncated-body"), httpx.RemoteProtocolError),
    ],
)
def test_broken_deliveries_raise_what_the_client_raises(delivery, error):
    """A response that is missing, late or cut off raises the client's own error."""
    with pytest.raises(error):
        seconds_of(delivery, 100, 5)
