"""A mock with the traffic of one case, and the client's runs against it."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Self

from mockcbs.backend.folders import temporary_folder
from mockcbs.examining.client import Client, Said
from mockcbs.examining.output import NoRowsError, Output, parse
from mockcbs.examining.traffic import Traffic
from mockcbs.examining.words import Asked, Target
from mockcbs.journal.entry import Entry
from mockcbs.services import registry
from mockcbs.testing.live import LiveServer

_MAX_CALLS = 12
_MAX_LINES = 12


@dataclass(frozen=True)
class Run:
    """One run of the client."""

    asked: Asked
    said: Said
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    """The requests of the run; empty if runs were made in parallel."""
    output: Output | None = None
    problem: str = ""
    """Why the run has no output; else empty."""

    @property
    def printed(self) -> str:
        """The printed output, shortened."""
        lines = self.said.stdout.strip().splitlines() or ["(nothing)"]
        lines = [line if len(line) <= 300 else f"{line[:300]}…" for line in lines]
        more = [f"… ({len(lines)} lines)"] if len(lines) > _MAX_LINES else []
        return "\n".join(lines[:_MAX_LINES] + more)

    def lines(self) -> list[str]:
        """The run as lines of a report: command, requests and output."""
        calls = [f"  {entry.summary}" for entry in self.entries]
        if len(calls) > _MAX_CALLS:
            half = _MAX_CALLS // 2
            calls = [*calls[:half], f"  … ({len(calls)} calls)", *calls[-half:]]
        status = "killed after the timeout" if self.said.status is None else f"status {self.said.status}"
        said = [f"  {line}" for line in self.printed.splitlines()]
        errors = [f"  stderr: {line[:300]}" for line in self.said.stderr.strip().splitlines()[-3:]]
        return [f"$ {self.said.command}", *calls, f"→ {status}", *said, *errors]


class World:
    """A running mock, as a context manager."""

    def __init__(
        self,
        client: Client,
        target: Target,
        traffic: Traffic,
        *,
        now: int,
        jobs: int = 1,
        scenario: Mapping[str, Any] | None = None,
        others: bool = False,
    ) -> None:
        """*now* is the time of the mock's clock, ms UTC; *jobs* is the maximum number of parallel runs.

        With *others*, the mock has another bot, which the client must not read.
        """
        self._client, self._traffic, self._jobs = client, traffic, jobs
        self._others = others
        self._stack = ExitStack()
        self._settings: dict[str, Any] = {"now": now, "scenario": scenario}
        self._target = target

    def __enter__(self) -> Self:
        with self._stack:
            folder = self._stack.enter_context(temporary_folder())
            file = folder / "dataset.yaml"
            file.write_text(self._traffic.dataset(self._target.bot_id, others=self._others), "utf-8")
            seed = 42 if self._traffic.seed is None else self._traffic.seed
            server = LiveServer(dataset=str(file), seed=seed, **self._settings)
            self.server = self._stack.enter_context(server)
            self.target = replace(self._target, base_url=self.server.url)
            self._variables = registry.variables(self.server.settings, self.server.url)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Stop the server in the background, because that takes time and an exam starts hundreds of
        servers.
        """
        threading.Thread(target=self._stack.close, name="mockcbs-closing").start()

    def run(
        self, asked: Asked, environment: Mapping[str, str] | None = None, *, token: str | None = None
    ) -> Run:
        """Run the client once."""
        before = len(self.server.journal)
        run = self._run(asked, environment or {}, token)
        return replace(run, entries=tuple(self.server.journal[before:]))

    def run_all(self, asked: Sequence[Asked]) -> list[Run]:
        """Run the client for each request, in parallel if the client allows it."""
        if self._jobs == 1 or not self._client.in_parallel or len(asked) == 1:
            return [self.run(one) for one in asked]
        with ThreadPoolExecutor(self._jobs) as pool:
            try:
                return list(pool.map(lambda one: self._run(one, {}, None), asked))
            except BaseException:
                self._client.stop()
                raise

    def _run(self, asked: Asked, environment: Mapping[str, str], token: str | None) -> Run:
        target = self.target if token is None else replace(self.target, token=token)
        said = self._client.run(asked.words(target), {**self._variables, **environment})
        if said.status is None:
            return Run(asked, said, problem="it did not end within the timeout")
        if said.status:
            return Run(asked, said, problem=f"it ended with status {said.status}")
        try:
            return Run(asked, said, output=parse(said.stdout))
        except NoRowsError as error:
            return Run(asked, said, problem=f"it printed {error}")
