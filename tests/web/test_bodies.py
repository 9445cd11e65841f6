"""Bodies of requests, small and large."""

from io import BytesIO

import pytest
from werkzeug import Request
from werkzeug.test import EnvironBuilder

from mockcbs.web.bodies import MAX_IN_MEMORY, beginning, is_large, pieces


def sent(size: int) -> Request:
    return Request(
        EnvironBuilder(
            method="PUT", input_stream=BytesIO(b"ab" * (size // 2)), content_length=size
        ).get_environ()
    )


@pytest.mark.parametrize("size", [0, 2, MAX_IN_MEMORY, MAX_IN_MEMORY + 2, 3 * MAX_IN_MEMORY])
def test_pieces_are_the_whole(size):
    """A large body has only small pieces."""
    found = list(pieces(sent(size)))

    assert b"".join(found) == b"ab" * (size // 2)
    assert max(map(len, found)) <= MAX_IN_MEMORY


def test_what_patterns_and_the_journal_see():
    """The first bytes of a small body; of a large one, only how large it is."""
    assert beginning(sent(10), 3) == b"aba"
    large = sent(2 * MAX_IN_MEMORY)
    assert is_large(large)
    assert beginning(large, 3) == b"2097152 bytes"
    assert len(b"".join(pieces(large))) == 2 * MAX_IN_MEMORY
