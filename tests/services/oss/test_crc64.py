"""CRC-64 as the vendor's SDKs compute it."""

from hypothesis import given
from hypothesis import strategies as st
from oss2.utils import Crc64 as OfTheSdk

from mockcbs.services.oss.crc64 import Crc64, combine


def crc(*pieces):
    """The checksum of *pieces* in a row."""
    made = Crc64()
    for piece in pieces:
        made.update(piece)
    return made.value


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_the_checksum_is_that_of_the_sdk(pieces):
    """Any pieces have the checksum that the vendor's SDK computes."""
    sdk = OfTheSdk(0)
    for piece in pieces:
        sdk(piece)

    assert crc(*pieces) == sdk.crc


@given(st.binary(max_size=300), st.binary(max_size=3000))
def test_the_checksum_of_two_contents_follows_from_theirs(first, second):
    """The checksum of joined contents needs only their checksums and a length."""
    assert combine(crc(first), crc(second), len(second)) == crc(first, second)
