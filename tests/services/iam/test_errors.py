"""Errors of IAM."""

import pytest

from tests.services.iam.logins import TOKENS, login


@pytest.mark.parametrize(
    "wrong", [{"password": "x"}, {"user": "x"}, {"domain": "x"}, {"scope": {"project": {"name": "mars-1"}}}]
)
def test_wrong_credentials(strict, wrong):
    """G-17: bad user, password, domain or scope are all the same to IAM."""
    response = strict.post(TOKENS, json=login(**wrong))

    assert response.status_code == 401
    assert response.json == {
        "error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}
    }
