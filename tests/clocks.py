"""Moving the clock of a mock as clients do, wherever it keeps its state."""

from flask.testing import FlaskClient


def advance(client: FlaskClient, ms: int) -> None:
    """Move the clock on."""
    response = client.put("/_mockcbs/clock", json={"advance_ms": ms}, headers={"Authorization": ""})
    assert response.status_code == 200, response.text
