"""The control API as a whole."""

from mockcbs import create_app


def test_every_module_of_the_control_api_has_its_routes():
    """A first request for a rare part of it is answered: all modules are imported together."""
    client = create_app().test_client()

    assert client.get("/_mockcbs/tables").status_code == 200
    assert client.get("/_mockcbs/webhooks").status_code == 200
    assert client.get("/_mockcbs/objects").status_code == 200
