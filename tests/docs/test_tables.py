"""``docs/tables.md``: its worked example runs unchanged, from workflow to daily report."""

import re
import sys
from pathlib import Path

import pytest
import requests

from tests.databases import free_port
from tests.docs.test_pages import DOCS, LOCAL, commands, run, shows
from tests.docs.test_webhooks import running

HEADING = "## From workflow to daily report\n"
WORKFLOW = "7389589103588700001"
COZE = {"headers": {"Authorization": "Bearer pat_mockcbs"}, "timeout": 20}


@pytest.fixture(scope="module")
def blocks() -> dict[str, list[str]]:
    """The code blocks of the example, by language."""
    page = (DOCS / "tables.md").read_text("utf-8")
    section = page.partition(HEADING)[2].partition("\n## ")[0]
    found = re.findall(r"^```(\w+)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return {kind: [text for one, text in found if one == kind] for kind in ("yaml", "console", "python")}


@pytest.mark.slow
def test_from_workflow_to_daily_report(blocks, tmp_path):
    """Each command prints what the page shows; slow rows and report have the figures of the API."""
    (dataset,), (first, second), (script,) = blocks["yaml"], blocks["console"], blocks["python"]
    (check, good), (serve, started) = commands(first)
    (tmp_path / "runs.yaml").write_text(dataset)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (tmp_path / "slow.py").write_text(script.replace(LOCAL, url))

    assert run(check, tmp_path, {}) == good
    assert started.startswith("mockcbs ... serves")
    with running(f"{serve} --port {port}", "mockcbs ", tmp_path):
        for command, shown in commands(second):
            output = run(command.replace(LOCAL, url), tmp_path, {})
            assert shows(shown, output), output
        slow = run(f"{sys.executable} slow.py", tmp_path, {})
        text = requests.get(f"{url}/_mockcbs/messages", timeout=20).json()["messages"][1]["text"]
        day = {"start_date": "2026-03-02", "end_date": "2026-03-02"}
        data = requests.get(f"{url}/v1/workflows/{WORKFLOW}/analytics", params=day, **COZE).json()["data"]
        runs = requests.get(f"{url}/_mockcbs/tables?limit=20000", timeout=20).json()["tables"][0]["rows"]

    summary = data["summary"]
    assert f"calls {summary['total_calls']}, 用户 users {summary['unique_users']}," in text
    assert f"mean {summary['avg_response_time_ms']:.2f} ms" in text
    long = [f"{row['exec_time']} {row['duration_ms']}" for row in runs if row["duration_ms"] > 10_000]
    assert sorted(slow.splitlines()) == sorted(long) != []


def test_the_page_names_its_example():
    """Each link to the example leads to it."""
    page = Path(DOCS / "tables.md").read_text("utf-8")

    assert "(#from-workflow-to-daily-report)" in page
    assert HEADING in page
