"""docs/pull.md: its tables are complete, its commands are accepted, and its readers read the files."""

import csv
import datetime as dt
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
import yaml

from mockcbs import Mock
from mockcbs.cli.pull import command
from mockcbs.pull.cbs import OPERATIONS
from mockcbs.pull.client import Client
from mockcbs.pull.coze import BOTS, WORKFLOWS, Coze
from mockcbs.pull.days import span
from mockcbs.pull.folders import LocalFolder
from mockcbs.pull.formats import writer
from mockcbs.pull.names import PATTERN, Names
from mockcbs.pull.run import Run

PAGE = (Path(__file__).parents[2] / "docs" / "pull.md").read_text("utf-8")
BOT = "7342866812345678901"
DAYS = span(dt.date(2026, 11, 18), dt.date(2026, 11, 21))
TABLES = [
    *(table for kind in (BOTS, WORKFLOWS) for table in (*kind.metrics.values(), kind.events)),
    *OPERATIONS.values(),
]
FLINK_PYTHON = os.environ.get("MOCKCBS_TEST_FLINK_PYTHON", sys.executable)
"""A Python that has apache-flink, which wants older packages than our tests."""
FLINK_JARS = os.environ.get("MOCKCBS_TEST_FLINK_JARS", "")
"""URLs of jars that Flink needs for tables of Parquet files, with semicolons between them."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def sql(dialect: str) -> str:
    (found,) = [block for block in blocks("sql") if block.startswith(f"-- {dialect}\n")]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with ``data/``, in which four days lie in every format."""
    out = tmp_path_factory.mktemp("pulled")
    with Mock(now="2026-11-22T08:00:00+08:00"):
        source = Coze(
            Client("https://api.coze.cn", {"Authorization": "Bearer pat_x"}), BOTS.metrics["day"], {}
        )
        for form in ("csv", "jsonl", "parquet"):
            Run(source, LocalFolder(out / "data"), Names(PATTERN, form), writer(form), [BOT], DAYS).go()
    return out


@pytest.fixture(scope="module")
def expected(folder) -> list[tuple[dt.date, int, float]]:
    """Day, calls and success rate of each row, as Python's csv reads them."""
    rows = []
    for file in sorted((folder / "data" / "metrics-day").glob("*.csv")):
        (row,) = csv.DictReader(file.read_text("utf-8").splitlines())
        rows.append((dt.date.fromisoformat(row["date"]), int(row["total_calls"]), float(row["success_rate"])))
    assert [day for day, _, _ in rows] == DAYS
    return rows


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_columns_are_documented(table):
    """The page lists each kind of file with all its columns in order."""
    assert f"| `{table.kind}` | {', '.join(column.name for column in table.columns)} |" in PAGE


@pytest.mark.parametrize("option", [name for one in command.params for name in one.opts if name[:2] == "--"])
def test_options_are_documented(option):
    """The page names each option."""
    assert re.search(rf"{option}[ `=]", PAGE)


def documented_commands() -> list[str]:
    text = "\n".join([*blocks("sh"), *blocks("crontab"), *blocks("ini"), *blocks("yaml")])
    return re.findall(r"mockcbs pull (.*?)(?: 2>>.*)?$", text, re.MULTILINE)


@pytest.mark.parametrize("line", documented_commands())
def test_commands_are_accepted(line):
    """Every command of the page is one that the parser takes."""
    command.make_context("pull", shlex.split(line))


def test_jobs_begin_at_two_in_shanghai():
    """The action counts in UTC, the others name the zone."""
    (action,) = [yaml.safe_load(block) for block in blocks("yaml")]
    minute, hour, *_ = action[True]["schedule"][0]["cron"].split()  # YAML reads the key `on` as true

    at = dt.datetime(2026, 11, 22, int(hour), int(minute), tzinfo=dt.UTC)
    assert f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" == "02:00"
    assert "CRON_TZ=Asia/Shanghai\n0 2 * * * " in PAGE
    assert "OnCalendar=*-*-* 02:00:00 Asia/Shanghai" in PAGE


def test_duckdb_reads_the_files(folder, expected, monkeypatch):
    """DuckDB runs the query of the page."""
    monkeypatch.chdir(folder)

    assert duckdb.sql(sql("duckdb")).fetchall() == expected


def test_duckdb_reads_parquet(folder, expected, monkeypatch):
    """DuckDB runs the same query on Parquet, without conversions of types."""
    monkeypatch.chdir(folder)
    query = sql("duckdb").replace(
        "read_csv('data/metrics-day/*.csv', types = {'bot_id': 'VARCHAR'})", "'data/metrics-day/*.parquet'"
    )

    assert duckdb.sql(query).fetchall() == expected
    assert duckdb.sql("select bot_id, date from 'data/metrics-day/*.parquet' limit 1").dtypes == [
        "VARCHAR",
        "DATE",
    ]


