"""Workers that are started and stopped."""

import subprocess
import sys

import pytest

INTERRUPTED = """
import os, signal
from mockcbs.server.workers import Workers

class Interrupted(Workers):
    def _start(self, slot):
        super()._start(slot)
        if slot == 0:
            os.kill(os.getpid(), signal.SIGTERM)

    def _replace(self, slot):
        process = self._processes[slot]
        super()._replace(slot)
        print(process.exitcode)

Interrupted(3, lambda slot, on_ready: signal.pause()).run(lambda: print("ready"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork processes")
def test_told_to_stop_while_they_start():
    """Workers that start after the signal stop, too, without being killed."""
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, check=True, text=True)

    assert ended.stdout.split() == ["-15"] * 3
