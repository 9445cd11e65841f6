"""Who may use the control surface."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.control.access import HEADER

OURS = {"Origin": "http://localhost"}


@pytest.fixture
def client():
    return create_app(Settings()).test_client()


@pytest.mark.parametrize("given", [{HEADER: "1"}, {"Content-Type": "application/json"}])
def test_own_page_sends_what_a_form_cannot(client, given):
    """A change from a page of ours needs a header that no form can send; without it, it is refused."""
    bare = client.post("/_mockcbs/reset", headers=OURS)
    announced = client.post("/_mockcbs/reset", headers={**OURS, **given})

    assert bare.status_code == 403
    assert HEADER in bare.json["detail"]
    assert announced.status_code == 204


def test_foreign_page_cannot_reset(client):
    """A page of another origin is refused, whatever it sends."""
    foreign = {"Origin": "http://evil.test", HEADER: "1", "Content-Type": "application/json"}

    response = client.post("/_mockcbs/reset", headers=foreign)

    assert response.status_code == 403


def test_no_browser_needs_no_header(client):
    """Command lines and test suites call as before."""
    assert client.post("/_mockcbs/reset").status_code == 204
