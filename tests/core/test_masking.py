"""Secrets are removed from everything that is stored or shown."""

import pytest

from mockcbs.core import masking

masking.add(masking.Secrets(headers=("X-Auth-Token", "X-Subject-Token")))  # as the services do


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("X-Auth-Token", "MIIabc", "***"),
        ("Authorization", "Bearer pat_1", "Bearer ***"),
        ("authorization", "Basic dTpw", "Basic ***"),
        ("Authorization", "pat_1", "***"),
        (
            "Authorization",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=abc",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=***",
        ),
        ("X-Subject-Token", "MII", "***"),
        ("Set-Cookie", "a=b; Path=/", "***"),
        ("Accept", "*/*", "*/*"),
    ],
)
def test_headers(name, value, shown):
    """A secret is hidden, its scheme is not."""
    assert masking.headers([(name, value)]) == {name: shown}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password":"p\\"w","name":"n"}', '{"password":"***","name":"n"}'),
        ('{"user": {"Password" : "x"}}', '{"user": {"Password" : "***"}}'),
        ('{"access_token":"a","refresh_token":"b"}', '{"access_token":"***","refresh_token":"***"}'),
        ('{"password":"cut off', '{"password":"***"'),
        ("client_secret=a&grant_type=x", "client_secret=***&grant_type=x"),
        ("a=1&token=b", "a=1&token=***"),
        ('{"question":"password"}', '{"question":"password"}'),
        ("桌面云", "桌面云"),
    ],
)
def test_bodies(text, shown):
    """Secrets are found in JSON, in forms and in other texts."""
    assert masking.text(text) == shown


def test_digests_tell_secrets_apart():
    """One secret has one digest, another another; neither shows the secret."""
    assert masking.digest("a") == masking.digest("a") != masking.digest("b")
    assert "s3cret" not in masking.digest("s3cret")
