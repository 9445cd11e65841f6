"""What no report shows."""

from mockcbs.contract.mask import Mask


def test_mask_hides_longest_first():
    """If one secret contains another, both are hidden completely."""
    mask = Mask([("abcdef", "*"), ("abcdefgh", "**"), ("", "never")])

    assert mask("x abcdefgh abcdef") == "x ** *"


def test_mask_of_secrets_written_differently():
    """A server may repeat a secret in a URL, or in JSON with escaped slashes."""
    mask = Mask([("ab/cd+ef=", "****")])

    assert mask("ab/cd+ef= ab%2Fcd%2Bef%3D ab\\/cd+ef=") == "**** **** ****"


def test_mask_of_short_secrets():
    """A short secret is masked only where it is used as a credential, not inside words."""
    mask = Mask([("t", "****")])

    assert (
        mask('GET /test?token=t {"token": "t", "total": 3}')
        == 'GET /test?token=*** {"token": "***", "total": 3}'
    )
