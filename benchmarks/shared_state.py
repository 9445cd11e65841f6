"""Measures the cost of shared state: in memory, of two workers, in a file, on PostgreSQL, of two replicas."""

import os
import shutil
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from contenders import Answers, Mockcbs
from kinds import questions
from load import Load, Wrk
from processes import Server, free_port, running
from progress import Progress
from report import Result, Table
from work import Work, works

_CONNECTIONS = 64
"""A replica has as many connections as the one server of other parts, 32; one alone has all of them."""
_QUESTIONS = questions(*(f"{number:08x}d84440a81281e5a3a04f8b00" for number in range(16)))
_WORKS = {"reads": works()["repeated"], "new reads": works()["new"], "questions": _QUESTIONS}
_PROCESSES = {"two workers": 2, "two replicas": 2}
"""The number of mockcbs processes, where it is not one."""


def measure(answers: Answers, wrk: Wrk, rounds: int, seconds: float, progress: Progress) -> Result:
    """Put load on each kind of state in turns, so that other load on the machine affects all in the same
    way.
    """
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    mistakes = 0
    with ExitStack() as stack:
        servers, left_out = _started(stack, answers)
        for number in range(rounds + 1):
            for place, kind in enumerate(servers):
                for what, work in _WORKS.items():
                    before = _processor_time(servers[kind])
                    loads = _together(wrk, servers[kind], work, seconds if number else 1)
                    used = _processor_time(servers[kind]) - before
                    mistakes += sum(load.mistakes(work, _CONNECTIONS) for load in loads)
                    if number:
                        found[f"{what} a second", kind].append(_scaled(loads, _PROCESSES.get(kind, 1)))
                        answered = max(1, sum(load.requests for load in loads))
                        found[f"µs for {what}", kind].append(used / answered * 1e6)
                progress.tell((number * len(servers) + place + 1) / ((rounds + 1) * len(servers)), kind)
    middle = {key: median(values) for key, values in found.items()}
    columns = list(dict.fromkeys(column for column, _ in middle))
    rows = [[kind, *(f"{middle[column, kind]:,.0f}" for column in columns)] for kind in servers]
    rates = f"Medians of {rounds} rounds of {seconds:g} s over {_CONNECTIONS} connections"
    cores = f"Clients, replicas and PostgreSQL share {os.cpu_count()} cores"
    notes = [
        f"{rates}; {mistakes} answers failed.",
        f"{cores}; rates of two workers or replicas are scaled up by what the clients took of two cores.",
        "µs: processor time of the replicas for one.",
        *left_out,
    ]
    table = Table("Shared state", ["state", *columns], rows, notes)
    figures = {f"{column}, {kind}": value for (column, kind), value in middle.items()}
    measured = {f"{what}, {kind}": middle[f"{what} a second", kind] for what in _WORKS for kind in servers}
    return Result("shared-state", figures | {"mistakes": mistakes}, [table], measured)


def _scaled(loads: list[Load], processes: int) -> float:
    """Requests per second of all servers. If the clients left less than a core for each process, the rate is
    scaled up to full cores.
    """
    left = (os.cpu_count() or 1) - sum(load.used / load.seconds for load in loads)
    return sum(load.per_second for load in loads) * max(1.0, processes / max(0.5, left))


def _processor_time(servers: list[Server]) -> float:
    """The processor time of all processes of the servers so far, in s."""
    times = [process.cpu_times() for server in servers for process in server.family()]
    return sum(used.user + used.system for used in times)


def _started(stack: ExitStack, answers: Answers) -> tuple[dict[str, list[Server]], list[str]]:
    """The running servers for each kind of state, and why others are left out."""
    folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
    flags: dict[str, list[list[str]]] = {
        "memory": [[]],
        "two workers": [["--workers", "2"]],
        "file": [["--state", str(folder / "state.sqlite")]],
    }
    left_out = []
    try:
        url = stack.enter_context(postgresql(folder))
    except (OSError, subprocess.SubprocessError) as error:
        left_out.append(f"Left out: PostgreSQL, {error}.")
    else:
        flags["postgres"] = [["--state", f"{url}?schema=one"]]
        flags["two replicas"] = [["--state", f"{url}?schema=two"]] * 2
    servers: dict[str, list[Server]] = {}
    for kind, wanted in flags.items():
        servers[kind] = [stack.enter_context(_mock(kind, folder, each, answers)) for each in wanted]
        for server in servers[kind]:
            server.first_answer(works()["repeated"].asks[0])
    return servers, left_out


@contextmanager
def _mock(kind: str, folder: Path, flags: list[str], answers: Answers) -> Iterator[Server]:
    port = free_port()
    command = Mockcbs(*flags).command(folder, port, answers)
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


def _together(wrk: Wrk, servers: list[Server], work: Work, seconds: float) -> list[Load]:
    """The loads of all servers at the same time; they share the connections."""
    loads: list[Load] = []

    def load(server: Server) -> None:
        loads.append(wrk(server.url, work, _CONNECTIONS // len(servers), seconds))

    threads = [threading.Thread(target=load, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(loads) < len(servers):
        raise click.ClickException(f"wrk failed on {work.title}")
    return loads
