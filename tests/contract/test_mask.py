"""What no report shows."""

from mockcbs.contract.mask import Mask


def test_mask_hides_longest_first():
    """If one secret contains another, both are hidden completely."""
    mask = Mask([("abcdef", "*"), ("abcdefgh", "**"), ("", "never")])

    assert mask("x abcdefgh abcdef") == "x ** *"


def test_mask_of_short_secrets():
    """A short secret is masked only where it is used as a credential, not inside words."""
    mask = Mask([("t", "****")])

    assert (
        mask('GET /test?token=t {"token": "t", "total": 3}')
        == 'GET /test?token=*** {"token": "***", "total": 3}'
    )
