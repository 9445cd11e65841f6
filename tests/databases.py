"""Database servers that a test run starts for itself, in temporary folders, on free ports of this machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

import pytest

_USER = "nobody"
"""Who runs the servers if root runs the tests: they refuse root."""


class Postgres:
    """A PostgreSQL server in a folder, which a test may kill and start again."""

    def __init__(self, tools: Path, folder: Path) -> None:
        self._tools, self._data, self._port = tools, folder / "data", free_port()
        self._as_user = _unprivileged(folder, self._data)
        self.url = f"postgresql://mockcbs@127.0.0.1:{self._port}/postgres"
        self._run("initdb", "-U", "mockcbs", "-A", "trust", "-N")
        self.start()

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        settings = f"-p {self._port} -k '' -h 127.0.0.1 -c fsync=off -c timezone=UTC -c max_connections=200"
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", settings, "start")

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill its main process, which ends the others soon, and start it again."""
        os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(subprocess.CalledProcessError):
                self.start()
                return
            time.sleep(0.2)
        raise RuntimeError("PostgreSQL did not start again after it was killed")

    def _run(self, tool: str, *options: str) -> None:
        command = [*self._as_user, str(self._tools / tool), "-D", str(self._data), *options]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def postgresql_server() -> Iterator[Postgres]:
    """A PostgreSQL server in a temporary folder; skips where PostgreSQL is not installed."""
    pg_ctl = shutil.which("pg_ctl") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), None)
    if pg_ctl is None:
        pytest.skip("PostgreSQL (pg_ctl) is not installed")
    with TemporaryDirectory(prefix="mockcbs-postgresql-") as folder:  # pytest's own are closed to other users
        server = Postgres(Path(pg_ctl).resolve().parent, Path(folder))
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server in a temporary folder; gives its URL, or skips where there is none."""
    with postgresql_server() as server:
        yield server.url


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB server in a temporary folder; gives its URL, or skips where there is none."""
    install = shutil.which("mariadb-install-db")
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    if install is None or server is None:
        pytest.skip("MariaDB (mariadb-server) is not installed")
    with TemporaryDirectory(prefix="mockcbs-mariadb-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        as_user = _unprivileged(Path(folder), data)
        here = ["--no-defaults", f"--datadir={data}"]
        prepare = [*as_user, install, *here, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(prepare, check=True, cwd="/", stdout=subprocess.DEVNULL)
        port = free_port()
        address = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={data / 'socket'}"]
        quick = ["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", f"--log-error={data / 'log'}"]
        running = subprocess.Popen([*as_user, server, *here, *address, *quick], cwd="/")
        try:
            _wait_for(running, port)
            yield f"mysql://root@127.0.0.1:{port}/mysql"
        finally:
            running.terminate()
            running.wait(timeout=60)


@contextmanager
def clickhouse() -> Iterator[str]:
    """ClickHouse in a temporary folder; gives its URL, or skips where chdb or the client is not installed."""
    for package in ("chdb", "clickhouse_connect"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    root = Path(__file__).parents[1]
    with TemporaryDirectory(prefix="mockcbs-clickhouse-") as folder:
        port = free_port()
        running = subprocess.Popen([sys.executable, "-m", "tests.clickhouse", str(port), folder], cwd=root)
        try:
            _wait_for(running, port)
            yield f"clickhousedb://default@127.0.0.1:{port}/default"
        finally:
            running.kill()
            running.wait(timeout=60)


def _unprivileged(folder: Path, data: Path) -> list[str]:
    """Make *data* in *folder*; what stands before commands that may not run as root."""
    data.mkdir()
    if os.getuid():
        return []
    folder.chmod(0o755)
    shutil.chown(data, _USER)
    return ["setpriv", f"--reuid={_USER}", "--regid=nogroup", "--clear-groups"]


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Return once *server* listens; a server that ends before has failed."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no server listens on port {port}; it ended with {server.poll()}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on.

    It is none of those that the system gives to who asks for any port, as other tests do meanwhile.
    """
    for port in SystemRandom().sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")
