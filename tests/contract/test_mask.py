"""What no report shows."""

from mockcbs.contract.mask import Mask


def test_mask_hides_longest_first():
    """If one secret contains another, both are hidden completely."""
    mask = Mask([("abcdef", "*"), ("abcdefgh", "**"), ("", "never")])

    assert mask("x abcdefgh abcdef") == "x ** *"


def test_mask_of_short_secrets():
    """A secret of few letters hides no innocent words, but itself wherever a secret stands."""
    mask = Mask([("t", "****")])

    assert (
        mask('GET /test?token=t {"token": "t", "total": 3}')
        == 'GET /test?token=*** {"token": "***", "total": 3}'
    )
