"""Ctrl-C while modules are imported."""

import signal
import subprocess
import sys

import pytest

from mockcbs.cli.interrupts import importing

PROGRAM = """
import os, signal
from mockcbs.cli.interrupts import importing
with importing():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        pass
print("went on")
"""


def test_ctrl_c_ends_the_process():
    """Ctrl-C prints one line and sets the status of an interrupt, even if an import swallows exceptions."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr == "mockcbs: interrupted\n"


@pytest.mark.parametrize("before", [signal.default_int_handler, signal.SIG_IGN])
def test_the_handler_of_before_comes_back(before):
    """A signal handler that another program has set is restored."""
    known = signal.signal(signal.SIGINT, before)
    try:
        with importing():
            assert (signal.getsignal(signal.SIGINT) is before) is (before is signal.SIG_IGN)
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, known)
