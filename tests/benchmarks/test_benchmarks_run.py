"""The benchmarks run; how fast is not a test's business."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "benchmarks" / "run.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUN), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


@pytest.mark.slow
def test_statistics_print_a_table_and_write_it_to_files(tmp_path):
    """DuckDB and mockcbs agree on every range, and the figures are written as Markdown and JSON."""
    for package in ("duckdb", "psutil", "pyarrow"):
        pytest.importorskip(package)
    table, figures = tmp_path / "run.md", tmp_path / "run.json"

    done = run(
        *("--quick", "--only", "statistics", "--sizes", "1e3,2e3"),
        *("--json", str(figures), "--markdown", str(table)),
    )

    assert done.returncode == 0, done.stderr
    assert "round 3 of 3" in done.stderr
    assert table.read_text("utf-8") == done.stdout
    assert "| sessions |" in done.stdout
    small, large = json.loads(figures.read_text("utf-8"))["results"]["statistics"]["sizes"]
    assert small["ranges_equal"] == large["ranges_equal"] == 15
    assert 900 < small["sessions"] < 1_100
    assert 1_800 < large["sessions"] < 2_200


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "nothing"], "'startup', 'load', 'calls'"),
        (["--sizes", "many"], "'many' is not a list such as 1e4,1e6"),
        (["--sizes", "1e9"], "at most 2e7 sessions"),
        (["--contenders", "nginx,apache"], "apache is unknown; choose from nginx, nginx-log"),
    ],
)
def test_a_mistake_is_one_line(arguments, complaint):
    """Options that cannot be measured are refused before the first measurement."""
    done = run(*arguments)

    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
