"""``mockcbs pull``, as users type it."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from mockcbs import Mock
from mockcbs.cli import main
from mockcbs.pull import client as pull_client
from mockcbs.pull import days as calendar
from tests.conftest import BOT as QABOT
from tests.conftest import PROJECT

COZE = "https://api.coze.cn"
CBS = "https://cbs-ext.cn-north-4.myhuaweicloud.com"
BOT = "7342866812345678901"
TOKEN = "pat_mockcbs"
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def waits(monkeypatch) -> list[float]:
    """The current day is that of the mocks, and no call waits; yields the intended pauses in seconds."""
    pauses: list[float] = []
    monkeypatch.setattr(calendar, "today", lambda _: TODAY)
    monkeypatch.setattr(pull_client, "sleep", pauses.append)
    monkeypatch.setenv("MOCKCBS_PULL_TOKEN", TOKEN)
    return pauses


@pytest.fixture
def mock():
    with Mock(now="2026-11-22T08:00:00+08:00") as mock:
        yield mock


def run(*arguments: object):
    return CliRunner().invoke(main.cli, ["pull", *map(str, arguments)])


def pull(out: Path, *arguments: object):
    return run("--coze", COZE, "--bot", BOT, "--out", out, *arguments)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_yesterday_is_one_file(mock, tmp_path):
    """The default day is yesterday; the figures are those of the API, and one line reports the result."""
    done = pull(tmp_path)

    assert (done.exit_code, done.output) == (0, "1 row in 1 file, 1 call\n")
    file = tmp_path / "metrics-day" / f"{BOT}-2026-11-21.csv"
    assert list(files(tmp_path)) == [f"metrics-day/{BOT}-2026-11-21.csv"]
    answer = mock.app.test_client().get(
        f"/v1/bots/{BOT}/analytics?start_date=2026-11-21&end_date=2026-11-21",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    (metric,) = answer.json["data"]["metrics"]
    assert rows(file) == [{"bot_id": BOT} | {name: str(value) for name, value in metric.items()}]


def test_the_same_bytes_twice(mock, tmp_path):
    """A rerun overwrites each file with the same bytes, in every format."""
    for form in ("csv", "jsonl", "parquet"):
        out = tmp_path / form

        first = pull(out, "--format", form, "--events"), files(out)
        again = pull(out, "--format", form, "--events"), files(out)

        assert first[1] == again[1] != {}
        assert [first[0].exit_code, again[0].exit_code] == [0, 0]


def test_formats_hold_the_same(mock, tmp_path):
    """CSV, JSON lines and Parquet hold the same rows, as DuckDB reads them."""
    for form in ("csv", "jsonl", "parquet"):
        assert (
            pull(tmp_path, "--format", form, "--from", "2026-11-18", "--granularity", "hour").exit_code == 0
        )

    readers = {"csv": "read_csv", "jsonl": "read_json", "parquet": "read_parquet"}
    found = [
        duckdb.sql(
            f"select bot_id::bigint, date::date, hour, total_calls, success_rate, avg_response_time_ms "
            f"from {reader}('{tmp_path}/metrics-hour/*.{form}') order by date, hour"
        ).fetchall()
        for form, reader in readers.items()
    ]
    assert len(found[0]) == 4 * 24
    assert found[0] == found[1] == found[2]


def test_a_long_range_is_cut(mock, tmp_path):
    """More days than a call allows are requested in several calls, and each day has its file."""
    done = pull(tmp_path, "--from", "2026-09-01", "--to", "2026-11-21", "--granularity", "hour")

    assert done.output == f"{82 * 24} rows in 82 files, 3 calls\n"
    assert all(len(rows(file)) == 24 for file in (tmp_path / "metrics-hour").iterdir())


def test_a_range_of_days_beyond_the_limit(mock, tmp_path):
    """Coze returns 180 days at most; a year takes three calls."""
    done = pull(tmp_path, "--from", "2025-11-22", "--to", "2026-11-21")

    assert done.stdout == "365 rows in 365 files, 3 calls\n"
    assert "before the kept traffic" in done.stderr


def test_all_pages_of_raw_events(mock, tmp_path):
    """Every event is written once, whatever the page size."""
    pages = [pull(tmp_path / str(size), "--events", "--page-size", size).output for size in (7, 100)]

    small, large = (files(tmp_path / str(size)) for size in (7, 100))
    assert small == large
    (file,) = (tmp_path / "7" / "events").iterdir()
    ids = [row["event_id"] for row in rows(file)]
    assert len(ids) == len(set(ids)) > 100
    assert pages[0].startswith(f"{len(ids)} rows in 1 file, {-(-len(ids) // 7)} calls")


def test_filters_reach_the_service(mock, tmp_path):
    """--user and --session select events before they are counted."""
    pull(tmp_path / "all", "--events")
    (file,) = (tmp_path / "all" / "events").iterdir()
    event = next(row for row in rows(file) if row["user_id"])

    pull(tmp_path, "--events", "--user", event["user_id"], "--session", event["session_id"])

    (file,) = (tmp_path / "events").iterdir()
    assert {(row["user_id"], row["session_id"]) for row in rows(file)} == {
        (event["user_id"], event["session_id"])
    }


def test_all_bots_of_a_workspace(mock, tmp_path):
    """Without ids, the command writes a file for every published bot."""
    done = run("--coze", COZE, "--all-bots", "--space", "7348203000000000001", "--out", tmp_path)

    assert done.exit_code == 0
    assert f"metrics-day/{BOT}-2026-11-21.csv" in files(tmp_path)


def test_a_workflow(mock, tmp_path):
    """--workflow writes the figures of a workflow, under names of its own."""
    done = run("--coze", COZE, "--workflow", "7389589103588700001", "--out", tmp_path)

    assert done.exit_code == 0
    (row,) = rows(tmp_path / "workflow-metrics-day" / "7389589103588700001-2026-11-21.csv")
    assert (row["workflow_id"], row["total_messages"]) == ("7389589103588700001", "0")
    assert int(row["total_calls"]) > 0


def test_cbs_has_four_operations(mock, tmp_path):
    """One file a day and operation; figures keep their three decimals."""
    options = ("--cbs", CBS, "--project", PROJECT, "--bot", QABOT, "--out", tmp_path)

    done = run(*options, "--from", "2026-11-20")

    assert done.exit_code == 0
    assert "in 8 files, 8 calls" in done.output
    (stats,) = rows(tmp_path / "session-stats" / f"{QABOT}-2026-11-21.csv")
    assert stats["date"] == "2026-11-21"
    assert len(stats["avg_session_time"].partition(".")[2]) == 3
    words = rows(tmp_path / "keywords" / f"{QABOT}-2026-11-21.csv")
    assert [int(row["rank"]) for row in words] == list(range(1, len(words) + 1))
    assert len(words) > 10


def test_bom_is_what_excel_needs(mock, tmp_path):
    """--bom puts the mark before the header, and nowhere else."""
    pull(tmp_path / "with", "--bom")
    pull(tmp_path / "without")

    assert [*files(tmp_path / "with").values()] == [
        b"\xef\xbb\xbf" + content for content in files(tmp_path / "without").values()
    ]


def test_names_are_made_from_a_pattern(mock, tmp_path):
    """The pattern may hold folders, and a format of the day."""
    pull(tmp_path, "--name", "{date:%Y/%m}/{bot}.{date:%d}.csv")

    assert list(files(tmp_path)) == [f"2026/11/{BOT}.21.csv"]


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
    import yaml

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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give one of --coze URL and --cbs URL"),
        (["--coze", COZE, "--cbs", CBS], "give one of --coze URL and --cbs URL"),
        (["--coze", "api.coze.cn"], "'api.coze.cn' is not a URL"),
        (["--coze", COZE], "give --bot ID, --all-bots with --space ID, or --workflow ID"),
        (["--coze", COZE, "--bot", BOT, "--workflow", BOT], "pull them one after the other"),
        (["--cbs", CBS, "--workflow", BOT], "--workflow has no meaning with --cbs"),
        (["--coze", COZE, "--all-bots"], "--all-bots needs --space ID"),
        (["--coze", COZE, "--bot", "../../etc"], "'../../etc' is not the id of a bot"),
        (["--coze", COZE, "--bot", BOT, "--zone", "UTC"], "Coze counts the days of Asia/Shanghai"),
        (["--coze", COZE, "--bot", BOT, "--project", "p"], "--project has no meaning with --coze"),
        (["--coze", COZE, "--bot", BOT, "--date", "soon"], "'soon' is not a date such as 2026-02-28"),
        (
            ["--coze", COZE, "--bot", BOT, "--date", "2026-11-23"],
            "2026-11-23 has not begun",
        ),
        (["--coze", COZE, "--bot", BOT, "--date", "2026-11-20", "--from", "2026-11-20"], "give one of them"),
        (["--coze", COZE, "--bot", BOT, "--to", "2026-11-20"], "--to needs --from"),
        (["--coze", COZE, "--bot", BOT, "--from", "2026-11-20", "--to", "2026-11-19"], "lies after"),
        (["--coze", COZE, "--bot", BOT, "--name", "{bots}.csv"], "did you mean 'bot'?"),
        (["--coze", COZE, "--bot", BOT, "--name", "../{bot}.csv"], "must stay in the folder"),
        (
            ["--coze", COZE, "--bot", BOT, "--name", "a.csv", "--from", "2026-11-20"],
            "2 files the same name a.csv",
        ),
        (["--coze", COZE, "--bot", BOT, "--bom", "--format", "jsonl"], "--bom is for CSV"),
        (["--coze", COZE, "--bot", BOT, "--endpoint", "http://x"], "--endpoint is for --out oss://"),
        (["--coze", COZE, "--bot", BOT, "--storage-option", "x"], "'x' is not KEY=VALUE"),
        (["--cbs", CBS, "--bot", QABOT], "--cbs needs --project ID"),
        (["--cbs", CBS, "--bot", QABOT, "--events"], "--events has no meaning with --cbs"),
        (["--cbs", CBS, "--bot", QABOT, "--granularity", "hour"], "--granularity hour is for --coze"),
    ],
)
def test_mistakes_are_named(tmp_path, arguments, words):
    """Every mistake is a message and exit status 2."""
    done = run("--out", tmp_path, *arguments)

    assert done.exit_code == 2
    assert words in done.output
    assert files(tmp_path) == {}


def test_a_token_is_needed_and_never_shown(mock, tmp_path, monkeypatch):
    """A refused token, and one that no header can carry, are not in the message."""
    refused = pull(tmp_path, "--token", "secret-token-1\n")
    monkeypatch.delenv("MOCKCBS_PULL_TOKEN")
    missing = pull(tmp_path)

    assert [refused.exit_code, missing.exit_code] == [2, 2]
    assert "secret" not in refused.output
    assert "set MOCKCBS_PULL_TOKEN" in missing.output


def test_the_token_of_coze_goes_to_coze_only(mock, tmp_path, monkeypatch):
    """COZE_API_TOKEN, which cozepy users have set, is not sent to CBS."""
    monkeypatch.delenv("MOCKCBS_PULL_TOKEN")
    monkeypatch.setenv("COZE_API_TOKEN", TOKEN)

    to_coze = pull(tmp_path)
    to_cbs = run("--cbs", CBS, "--project", PROJECT, "--bot", QABOT, "--out", tmp_path)

    assert [to_coze.exit_code, to_cbs.exit_code] == [0, 2]
    assert {entry.service for entry in mock.journal} == {"coze"}


def test_any_file_system_of_fsspec(mock):
    """A URL with a scheme goes to fsspec, in one put a file."""
    import fsspec

    done = pull("memory://bucket/coze", "--from", "2026-11-20", "--format", "jsonl")

    system = fsspec.filesystem("memory")
    assert done.exit_code == 0
    names = sorted(system.find("/bucket/coze"))
    assert names == [f"/bucket/coze/metrics-day/{BOT}-2026-11-{day}.jsonl" for day in (20, 21)]
    assert json.loads(system.cat(names[0]))["date"] == "2026-11-20"


def test_a_file_url_is_a_folder(mock, tmp_path):
    """file:// needs no package."""
    assert pull(f"file://{tmp_path}/a%20b").exit_code == 0
    assert list(files(tmp_path)) == [f"a b/metrics-day/{BOT}-2026-11-21.csv"]
