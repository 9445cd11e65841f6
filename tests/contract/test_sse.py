"""Server-sent events, read strictly."""

import pytest

from mockcbs.contract import sse


@pytest.mark.parametrize(
    "body",
    [
        b"event:done\ndata:1",
        b": ping\n\n",
        b"event:done\ndata:1\ndata:2\n\n",
        b"event:done\n\n",
        b"data:1\nevent:done\n\n",
        b"id:0\nevent:done\ndata:1\n\n",
        b"event:done\r\ndata:1\r\n\r\n",
    ],
)
def test_streams_that_would_stop_a_client(body):
    """Each line must be valid for the strictest client."""
    with pytest.raises(ValueError, match=r"event|done|line|return"):
        sse.events(body)


def test_events_are_read():
    """Names, data and ids of events are read, with or without a blank after the colon."""
    first, last = sse.events(
        b"id: 0\nevent: Message\ndata: [1.0]\n\nid:1\nevent:Done\ndata:{}\n\n", numbered=True
    )

    assert (first.name, first.data, first.number) == ("Message", [1], "0")
    assert (last.name, last.data, last.number) == ("Done", {}, "1")
