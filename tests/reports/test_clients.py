"""Clients of this very mock and of other servers."""

from tests.reports.mocks import KINDS, made
from tests.reports.rows import run


def test_a_run_names_the_row_it_caused(tmp_path, kind):
    """The run's call in the journal names the row, and the calls that the node made for it."""
    with made(tmp_path, KINDS[kind]) as mock:
        run()
        client = mock.app.test_client()
        (call,) = client.get("/_mockcbs/journal?service=coze").json["entries"]
        nodes = [client.get(f"/_mockcbs/console/data/calls/{one}").json for one in call["calls"]]
        shown = client.get(f"/_mockcbs/console/data/calls/{call['id']}").json

    service, _, _, record = call["rows"][0].split("/")
    assert call["rows"] == shown["rows"]
    assert (service, len(call["rows"])) == (KINDS[kind].partition(",")[0], 1)
    assert {node["service"] for node in nodes} == {service}
    assert record in nodes[-1]["response"]["body"]
    assert all(not node["rows"] and not node["records"] for node in nodes)
