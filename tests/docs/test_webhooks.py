"""``docs/webhooks.md``: its commands and its test run, and do what the page says."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from mockcbs.webhooks.event_table import CLICKHOUSE_DDL
from mockcbs.webhooks.reports import report
from tests.databases import free_port
from tests.docs.test_pages import blocks
from tests.waiting import until

pytest_plugins = "pytester"

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
BOT = "7342866812345678901"
HEADINGS = {
    "SQLite": "sqlite",
    "PostgreSQL": "postgresql",
    "MySQL and MariaDB": "mysql",
    "ClickHouse": "clickhouse",
}


@contextmanager
def running(command: str, ready: str, folder: Path) -> Iterator[None]:
    """A command of the page while it runs, from its line that begins with *ready*."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        command.split(), cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            while not (line := process.stdout.readline()).startswith(ready):
                assert line, f"{command} ended with {process.wait()}"
            yield
        finally:
            process.terminate()


def test_the_first_commands(tmp_path):
    """The commands deliver a chat into the table, and the report counts it as the analytics call does."""
    receive, serve = re.search(
        r"^    (mockcbs receive) &\n    (mockcbs serve .*)\n", PAGE, re.MULTILINE
    ).groups()
    ports = {"8021": str(free_port()), "8022": str(free_port())}
    receive = f"{receive} --port {ports['8022']}"
    serve = f"{serve.replace('8022', ports['8022'])} --port {ports['8021']} --dataset empty"
    url = f"http://127.0.0.1:{ports['8021']}"
    first = shanghai_day()
    with running(receive, "Webhook URL", tmp_path), running(serve, "", tmp_path):
        client = {"headers": {"Authorization": "Bearer pat_mockcbs"}, "timeout": 10}
        chat = {"bot_id": BOT, "user_id": "u1", "stream": True}
        message = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
        requests.post(f"{url}/v3/chat", json={**chat, "additional_messages": [message]}, **client)
        range_ = {"start_date": first, "end_date": shanghai_day()}  # midnight may lie between them
        found = requests.get(f"{url}/v1/bots/{BOT}/analytics", params=range_, **client).json()
        summary = {name: float(value) for name, value in found["data"]["summary"].items()}

        delivered = f"{url}/_mockcbs/webhooks/deliveries?state=delivered"
        until(lambda: len(requests.get(delivered, timeout=30).json()["deliveries"]) == 4, 100)
        stored = figures(tmp_path)

    assert stored == summary
    assert summary["total_messages"] == 2


def shanghai_day() -> str:
    """The day of now in Shanghai."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))


def figures(folder: Path) -> dict[str, float]:
    """The figures of all events that ``mockcbs receive --report`` prints."""
    done = subprocess.run(
        [Path(sys.executable).parent / "mockcbs", "receive", "--report"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    (line,) = re.findall(r"^-- (total_calls=.*)$", done.stdout, re.MULTILINE)
    return {name: float(value) for name, value in re.findall(r"(\w+)=(\S+)", line)}


def test_the_test_of_the_page(pytester):
    """The test on the page passes unchanged."""
    pytester.makepyfile(blocks("webhooks.md", "python")[0])

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_statements():
    """The statements on the page are those that mockcbs uses."""
    for heading, dialect in HEADINGS.items():
        printed = re.search(rf"^### {heading}\n\n```sql\n(.*?);\n```", PAGE, re.MULTILINE | re.DOTALL)[1]
        assert printed == report(dialect, "bot")
    assert f"```sql\n{CLICKHOUSE_DDL};\n```" in PAGE
