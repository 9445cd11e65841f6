"""Reporting nodes and daily reports, into this very mock and elsewhere."""

import time

import pytest
import requests

from mockcbs import Settings, create_app
from mockcbs.core.errors import BackendError
from mockcbs.reports import daily, service
from tests.reports.mocks import DATASET, KINDS, NOW, WORKFLOW, made
from tests.reports.rows import rows


def test_several_workers_send_once(tmp_path, serving):
    """Two workers send each report once, to a custom bot of the mock itself."""
    file = tmp_path / "mine.yaml"
    file.write_text(DATASET % ("workflow", KINDS["feishu"], "hook: my-hook"))
    with serving("--workers", "2", "--dataset", str(file), "--now", NOW) as served:
        time.sleep(2)
        for _ in range(3):
            requests.put(f"{served.url}/_mockcbs/clock", json={"advance_ms": 86_400_000}, timeout=20)
            time.sleep(0.3)
        deadline = time.monotonic() + 30
        messages: list = []
        while len(messages) < 3 and time.monotonic() < deadline:
            messages = requests.get(f"{served.url}/_mockcbs/messages", timeout=20).json()["messages"]
            time.sleep(0.2)
        time.sleep(1)
        again = requests.get(f"{served.url}/_mockcbs/messages", timeout=20).json()["messages"]

    days = [f"日报 2026-11-{day}" for day in (24, 25, 26)]
    assert [message["text"].splitlines()[0] for message in messages] == days
    assert again == messages


@pytest.fixture
def sent(monkeypatch):
    """The daily reports that were sent, in order."""
    found: list[str] = []

    def send(session, messenger, to, message):
        del session, messenger, to
        found.append(message.once)

    monkeypatch.setattr(daily, "send", send)
    return found


def test_a_report_is_sent_once_though_the_state_fails(tmp_path, monkeypatch, sent):
    """A report whose end cannot be noted is not sent again: only the note is made again."""
    with made(tmp_path) as mock:
        outbox = mock.state.backend.outbox
        with monkeypatch.context() as failing:
            failing.setattr(outbox, "ack", lambda _: (_ for _ in ()).throw(BackendError("locked")))
            with pytest.raises(BackendError):
                mock.clock.advance(days=1)
        mock.clock.advance(minutes=1)
        waiting = outbox.peek("reports/daily")

    assert len(sent) == 1
    assert waiting == []


def test_a_worker_that_stood_still_sends_nothing(tmp_path, monkeypatch, sent):
    """A worker that another has taken for dead sends no report, and leaves it to the other."""
    with made(tmp_path) as mock:
        monkeypatch.setattr(mock.state.jobs, "keeps", lambda _: False)
        service.of(mock.app).begin()
        mock.state.clock.advance(86_400_000)
        service.of(mock.app).work()
        waiting = mock.state.backend.outbox.peek("reports/daily")

    assert sent == []
    assert len(waiting) == 1


def test_a_row_follows_the_clock_of_its_run(tmp_path):
    """A caller's clock is a year ahead of all others; a turn that is stated for it has its row at once."""
    with made(tmp_path) as mock:
        client = mock.app.test_client()
        ahead = client.put("/_mockcbs/clock?token=pat_other", json={"freeze": "2027-11-24T02:00:00Z"})
        stated = client.post(
            "/_mockcbs/turns?token=pat_other", json={"bot": WORKFLOW, "question": "四个汉字"}
        )
        written = rows(mock)

    assert (ahead.status_code, stated.status_code) == (200, 200)
    assert [row["input_len"] for row in written] == [4]


def test_who_moves_the_clock_waits_for_the_reports_of_another_replica(
    tmp_path, monkeypatch, postgres_backend
):
    """The replica that reports may get no request; the other one sees at once that it has reported."""
    monkeypatch.setattr(service, "_CATCH_UP_SECONDS", 30.0)
    file = tmp_path / "mine.yaml"
    file.write_text(DATASET % ("workflow", KINDS["feishu"], "hook: my-hook"))
    sender, other = (create_app(Settings(dataset=str(file), now=NOW), postgres_backend()) for _ in range(2))
    client, waiting = other.test_client(), other.extensions["mockcbs"]
    try:
        sender.extensions["mockcbs"].start()
        waiting.start()

        client.put("/_mockcbs/clock", json={"advance_ms": 86_400_000})

        assert service.of(other)._is_up_to_date(service._Instants(waiting))
        sent = client.get("/_mockcbs/messages").json["messages"]
        assert [one["text"].splitlines()[0] for one in sent] == ["日报 2026-11-24"]
    finally:
        for app in (sender, other):
            app.extensions["mockcbs"].close()
