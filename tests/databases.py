"""Database servers that a test run starts for itself, in temporary folders, on free ports of this machine."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

_USER = "nobody"
"""PostgreSQL refuses to run as root."""


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server in a temporary folder; gives its URL, or skips where there is none."""
    pg_ctl = shutil.which("pg_ctl") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), None)
    if pg_ctl is None:
        pytest.skip("PostgreSQL (pg_ctl) is not installed")
    with TemporaryDirectory(prefix="mockcbs-postgresql-") as folder:  # pytest's own are closed to other users
        yield from _running(Path(pg_ctl).resolve().parent, Path(folder))


def _running(tools: Path, folder: Path) -> Iterator[str]:
    data, port = folder / "data", free_port()
    data.mkdir()
    as_user = [] if os.getuid() else ["setpriv", f"--reuid={_USER}", "--regid=nogroup", "--clear-groups"]
    if as_user:
        folder.chmod(0o755)
        shutil.chown(data, _USER)

    def run(tool: str, *options: str) -> None:
        command = [*as_user, str(tools / tool), "-D", str(data), *options]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    run("initdb", "-U", "mockcbs", "-A", "trust", "-N")
    settings = f"-p {port} -k '' -h 127.0.0.1 -c fsync=off -c timezone=UTC"
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", settings, "start")
    try:
        yield f"postgresql://mockcbs@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
