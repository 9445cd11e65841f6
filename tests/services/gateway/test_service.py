"""What the services behind the gateway share."""

import pytest

from mockcbs.services.gateway.service import token


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"HTTP_X_AUTH_TOKEN": " a "}, "a"),
        ({"HTTP_AUTHORIZATION": "Bearer a"}, "a"),
        ({"HTTP_X_AUTH_TOKEN": "a", "HTTP_AUTHORIZATION": "Bearer b"}, "a"),
        ({"HTTP_AUTHORIZATION": "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=1"}, "AK"),
        ({}, ""),
    ],
)
def test_token(environ, found):
    """The caller is the token, or else the access key of a signature."""
    assert token(environ) == found
