"""``mockcbs pull`` from services that fail, and runs that end halfway."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from mockcbs import Mock
from tests.cli.pulls import BOT, COZE, TOKEN, files, mock, pull, waits

__all__ = ["mock", "waits"]


def test_a_tenth_of_the_calls_fails(mock, tmp_path, waits):
    """Cron twice on one day against a flaky server: both runs succeed and write the same bytes."""
    pull(tmp_path / "calm", "--events")
    mock.scenario({"rules": [{"when": {"probability": 0.1}, "answer": {"error": "server-error"}}], "seed": 3})

    runs = [(pull(tmp_path / "out", "--events"), files(tmp_path / "out")) for _ in range(2)]

    assert [done.exit_code for done, _ in runs] == [0, 0]
    assert runs[0][1] == runs[1][1] == files(tmp_path / "calm")
    assert waits


def test_throttled_calls_wait_as_long_as_the_service_says(mock, tmp_path, waits):
    """429 is tried again after Retry-After."""
    throttled = {"status": 429, "body": {"code": 4013}, "headers": {"Retry-After": "7"}}
    mock.scenario({"rules": [{"when": {"first": 2}, "answer": throttled}]})

    done = pull(tmp_path)

    assert (done.exit_code, waits) == (0, [7.0, 7.0])
    assert done.output == "1 row in 1 file, 3 calls\n"


@pytest.mark.parametrize(
    "scenario",
    ["server-error", "html-gateway", "reset", "truncated-body", "malformed-json", "empty-reply", "garbage"],
)
def test_a_failing_page_leaves_the_file_alone(mock, tmp_path, scenario):
    """A failed page causes status 1 and one line; yesterday's file does not change, and no other file is
    left.
    """
    pull(tmp_path, "--events", "--page-size", 20)
    before = files(tmp_path)
    mock.ask(BOT, "怎么开发票", at="2026-11-21T10:00:00+08:00")
    mock.scenario({"rules": [{"when": {"after": 3}, **_only_rule(scenario)}]})

    done = pull(tmp_path, "--events", "--page-size", 20)

    assert done.exit_code == 1
    assert files(tmp_path) == before
    assert f"mockcbs: GET {COZE}/v1/bots/{BOT}/analytics/logs" in done.stderr
    assert "failed; 0 rows in 0 files, 9 calls" in done.stderr
    assert TOKEN not in done.output


def _only_rule(scenario: str) -> dict[str, object]:
    text = (Path(__file__).parents[2] / "fixtures" / "scenarios" / f"{scenario}.yaml").read_text("utf-8")
    (rule,) = yaml.safe_load(text)["rules"]
    return rule


@pytest.mark.parametrize("kind", ["wrong-type", "null-member", "number-as-string", "float-counts"])
def test_wrong_figures_are_not_written(mock, tmp_path, kind):
    """A figure of another type ends the run: no file is better than a wrong one."""
    mock.scenario({"rules": [{"damage": [{"kind": kind, "member": "data.metrics.0.total_calls"}]}]})

    done = pull(tmp_path)

    assert done.exit_code == 1
    assert "total_calls" in done.stderr
    assert files(tmp_path) == {}


def test_a_gap_is_not_a_zero(mock, tmp_path):
    """A day that the service has no row for ends the run."""
    mock.scenario(
        {"rules": [{"answer": {"status": 200, "body": {"code": 0, "data": {"bot_id": BOT, "metrics": []}}}}]}
    )

    done = pull(tmp_path)

    assert done.exit_code == 1
    assert "the rows of 2026-11-21 are not complete (0 of 1)" in done.stderr


def test_resume_pulls_what_is_missing(mock, tmp_path):
    """Files written after the end of their day stay; missing ones, and ones written too early, are pulled."""
    month = ("--from", "2026-10-01", "--to", "2026-10-31")
    pull(tmp_path, *month)
    whole = files(tmp_path)
    folder = tmp_path / "metrics-day"
    (folder / f"{BOT}-2026-10-07.csv").unlink()
    early = folder / f"{BOT}-2026-10-09.csv"
    early.write_text("figures of half a day", "utf-8")
    noon = datetime(2026, 10, 9, 4, tzinfo=UTC).timestamp()
    for file in folder.iterdir():
        late = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
        os.utime(file, (noon, noon) if file == early else (late, late))

    done = pull(tmp_path, *month, "--resume")

    assert done.output == "2 rows in 2 files, 2 calls, 29 complete files left alone\n"
    assert files(tmp_path) == whole


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="processes are killed in another way")
def test_a_backfill_killed_halfway_and_resumed(tmp_path, serve):
    """Kill -9 leaves complete files only; the second run adds the others."""
    mock = Mock(now="2026-11-22T08:00:00+08:00")
    url = serve(mock.app)
    mock.scenario({"rules": [{"latency": {"fixed_ms": 20}}]})
    command = [sys.executable, "-m", "mockcbs", "pull", "--coze", url, "--bot", BOT, "--events", "--resume"]
    command += ["--from", "2026-11-08", "--to", "2026-11-14", "--out", str(tmp_path)]
    folder = tmp_path / "events"

    first = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not folder.exists() or len([*folder.glob("*.csv")]) < 2:
        time.sleep(0.01)
        assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait()
    half = {name: content for name, content in files(tmp_path).items() if name.endswith(".csv")}
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    whole = {name: content for name, content in files(tmp_path).items() if name.endswith(".csv")}
    assert second.returncode == 0, second.stderr
    assert len(whole) == 7
    assert f"{len(half)} complete files left alone" in second.stdout
    assert half.items() <= whole.items()


def test_a_service_that_repeats_the_token(mock, tmp_path):
    """Neither its error nor its remark is shown with the token."""
    headers = {"X-Mockcbs-Reason": f"got {TOKEN}"}
    refused = {"status": 401, "body": {"code": 4100, "msg": f"no such token: {TOKEN}"}, "headers": headers}
    mock.scenario({"rules": [{"answer": refused}]})

    done = pull(tmp_path)

    assert done.exit_code == 1
    assert "no such token: ***" in done.stderr
    assert TOKEN not in done.output
