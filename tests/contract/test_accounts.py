"""The services beside CBS, IAM and Coze, and the options about their accounts."""

import re

import pytest

from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.catalogue import SERVICES

ACCOUNTS = [account for vendor in VENDORS.values() for account in vendor.accounts]


def test_every_service_has_its_account():
    """No option occurs twice, and each begins with its service."""
    assert VENDORS.keys() == SERVICES.keys()
    assert len({account.name for account in ACCOUNTS}) == len(ACCOUNTS)
    for name, vendor in VENDORS.items():
        assert all(account.name.startswith(name) for account in vendor.accounts)


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_the_mocks_own_value_has_the_form(account):
    """An id that would change a path has not; what is secret is called so."""
    assert re.fullmatch(account.form, account.default)
    if account.form != ".*":
        assert not re.fullmatch(account.form, "../x?y")
    assert account.is_secret == ("secret" in account.name or account.name.endswith(("_token", "_sk")))
