"""Commands run as users run them."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def receiving(*options: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A receiver started by its command; gives its URL."""
    command = [sys.executable, "-m", "mockcbs", "receive", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        yield re.search(r"http://\S+", line)[0], process
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def run(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mockcbs", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