@pytest.mark.databases
def test_clickhouse_reads_the_files(folder, expected, monkeypatch):
    """ClickHouse runs the query of the page, also on CSV."""
    chdb = pytest.importorskip("chdb")
    monkeypatch.chdir(folder)
    of_csv = sql("clickhouse").replace("*.parquet', Parquet", "*.csv', CSVWithNames")

    for query in (sql("clickhouse"), of_csv):
        rows = json.loads(str(chdb.query(query.rstrip().rstrip(";"), "JSONCompact")))["data"]
        assert [(dt.date.fromisoformat(day), int(calls), rate) for day, calls, rate in rows] == expected


def test_the_job_of_datax_fits_the_files():
    """Index and type of each column are those of the file, and the writer has the same columns."""
    (job,) = [json.loads(block)["job"] for block in blocks("json")]
    types = {"text": "string", "integer": "long", "number": "double", "date": "date"}

    (content,) = job["content"]
    columns = BOTS.metrics["day"].columns
    assert [(one["index"], one["type"]) for one in content["reader"]["parameter"]["column"]] == [
        (index, types[column.type]) for index, column in enumerate(columns)
    ]
    assert [name.strip("`") for name in content["writer"]["parameter"]["column"]] == [
        column.name for column in columns
    ]
    assert content["reader"]["parameter"]["skipHeader"] is True


_FLINK = """
import json, sys
from pyflink.table import EnvironmentSettings, TableEnvironment

tables = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
job = json.load(sys.stdin)
if job["jars"]:
    tables.get_config().set("pipeline.jars", job["jars"])
for statement in job["statements"]:
    tables.execute_sql(statement)
exec(job["code"])
found = {}
for name in job["names"]:
    query = "SELECT CAST(`date` AS STRING), total_calls, success_rate FROM " + name
    found[name] = [list(row) for row in tables.execute_sql(query).collect()]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def flink(folder, tmp_path_factory) -> dict[str, list]:
    """What Flink finds in its tables: the page's, made once, as its machine takes long to start."""
    asked = subprocess.run([FLINK_PYTHON, "-c", "import pyflink"], capture_output=True, check=False)
    if asked.returncode:
        pytest.skip(f"{FLINK_PYTHON} has no apache-flink; MOCKCBS_TEST_FLINK_PYTHON may name one that has")
    if shutil.which("java") is None:
        pytest.skip("java is missing")
    apart = {form: tmp_path_factory.mktemp(form) for form in ("csv", "jsonl", "parquet")}
    for form, place in apart.items():
        for file in (folder / "data" / "metrics-day").glob(f"*.{form}"):
            shutil.copy(file, place)
    table, view = sql("flink").replace("data/metrics-day", f"file://{apart['csv']}").split(";")[:2]
    of_json = table.replace("'csv'", "'json'").replace("csv.ignore", "json.ignore")
    of_parquet = re.sub(r"'format' = 'csv'.*?\n\)", "'format' = 'parquet'\n)", table, flags=re.DOTALL)
    (code,) = [block for block in blocks("python") if "from_pandas" in block]
    job = {
        "jars": FLINK_JARS,
        "statements": [
            table,
            view,
            of_json.replace("metrics_file", "of_json").replace(str(apart["csv"]), str(apart["jsonl"])),
            of_parquet.replace("metrics_file", "of_parquet").replace(
                str(apart["csv"]), str(apart["parquet"])
            ),
        ],
        "code": code.replace("data/metrics-day", str(apart["parquet"])),
        "names": ["metrics", "of_json", "metrics_of_parquet", *(["of_parquet"] if FLINK_JARS else [])],
    }

    done = subprocess.run(
        [FLINK_PYTHON, "-c", _FLINK],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.flink
@pytest.mark.timeout(300)
@pytest.mark.parametrize("table", ["metrics", "of_json", "metrics_of_parquet", "of_parquet"])
def test_flink_reads_the_files(flink, expected, table):
    """CSV by the table and the view of the page, JSON lines by the table, Parquet by pyarrow or a jar."""
    if table not in flink:
        pytest.skip("MOCKCBS_TEST_FLINK_JARS names no jars (flink-sql-parquet and Hadoop's; file:// URLs)")

    found = sorted((dt.date.fromisoformat(day), calls, rate) for day, calls, rate in flink[table])
    assert found == expected
