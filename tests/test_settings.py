"""Everything a user can set."""

import pytest

from mockcbs.core.errors import UserError
from mockcbs.settings import ServerSettings, Settings, starting_instant


@pytest.mark.parametrize("text", ["2026-11-22T00:00:00Z", "2026-11-22", 1_795_305_600_000, "1795305600000"])
def test_a_clock_starts_at_an_instant(text):
    """The start is an instant in ms or ISO 8601."""
    assert starting_instant(text) == 1_795_305_600_000
    assert Settings(now=text).starts_at == 1_795_305_600_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("yesterday", "yesterday"),
        ("2020-12-31", "is not between 2021 and 2099$"),
        (1_795_305_600, "is it in seconds"),
    ],
)
def test_a_clock_cannot_start_elsewhere(text, reason):
    """Seconds in place of ms are noticed."""
    with pytest.raises(UserError, match=reason):
        starting_instant(text)


@pytest.mark.parametrize(
    "wrong",
    [{"seed": "x"}, {"gateway_prefix": "X"}, {"dataset": ""}, {"strict": "yes"}, {"now": "2020-01-01"}],
)
def test_wrong_settings_are_named(wrong):
    """A wrong setting causes an error at once, not at the first request."""
    (name,) = wrong
    with pytest.raises(UserError, match=name):
        Settings(**wrong)


@pytest.mark.parametrize("wrong", [{"port": 70_000}, {"workers": 0}, {"tls_key": __file__}])
def test_wrong_settings_of_a_server_are_named(wrong):
    """A wrong setting of a server, or one that needs another setting, is named."""
    with pytest.raises(UserError, match=next(iter(wrong)).replace("_", ".")):
        ServerSettings(**wrong)


def test_a_server_is_https_once_a_flag_says_so():
    """A TLS name, or a certificate with its key, makes a server HTTPS."""
    assert not ServerSettings().https
    assert ServerSettings(tls_name=("api.coze.cn",)).https
