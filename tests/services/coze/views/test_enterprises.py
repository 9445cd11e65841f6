"""The calls of enterprises."""

from tests.services.coze.calls import code
from tests.services.coze.teams import DIGITS, OTHER, USER


def test_members_of_an_enterprise(coze):
    """Members are added once, get another role, and are removed once."""
    url = f"/v1/enterprises/{DIGITS}/members"
    users = {"users": [{"user_id": USER, "role": "enterprise_member"}]}

    assert code(coze.post(url, json=users)) == 0
    assert code(coze.post(url, json=users)) == 4201
    assert code(coze.put(f"{url}/{USER}", json={"role": "enterprise_admin"})) == 0
    assert code(coze.put(f"{url}/{USER}", json={"role": "king"})) == 4000
    assert code(coze.delete(f"{url}/{USER}", json={"receiver_user_id": USER})) == 4000
    assert code(coze.delete(f"{url}/{USER}", json={"receiver_user_id": OTHER})) == 0
    assert code(coze.delete(f"{url}/{USER}", json={"receiver_user_id": OTHER})) == 4200
    assert code(coze.put(f"{url}/{USER}", json={"role": "enterprise_admin"})) == 4200
