"""Members and organizations of enterprises."""

from tests.services.coze.calls import code, data
from tests.services.coze.teams import DIGITS, OTHER, USER


def test_organizations(coze):
    """An enterprise has up to 20; their members are their own."""
    url = f"/v1/enterprises/{DIGITS}/organizations"
    body = {"name": "East", "super_admin_user_id": USER}

    made = [data(coze.post(url, json=body))["organization_id"] for _ in range(20)]

    assert code(coze.post(url, json=body)) == 4000
    one = f"/v1/organizations/{made[0]}"
    assert code(coze.put(one, json={"name": "West"})) == 0
    assert code(coze.put(f"/v1/organizations/{DIGITS}", json={"name": "West"})) == 4200
    assert code(coze.post(f"{one}/members", json={"users": [{"user_id": USER}]})) == 4201
    assert code(coze.post(f"{one}/members", json={"users": [{"user_id": OTHER}]})) == 0
    assert code(coze.delete(f"{one}/members/{OTHER}", json={})) == 0
    assert code(coze.delete(f"{one}/members/{OTHER}", json={})) == 4200
