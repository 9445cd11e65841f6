"""Secrets are removed from everything that is stored or shown."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcbs.core import masking
from mockcbs.core.masking import Masker

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
        ('form-data; name="code"\r\n\r\nc0de\r\n--b--', 'form-data; name="code"\r\n\r\n***\r\n--b--'),
        ("form-data; name=password\r\n\r\np w\r\n--b", "form-data; name=password\r\n\r\n***\r\n--b"),
        ("form-data; NAME=code\n\nc0de", "form-data; NAME=code\n\n***"),
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


@given(st.text(alphabet="sSſiİıtToOkKKeEnN cdpawrg_-"))
@example("codE")
def test_texts_that_may_hold_secrets_are_found_fast(text):
    """Whatever the case of a name that marks a secret, or is that of a code, a text with it passes the fast
    check.
    """
    masker = Masker()
    content = f'{{"{text}":"hushed"}}'
    is_hidden = masker.is_secret(text) or text.strip().lower() == "code"

    shown = masker.text(content)

    assert ("hushed" not in shown) == is_hidden


@pytest.mark.parametrize("wanted", ['"password": "***"', '"a": 1', "*", "nothing", '{"a"', "*** *"])
def test_what_may_be_shown(wanted):
    """The fast check lets everything pass that occurs in the masked text."""
    content = '{"password": "hush", "a": 1, "b": "*** *"}'

    assert masking.may_show(content, wanted) or wanted not in masking.text(content)
    assert masking.may_show(content, wanted) == (wanted != "nothing")
