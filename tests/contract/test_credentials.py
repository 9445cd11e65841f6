"""The credentials of a run."""

from mockcbs import Settings, create_app
from mockcbs.contract.credentials import Credentials, sign, with_header
from mockcbs.contract.targets import Call, WsgiTarget
from mockcbs.core.clock import real_now

OURS = Credentials(access_key="MOCKCBSAK", secret_key="mockcbs-secret-key")
CALL = Call("GET", "/v3/projects", "name=a%20b", {"Content-Type": "application/json"})


def test_a_strict_mock_accepts_a_signed_call():
    """The signature fits method, path, query, headers and body; another secret key makes a wrong one."""
    target = WsgiTarget(create_app(Settings(strict=True)))
    forger = Credentials(access_key="MOCKCBSAK", secret_key="wrong")

    right, wrong = (target.send(sign(CALL, ours, "localhost", "p", real_now())) for ours in (OURS, forger))

    assert (right.status, wrong.status) == (200, 401)


def test_a_header_is_added():
    """The other headers stay."""
    call = with_header(CALL, "X-Auth-Token", "t")

    assert call.headers == {"Content-Type": "application/json", "X-Auth-Token": "t"}


def test_secrets_are_not_shown():
    """The representation of credentials has no secret."""
    assert "mockcbs-secret-key" not in repr(OURS)
