"""Node clients, installed by npm in a folder of their own."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

needed = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("npm") is None, reason="node or npm is not installed"
)


def install(folder: Path, *packages: str) -> None:
    """Install *packages* in *folder*; skips the test if npm cannot."""
    command = [shutil.which("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
    try:
        subprocess.run(
            [*command, "--prefix", folder, *packages], cwd=folder, capture_output=True, timeout=60, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        pytest.skip(f"npm cannot install {packages[0]}: {said[-1] if said else error}")


def runner(folder: Path, script: Path, *packages: str) -> Callable[..., dict]:
    """Run *script* with *packages* installed in *folder*; the last line it prints is its result."""
    install(folder, *packages)
    home = {"HOME": str(folder), "USERPROFILE": str(folder), "NODE_PATH": str(folder / "node_modules")}

    def run(*arguments: str) -> dict:
        done = subprocess.run(
            ["node", script, *arguments],
            cwd=folder,
            env={**os.environ, **home},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
