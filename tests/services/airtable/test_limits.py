"""The limits of Airtable."""

from tests.clocks import advance
from tests.services.airtable.conftest import BASE, caller


def test_five_calls_a_second(stated):
    """With --strict, the sixth call within a second and all calls in the next 30 seconds are refused."""
    client = caller(dataset=stated, strict=True)

    first = [client.get(f"/v0/{BASE}/Runs").status_code for _ in range(5)]
    sixth = client.get(f"/v0/{BASE}/Runs")
    advance(client, 29_000)
    later = client.get(f"/v0/{BASE}/Runs")
    advance(client, 1_500)
    again = client.get(f"/v0/{BASE}/Runs")

    assert first == [200] * 5
    assert sixth.status_code == later.status_code == 429
    assert sixth.json["errors"][0]["error"] == "RATE_LIMIT_REACHED"
    assert sixth.headers["Retry-After"] == "30"
    assert again.status_code == 200
