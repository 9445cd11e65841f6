"""Running the kit on a target."""

import json
import os
import re
import signal
import subprocess
import sys
import threading

from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.foreign import (
    of_both,
    served,
)


@of_both
def test_who_goes_away(service, listen, tmp_path):
    """A target that disappears in mid run is status 2, with a report of what was found so far."""
    calls = iter(range(10**6))

    url = listen(served(lambda _: next(calls) < 100 or None))
    result = contract_of(f"--{service}", url, "--now", NOW, "--report", tmp_path)

    assert result.exit_code == 2
    assert re.search(
        r"mockcbs: \S+ (closes the connection|cannot be reached)", result.stderr.splitlines()[-1]
    )
    counts = json.loads((tmp_path / "report.json").read_text())["counts"]
    assert counts["held"] > 10
    assert counts["not reached"] > 50


@of_both
def test_an_interrupted_run(service, listen, tmp_path):
    """Ctrl-C gives the report of what was found so far, and the status of an interruption."""
    reached = threading.Event()
    calls = iter(range(10**6))
    url = listen(served(lambda _: next(calls) < 60 or reached.set() or True))
    command = [
        sys.executable,
        "-m",
        "mockcbs",
        "contract",
        f"--{service}",
        url,
        "--now",
        str(NOW),
        "--max-rps",
        "100",
    ]
    running = subprocess.Popen(
        [*command, "--report", str(tmp_path)],
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    try:
        assert reached.wait(30)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=30)
    finally:
        running.kill()

    assert running.returncode == 130
    assert errors == "mockcbs: interrupted\n"
    assert "not reached" in output
    assert "interrupted" in (tmp_path / "index.html").read_text()
