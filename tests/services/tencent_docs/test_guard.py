"""Who may call Tencent Docs."""

import pytest

from tests.services.tencent_docs.caller import HEADERS, use


@pytest.mark.parametrize("header", list(HEADERS))
def test_headers_are_needed(client, header):
    """A call needs each of the three headers."""
    client.environ_base.pop(f"HTTP_{header.upper().replace('-', '_')}")

    response = use(client, getRecords={})

    assert (response.status_code, response.json["ret"]) == (401, 400006)
    assert header in response.headers["X-Mockcbs-Reason"]
