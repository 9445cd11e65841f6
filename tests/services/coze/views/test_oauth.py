"""The OAuth endpoints."""

import pytest


@pytest.mark.parametrize("address", ["https://a:b/", "https://a..b/", "https://[::1"])
def test_addresses_that_are_none(client, address):
    """A redirect_uri that no browser could follow is refused."""
    query = {"client_id": "x", "redirect_uri": address, "response_type": "code"}

    response = client.get("/api/permission/oauth2/authorize", query_string=query)

    assert response.status_code == 400
    assert address in response.headers["X-Mockcbs-Reason"]
