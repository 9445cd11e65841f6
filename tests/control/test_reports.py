"""``/_mockcbs/reports``: daily reports that requests add."""

import pytest

from mockcbs import Settings, create_app
from tests.conftest import NOW

URL = "/_mockcbs/reports"
REPORT = {"at": "09:30", "zone": "-03:30", "to": {"hook": "any-bot", "secret": "geheim-secret"}}


@pytest.fixture
def client():
    return create_app(Settings(now=NOW)).test_client()


def test_a_report_is_added_and_deleted(client):
    """A report is shown with its time and zone, and without its secret."""
    made = client.post(URL, json=REPORT)

    assert made.status_code == 201
    assert (made.json["at"], made.json["zone"]) == ("09:30", "-03:30")
    assert "geheim" not in made.text
    assert client.get(URL).json["reports"] == [made.json]
    assert client.delete(f"{URL}/{made.json['id']}").status_code == 204
    assert client.delete(f"{URL}/{made.json['id']}").status_code == 404
    assert client.get(URL).json["reports"] == []


@pytest.mark.parametrize("wrong", [{"at": "25:00"}, {"zone": "Mars"}, {"to": {}}, {"colour": 1}])
def test_a_wrong_report_is_refused(client, wrong):
    """The error names the wrong member."""
    answer = client.post(URL, json={**REPORT, **wrong})

    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json["detail"]


def test_reports_of_the_dataset_stay(tmp_path):
    """Reports of the dataset are listed and cannot be deleted."""
    (tmp_path / "mine.yaml").write_text("bots: []\nreports:\n- {to: {hook: any-bot}}\n", "utf-8")
    client = create_app(Settings(now=NOW, dataset=str(tmp_path / "mine.yaml"))).test_client()

    (report,) = client.get(URL).json["reports"]

    assert client.delete(f"{URL}/{report['id']}").status_code == 404
