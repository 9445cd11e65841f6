"""Names that mark secrets."""

import pytest

from mockcbs.core.secret_names import Names

NAMES = Names(["x-own", "security-token"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("client_secret", "secret"),
        ("X-Api-Key", "secret"),
        ("accessKeyId", "secret"),
        ("refresh_tokens", "secret"),
        ("X-Own", "secret"),
        ("user[password]", "secret"),
        ("tokens[0]", "secret"),
        ("%74oken", "secret"),
        (" token ", "secret"),
        ("my_ak", "secret"),
        ("code", "code"),
        ("Code[]", "code"),
        ("error_code", ""),
        ("page_token", ""),
        ("nextPageToken", ""),
        ("max_tokens", ""),
        ("token_count", ""),
        ("task", ""),
        ("path", ""),
        ("", ""),
        ("a" * 300 + "_token", ""),
    ],
)
def test_what_a_name_marks(name, kind):
    """A secret, a code that may be one, or neither; an encoded name and an index change nothing."""
    assert NAMES.kind(name) == kind


def test_the_fast_check():
    """A text without any piece of a name is passed over."""
    assert NAMES.may_occur('{"x-own": 1}')
    assert not NAMES.may_occur('{"question": 1}')
