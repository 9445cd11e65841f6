"""Parameters and bodies of Airtable."""

from tests.services.airtable.paths import TABLE


def test_unknown_names_are_ignored_and_noted(client):
    """A misspelt parameter has no effect, and the reason names the probable one."""
    response = client.get(TABLE, query_string={"pagesize": 1})

    assert response.json == {"records": []}
    assert "pageSize" in response.headers["X-Mockcbs-Reason"]
