"""The mix of reads, questions and faults: right answers pass, wrong ones do not."""

import subprocess
import sys
from pathlib import Path

import pytest
from clients import Client, Connection, Shared, WrongAnswerError, fault_limits

MIX = Path(__file__).parents[2] / "benchmarks" / "mix.py"


def mix(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MIX), "--seconds", "1", "--connections", "3", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


@pytest.mark.slow
def test_every_answer_is_as_the_model_says():
    """Reads, questions, errors and faults all agree with what clients know."""
    done = mix()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "| met |" in done.stdout
    assert "| question " in done.stdout


@pytest.mark.slow
def test_figures_of_others_are_noticed():
    """A bot with generated traffic reports more questions than its client asked."""
    done = mix("--", "--dataset", "everyday")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "question_count is" in done.stdout or "_count is" in done.stdout


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(Connection, "__init__", lambda *_: None)
    monkeypatch.setattr(Connection, "close", lambda _: None)
    return Client(Shared(0, "shared", "busy"), "own", seed=1)


def answering(monkeypatch, status, body):
    monkeypatch.setattr(Connection, "exchange", lambda *_: (status, body))


def test_a_shared_bot_may_not_forget(client, monkeypatch):
    """A shared bot counts at least the questions that were answered before the request."""
    client._shared.sent = client._shared.answered = 3
    answering(monkeypatch, 200, b'{"total": {"question_count": 2}}')

    with pytest.raises(WrongAnswerError, match="the shared bot counts 2, not 3 to 3"):
        client._read_shared()


def test_the_past_may_not_change(client, monkeypatch):
    """Another response to the same question about the past is an error."""
    answering(monkeypatch, 200, b"once")
    for _ in range(200):
        client._repeat()
    answering(monkeypatch, 200, b"twice")

    with pytest.raises(WrongAnswerError, match="not always"):
        client._repeat()


def test_an_error_the_scenario_does_not_name_is_a_mistake(client, monkeypatch):
    """An error with another body or status than the scenario's is not a requested fault."""
    answering(monkeypatch, 500, b'{"error_code":"CBS.0032","error_msg":"x"}')

    with pytest.raises(WrongAnswerError, match="answered 500"):
        client._repeat()


def test_a_question_that_failed_was_not_asked(client, monkeypatch):
    """A failed question counts as a fault, not as traffic."""
    answering(monkeypatch, 500, b'{"error_code":"CBS.0031","error_msg":"Internal service error."}')

    client._ask_own()
    client._ask_shared()

    assert client.asked.total() == client._shared.sent == client._shared.answered == 0
    assert client.faults["cbs.chat"] == client.exposed["cbs.chat"] == 2


def test_about_a_tenth_may_fail():
    """The limits for ten thousand calls lie around a thousand."""
    least, most = fault_limits(10_000)

    assert 800 < least < 900
    assert 1100 < most < 1200
