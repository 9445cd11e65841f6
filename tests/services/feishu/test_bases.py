"""Tables of a Base and their life."""

from tests.services.feishu.stated import PATH, get


def test_reset_brings_stated_rows_back(make):
    """A reset restores stated rows, also those of a table that a client has deleted."""
    client = make()
    client.delete(f"{PATH}/tblRuns", headers={"Authorization": "Bearer t-any"})
    assert get(client, f"{PATH}/tblRuns/records")["code"] == 1254041

    client.post("/_mockcbs/reset")

    assert get(client, f"{PATH}/tblRuns/records")["data"]["total"] == 2
