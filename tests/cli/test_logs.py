"""``mockcbs serve --access-log --log-level --log-format``."""

import json
import re
import signal
import subprocess
import sys

import pytest
import requests

from tests.conftest import BOT, PROJECT


def served(*options: str) -> list[str]:
    """The log of a server that got one good request, twice, and a bad one."""
    command = [sys.executable, "-m", "mockcbs", "serve", "--port", "0", "--quiet", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        url = f"{process.stdout.readline().strip()}/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"
        for query in ("interval=day", "interval=day", "interval=century"):
            requests.get(f"{url}?{query}", headers={"X-Auth-Token": "secret-token"}, timeout=10)
        process.send_signal(signal.SIGINT)
        return process.communicate(timeout=20)[1].splitlines()
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("options", "statuses"),
    [
        pytest.param(("--log-level", "debug"), ["400"], marks=pytest.mark.slow),
        (("--access-log", "--log-level", "error"), ["200", "200", "400"]),
    ],
)
def test_text(options, statuses):
    """By default only errors are logged; with the access log, every request is."""
    lines = [line for line in served(*options) if "GET /v1/" in line]

    assert [re.search(r" (\d{3}) (CBS\S+ )?GET", line)[1] for line in lines] == statuses


def test_json():
    """A line is a JSON object; that of a request has its fields, also if the cache answered it."""
    lines = [json.loads(line) for line in served("--access-log", "--log-format", "json")]

    calls = [line["call"] for line in lines if line["logger"] == "mockcbs.access"]
    assert [call["status"] for call in calls] == [200, 200, 400]
    assert calls[2]["code"] == "CBS.0021"
    assert all(call["duration_ms"] >= 0 for call in calls)
    assert "secret-token" not in json.dumps(lines)
