"""The background jobs of a mock. Each runs in one worker at a time, in a separate thread."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from mockcbs.backend.base import Leases
from mockcbs.core.errors import BackendError

log = logging.getLogger("mockcbs")

LEASE_SECONDS = 10.0
"""How long a job stays with a worker that has died; after that, another takes it within `RETRY_SECONDS`."""
RETRY_SECONDS = 2.0
"""The interval at which a worker tries again to run a job that another worker runs, or that failed."""
_RENEW_SECONDS = 3.0
_STOP_SECONDS = 5.0
"""The timeout for a job to end when the server stops."""

Work = Callable[[], float]
"""Does one round of a job; returns the seconds until the next. A round should take less than 5 s."""


@dataclass
class _Job:
    name: str
    work: Work
    close: Callable[[], None] | None = None
    holder: str = ""
    """The name under which this worker holds the lease."""
    wake: threading.Event = field(default_factory=threading.Event)
    once: threading.Lock = field(default_factory=threading.Lock)


class Jobs:
    """The background jobs of one mock.

    A server starts them in each of its workers, after forking; leases decide which worker does which job. A
    mock in process runs them only when `run` is called.
    """

    def __init__(self, leases: Leases, refresh: Callable[[], None] = lambda: None) -> None:
        """*refresh* checks what others have changed. It is called before each round, as no request may come
        that does so.
        """
        self._leases, self._refresh = leases, refresh
        self._jobs: dict[str, _Job] = {}
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def add(self, name: str, work: Work, close: Callable[[], None] | None = None) -> None:
        """Add a job before the mock is started. *close* is called when the mock ends.

        Raises `ValueError` if there is a job of that name.
        """
        if name in self._jobs:
            raise ValueError(f"a job {name!r} exists already")
        self._jobs[name] = _Job(name, work, close)

    @property
    def is_started(self) -> bool:
        """Whether threads run the jobs, in this worker or another."""
        return bool(self._threads)

    def run(self, name: str | None = None) -> None:
        """Do one round of a job, or of all jobs, and wait for its end."""
        for job in self._jobs.values():
            if name in {None, job.name}:
                with job.once:
                    job.work()

    def keeps(self, name: str) -> bool:
        """Renew the lease of a job from within its round.

        `False` means that this worker stood still for so long that another has taken the job: the round must
        end without another effect outside.
        """
        job = self._jobs[name]
        return not self._threads or bool(job.holder and self._leases.renew(name, job.holder, LEASE_SECONDS))

    def wake(self, name: str) -> None:
        """Do the next round of a job at once, if this worker runs it."""
        self._jobs[name].wake.set()

    def start(self) -> None:
        """Start a thread for each job."""
        if self._threads or not self._jobs:
            return
        self._stopping.clear()
        works: list[tuple[str, Callable[[], None]]] = [
            (job.name, partial(self._do, job)) for job in self._jobs.values()
        ]
        for name, work in [*works, ("leases", self._renew)]:
            thread = threading.Thread(target=work, name=f"mockcbs {name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End all threads and release the leases, so that other workers can run the jobs."""
        self._stopping.set()
        for job in self._jobs.values():
            job.wake.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        self._threads.clear()
        for job in self._jobs.values():
            if job.close:
                job.close()

    def _do(self, job: _Job) -> None:
        holder = secrets.token_hex(8)
        while not self._stopping.is_set():
            job.wake.clear()
            wait = RETRY_SECONDS
            try:
                if self._leases.lease(job.name, holder, LEASE_SECONDS):
                    job.holder = holder
                    self._refresh()
                    with job.once:
                        wait = job.work()
            except BackendError as error:
                log.warning("job %s: the state is unavailable, trying again: %s", job.name, error)
            except Exception:
                log.exception("a bug in mockcbs: job %s failed", job.name)
            job.wake.wait(wait)
        self._give_up(job, holder)

    def _give_up(self, job: _Job, holder: str) -> None:
        job.holder = ""
        try:
            self._leases.release(job.name, holder)
        except BackendError as error:
            log.info("job %s: another worker can run it only when the lease expires: %s", job.name, error)

    def _renew(self) -> None:
        """Renew the leases while this worker lives, even if a round takes long."""
        while not self._stopping.wait(_RENEW_SECONDS):
            for job in self._jobs.values():
                try:
                    if job.holder and not self._leases.renew(job.name, job.holder, LEASE_SECONDS):
                        job.holder = ""
                except BackendError as error:
                    log.warning("job %s: the lease cannot be renewed: %s", job.name, error)
