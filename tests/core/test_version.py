"""The version of mockcbs."""

import subprocess
import sys
from importlib.metadata import version

import mockcbs
from mockcbs.core.version import VERSION


def test_one_version_everywhere():
    """The installed distribution, the package and the command name the same version."""
    command = [sys.executable, "-m", "mockcbs", "--version"]

    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert version("mockcbs") == mockcbs.__version__ == VERSION
    assert printed.split()[-1] == VERSION
