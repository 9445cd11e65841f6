"""Measures the cost of shared state: reads and questions in memory, in a file, and on PostgreSQL."""

import os
import shutil
import socket
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from contenders import Answers, Mockcbs
from load import Wrk
from processes import Server, free_port, running
from progress import Progress
from report import Result, Table, Target, against
from work import BOT, TOKEN, works

_CONNECTIONS = 32
_QUESTION = '{"question":"怎么开发票","user_id":"u","session_id":""}'.encode()
_GOALS = (
    ("reads on PostgreSQL, as a multiple of reads in memory", "reads", "postgres", "memory", 0.8),
    ("questions on PostgreSQL, as a multiple of questions in a file", "questions", "postgres", "file", 0.4),
    ("reads on two replicas, as a multiple of reads on one", "reads", "two replicas", "postgres", 1.7),
)
KINDS = ("memory", "file", "postgres", "two replicas")


def measure(answers: Answers, wrk: Wrk, rounds: int, seconds: float, progress: Progress) -> Result:
    """Put load on each kind of state in turns, so that other load on the machine affects all in the same
    way.
    """
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        servers = _started(stack, answers)
        for number in range(rounds):
            for place, kind in enumerate(KINDS):
                loads = {
                    "reads": partial(_reads, wrk, servers[kind], seconds),
                    "questions": partial(_questions, servers[kind], number, seconds),
                }
                for what, load in loads.items():
                    before = _processor_time(servers[kind])
                    found[f"{what} a second", kind].append(rate := load())
                    used = _processor_time(servers[kind]) - before
                    found[f"µs for {what}", kind].append(used / max(1, rate * seconds) * 1e6)
                progress.tell((number * len(KINDS) + place + 1) / (rounds * len(KINDS)), kind)
    middle = {key: median(values) for key, values in found.items()}
    columns = list(dict.fromkeys(column for column, _ in middle))
    rows = [[kind, *(f"{middle[column, kind]:,.0f}" for column in columns)] for kind in KINDS]
    cores = f"the clients, the replicas and PostgreSQL share {os.cpu_count()} cores."
    notes = [f"{_CONNECTIONS} connections; {cores}", "µs: processor time of the replicas for one."]
    table = Table("Shared state", ["state", *columns], rows, notes)
    figures = {f"{column}, {kind}": value for (column, kind), value in middle.items()}
    return Result("shared-state", figures, [table], list(_targets(middle)))


def _processor_time(servers: list[Server]) -> float:
    """The processor time of all processes of the servers so far, in s."""
    times = [process.cpu_times() for server in servers for process in server.family()]
    return sum(used.user + used.system for used in times)


def _targets(middle: dict[tuple[str, str], float]) -> Iterator[Target]:
    for text, what, ours, theirs, least in _GOALS:
        rate = f"{what} a second"
        if target := against(text, middle[rate, ours], middle[rate, theirs], least=least):
            yield target


def _started(stack: ExitStack, answers: Answers) -> dict[str, list[Server]]:
    """The running servers for each kind of state."""
    folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
    url = stack.enter_context(postgresql(folder))
    states = {"memory": [None], "file": [str(folder / "state.sqlite")], "postgres": [f"{url}?schema=one"]}
    states["two replicas"] = [f"{url}?schema=two"] * 2
    servers: dict[str, list[Server]] = {}
    for kind, wanted in states.items():
        servers[kind] = [stack.enter_context(_mock(kind, folder, state, answers)) for state in wanted]
        for server in servers[kind]:
            server.first_answer(works()["repeated"].asks[0])
    return servers


@contextmanager
def _mock(kind: str, folder: Path, state: str | None, answers: Answers) -> Iterator[Server]:
    port = free_port()
    command = [*Mockcbs().command(folder, port, answers), *(["--state", state] if state else [])]
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as own,
        running(kind, command, port, Path(own)) as server,
    ):
        yield server


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server in a temporary folder, with default settings except for the address."""
    pg_ctl = shutil.which("pg_ctl") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), None)
    if pg_ctl is None:
        raise OSError("PostgreSQL (pg_ctl) is not installed")
    tools, data, port = Path(pg_ctl).resolve().parent, folder / "postgresql", free_port()
    data.mkdir()
    as_user = []
    if os.getuid() == 0:  # PostgreSQL does not run as root
        folder.chmod(0o755)
        shutil.chown(data, "nobody")
        as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]

    def run(tool: str, *options: str) -> None:
        command = [*as_user, str(tools / tool), "-D", str(data), *options]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    run("initdb", "-U", "mockcbs", "-A", "trust")
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", f"-p {port} -k '' -h 127.0.0.1", "start")
    try:
        yield f"postgresql://mockcbs@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def _reads(wrk: Wrk, servers: list[Server], seconds: float) -> float:
    """The number of repeated reads per second of all servers together."""
    rates: list[float] = []

    def load(server: Server) -> None:
        made = wrk(server.url, works()["repeated"], _CONNECTIONS // len(servers), seconds)
        rates.append(made.requests / max(1, round(seconds)))

    _together(load, servers)
    return sum(rates)


def _questions(servers: list[Server], number: int, seconds: float) -> float:
    """The number of questions per second over connections to all servers, each connection with its own
    project.
    """
    counts: list[int] = []
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)
    timer.start()

    def ask(place: int) -> None:
        project = f"{number:08x}{place:08x}84440a81281e5a3a"
        counts.append(_asked(servers[place % len(servers)], project, over))

    _together(ask, range(8))
    timer.cancel()
    return sum(counts) / seconds


def _asked(server: Server, project: str, over: threading.Event) -> int:
    """The number of questions that one connection asks until *over* is true."""
    head = (
        f"POST /v1/{project}/qabots/{BOT}/chat HTTP/1.1\r\nHost: mock\r\nX-Auth-Token: {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(_QUESTION)}\r\n\r\n"
    )
    asked = 0
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection, suppress(OSError):
        while not over.is_set():
            connection.sendall(head.encode() + _QUESTION)
            answer = connection.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200"):
                break
            asked += 1
    return asked


def _together(work, items) -> None:
    threads = [threading.Thread(target=work, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
