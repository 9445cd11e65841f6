"""HMAC-SHA256 with keys that are used again."""

import hmac

import pytest

from mockcbs.core.hmacs import hmac_sha256


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 200])
def test_a_key_of_any_length_signs_as_rfc_2104_says(length):
    """The digest of a key of over 64 bytes takes its place."""
    key = bytes(range(length))

    assert hmac_sha256(key, b"message").digest() == hmac.digest(key, b"message", "sha256")


def test_a_message_leaves_no_trace_in_the_next_one():
    """The keyed HMAC that is kept is not changed."""
    first = hmac_sha256(b"key", b"one").hexdigest()
    hmac_sha256(b"key", b"two")

    assert hmac_sha256(b"key", b"one").hexdigest() == first
