"""mockcbs runs where the names that only Unix has are missing."""

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import mockcbs
from mockcbs.core import platform

PACKAGE = Path(mockcbs.__file__).parent

MODULES = {"fcntl", "msvcrt", "resource", "pwd", "grp", "termios", "syslog", "uvloop", "winreg"}
NAMES = {
    "AF_UNIX", "EPOLLRDHUP", "SIGBREAK", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SO_LINGER",
    "SO_REUSEPORT", "epoll", "fork", "getegid", "geteuid", "getgid", "getuid", "killpg", "kqueue", "mkfifo",
    "name", "pthread_kill", "pthread_sigmask", "register_at_fork", "sendfile", "set_wakeup_fd", "setsid",
    "sigwait", "uname",
}  # fmt: skip
OWNERS = {"os", "sys", "signal", "socket", "select"}

WITHOUT_UNIX = """
    import asyncio, importlib, logging, multiprocessing.connection, multiprocessing.process, os, pkgutil
    import select, signal, socket, sqlite3, ssl, subprocess, sys, tempfile, types, urllib.request

    pair, unix = socket.socketpair, socket.AF_UNIX
    socket.socketpair = lambda *_: pair(unix)  # asyncio's own; Python has another for Windows
    gone = {
        os: ["fork", "register_at_fork", "getuid", "geteuid", "setsid", "killpg", "wait3", "WNOHANG"],
        signal: ["pthread_sigmask", "SIGKILL", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "sigwait"],
        select: ["epoll", "poll", "EPOLLRDHUP"],
        socket: ["AF_UNIX", "SO_REUSEPORT"],
    }
    for module, names in gone.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    for name in ["fcntl", "resource", "pwd", "grp", "termios", "uvloop"]:
        sys.modules[name] = None
    locked = []
    sys.modules["msvcrt"] = windows = types.ModuleType("msvcrt")
    windows.LK_LOCK, windows.LK_NBLCK, windows.LK_UNLCK = range(3)
    windows.locking = lambda descriptor, mode, size: locked.append(mode)

    import mockcbs
    for found in pkgutil.walk_packages(mockcbs.__path__, "mockcbs."):
        # the library of mcp.server tells Windows by sys.platform, which stays
        if not found.name.startswith(("mockcbs.contract_tests", "mockcbs.__main__", "mockcbs.mcp.server")):
            importlib.import_module(found.name)

    from pathlib import Path
    from mockcbs import Mock, Settings, create_app
    from mockcbs.backend.location import opened
    from mockcbs.core.errors import UserError
    from mockcbs.testing.live import LiveServer

    bot = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
    path = f"/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/{bot}/requests/keywords"
    assert create_app(Settings()).test_client().get(path, headers={"X-Auth-Token": "t"}).status_code == 200
    with Mock():
        import requests
        url = "https://cbs-ext.cn-north-4.myhuaweicloud.com" + path
        assert requests.get(url, headers={"X-Auth-Token": "t"}).status_code == 200
    with LiveServer() as server:
        request = urllib.request.Request(server.url + path, headers={"X-Auth-Token": "t"})
        assert urllib.request.urlopen(request).status == 200
    with tempfile.TemporaryDirectory() as folder:
        with opened(str(Path(folder) / "state.sqlite"), 1, Path(folder)) as state:
            state.documents.put("kind", "scope", "key", {"x": 1})
        try:
            opened(None, 2, Path(folder)).__enter__()
        except UserError as error:
            print(error)
    assert locked, "the state's file was not locked"
"""


def _named(file: Path) -> set[str]:
    """What *file* names of the platform: modules it imports, and attributes of `OWNERS`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom) and node.module in OWNERS | MODULES:
            found |= {alias.name for alias in node.names} & NAMES | {node.module} & MODULES
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in OWNERS:
            found |= {node.attr} & (NAMES | {"platform"})
    return found


def test_one_module_names_the_platform():
    """Only core/platform.py uses functions that exist on one system only."""
    found = {file.relative_to(PACKAGE).as_posix(): _named(file) for file in PACKAGE.rglob("*.py")}

    assert found.pop("core/platform.py")
    assert {file: names for file, names in found.items() if names} == {}


def test_without_the_names_of_unix():
    """The package is imported, mocks, serves and keeps its state where Unix's own names are missing."""
    script = textwrap.dedent(WITHOUT_UNIX)

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=100, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "--workers: this system cannot fork processes; only 1 works here" in done.stdout


def test_a_lock_keeps_others_out(tmp_path):
    """A process that has locked a file is the only one that can use it."""
    first, second = (os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT) for _ in range(2))

    assert platform.try_lock(first)
    assert not platform.try_lock(second)
    platform.unlock(first)
    assert platform.try_lock(second)

    os.close(first)
    os.close(second)
