"""``mockcbs pull``, as users type it."""

import json

import duckdb

from tests.cli.pulls import BOT, CBS, COZE, TOKEN, files, mock, pull, rows, run, waits
from tests.conftest import BOT as QABOT
from tests.conftest import PROJECT

__all__ = ["mock", "waits"]


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
