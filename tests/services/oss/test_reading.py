"""Ranges and conditions."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from mockcbs.core.errors import ApiError
from mockcbs.services.oss.contents import Content
from mockcbs.services.oss.objects import Object
from mockcbs.services.oss.reading import Range, check_copy, is_unchanged, range_of

AT = 1_700_000_000_000
ONE = Object("b", "k", Content(3, "A" * 32, 0, ()), modified=AT)
EARLIER, SAME = "Tue, 14 Nov 2023 22:13:19 GMT", "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.mark.parametrize(
    ("header", "usual", "standard"),
    [
        ("bytes=0-2", Range(0, 3), Range(0, 3)),
        ("bytes=1-", Range(1, 10), Range(1, 10)),
        ("bytes=-4", Range(6, 10), Range(6, 10)),
        ("bytes=5-10", None, Range(5, 10)),
        ("bytes=-11", None, Range(0, 10)),
        ("bytes=10-", None, "InvalidRange"),
        ("bytes=3-2", None, "InvalidRange"),
        ("bytes=-", None, None),
        ("lines=1-2", None, None),
        (None, None, None),
    ],
)
def test_a_range_beyond_the_end_is_ignored_unless_the_client_wants_the_standard(header, usual, standard):
    """The whole object is the response; the standard behaviour is an error."""
    assert range_of(header, 10, standard=False) == usual
    if standard == "InvalidRange":
        with pytest.raises(ApiError, match="InvalidRange"):
            range_of(header, 10, standard=True)
    else:
        assert range_of(header, 10, standard=True) == standard


@given(st.from_regex(r"bytes=\d{0,3}-\d{0,3}", fullmatch=True), st.integers(0, 300), st.booleans())
def test_a_range_lies_within_the_object(header, size, standard):
    """Whatever the header contains, no byte beyond the object is read."""
    with contextlib.suppress(ApiError) if standard else contextlib.nullcontext():
        found = range_of(header, size, standard=standard)

        assert found is None or 0 <= found.start < found.stop <= size


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"If-Match": f'"{"a" * 32}"'}, False),
        ({"If-Match": "*"}, False),
        ({"If-Match": '"B"'}, "PreconditionFailed"),
        ({"If-None-Match": f'"B", "{"A" * 32}"'}, True),
        ({"If-None-Match": "B"}, False),
        ({"If-Modified-Since": SAME}, True),
        ({"If-Modified-Since": EARLIER}, False),
        ({"If-Unmodified-Since": SAME}, False),
        ({"If-Unmodified-Since": EARLIER}, "PreconditionFailed"),
        ({"If-Modified-Since": "yesterday"}, False),
    ],
)
def test_conditions(headers, expected):
    """Conditions apply to a read, and under other names to the source of a copy."""
    copied = {f"x-oss-copy-source-{name.lower()}": value for name, value in headers.items()}
    for check, given_headers in ((is_unchanged, headers), (check_copy, copied)):
        if expected == "PreconditionFailed":
            with pytest.raises(ApiError, match="PreconditionFailed"):
                check(ONE, Headers(given_headers))
        else:
            assert check(ONE, Headers(given_headers)) is expected
