"""The tables that a caller finds."""

from mockcbs.services.airtable import errors
from tests.services.airtable.conftest import BASE, caller


def test_strict(stated):
    """With --strict only the configured token and the bases and tables of the dataset are accepted."""
    client = caller(dataset=stated, strict=True)

    assert client.get(f"/v0/{BASE}/Runs").status_code == 200
    assert client.get(f"/v0/{BASE}/Others").status_code == 403
    assert client.get("/v0/app0000000000000A/Runs").json["error"]["type"] == errors.FORBIDDEN.code
    assert [base["id"] for base in client.get("/v0/meta/bases").json["bases"]] == [BASE]
    assert client.get("/v0/meta/whoami", headers={"Authorization": "Bearer patother.x"}).status_code == 401
