"""What documents say of all services behind the gateway."""

from mockcbs.services.gateway.documentation import SECURITY, GatewayFailure
from tests.conftest import BOT, PROJECT
from tests.services.examples import mock_client


def test_an_error_has_the_documented_body():
    """A call without credentials gets the documented error of the gateway."""
    refusal = mock_client().get(f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords")

    assert refusal.status_code == 401
    assert GatewayFailure().validate(refusal.json) == {}


def test_a_token_or_a_signature():
    """A token is enough, and so is a signature."""
    assert [[one["name"] for one in way.values()] for way in SECURITY] == [
        ["X-Auth-Token"],
        ["Authorization"],
    ]
