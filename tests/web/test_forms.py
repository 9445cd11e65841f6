"""Files in forms are counted, not kept."""

import io

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.web.forms import Counted


@given(st.lists(st.binary(max_size=50)))
def test_the_size_is_the_sum_of_all_pieces(pieces):
    """The position at the end is the sum of all pieces, and reading returns nothing."""
    counted = Counted()

    written = [counted.write(piece) for piece in pieces]

    assert written == [len(piece) for piece in pieces]
    assert counted.seek(0, io.SEEK_END) == sum(written)
    assert counted.seek(0) == 0
    assert counted.read() == b""
