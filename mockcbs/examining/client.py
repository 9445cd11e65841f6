"""The client under examination: a command, or a function in this process."""

import contextlib
import json
import os
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Protocol

from mockcbs.core.errors import UserError
from mockcbs.core.platform import kill_group
from mockcbs.examining.words import filled, named_in, variables


@dataclass(frozen=True)
class Said:
    """The output of one run of a client."""

    command: str
    status: int | None
    """The exit status; `None` if the client was killed after the timeout."""
    stdout: str
    stderr: str


class Client(Protocol):
    """A program that reads figures and prints rows."""

    words: frozenset[str]
    """The words that the client uses; only these can be varied."""
    in_parallel: bool
    """Whether several runs may take place at the same time."""

    def run(self, words: Mapping[str, str], environment: Mapping[str, str]) -> Said:
        """Run the client once, with additional environment variables."""

    def stop(self) -> None:
        """Stop all runs in progress."""


class Command:
    """A client that is a command."""

    in_parallel = True

    def __init__(self, template: str, timeout: float) -> None:
        """*timeout* is the time limit of one run, in s. Raises `UserError` for an invalid template."""
        try:
            self._parts = shlex.split(template)
        except ValueError as error:
            raise UserError(f"the command {template!r} cannot be parsed: {error}") from error
        if not self._parts:
            raise UserError("the command is empty")
        self.words = named_in(template)
        self._timeout = timeout
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, words: Mapping[str, str], environment: Mapping[str, str]) -> Said:
        """Run the command. Raises `UserError` if it cannot be started."""
        parts = [filled(part, words) for part in self._parts]
        process = self._start(parts, {**os.environ, **variables(words), **environment})
        try:
            stdout, stderr = process.communicate(timeout=self._timeout)
            status: int | None = process.returncode
        except subprocess.TimeoutExpired:
            kill_group(process)
            stdout, stderr = process.communicate()
            status = None
        except BaseException:
            kill_group(process)
            process.wait()
            raise
        finally:
            with self._lock:
                self._running.discard(process)
        return Said(shlex.join(parts), status, stdout, stderr)

    def stop(self) -> None:
        """Kill all running commands with their child processes."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                kill_group(process)

    def _start(self, parts: list[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
        with self._lock:
            if self._stopped:
                raise KeyboardInterrupt
            try:
                process = subprocess.Popen(  # noqa: S603 - the user's own command
                    parts,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    errors="backslashreplace",
                    start_new_session=True,
                )
            except OSError as error:
                raise UserError(f"cannot run {parts[0]!r}: {error.strerror}") from error
            self._running.add(process)
            return process


class Function:
    """A client that is a function in this process. It returns rows, and raises an exception on failure."""

    in_parallel = False

    def __init__(self, read: Callable[[Any], Any], words: Iterable[str]) -> None:
        """*read* gets an object that has every word as an attribute; only *words* are varied."""
        self.words = frozenset(words)
        self._read = read

    def run(self, words: Mapping[str, str], environment: Mapping[str, str]) -> Said:
        """Call the function."""
        named = ", ".join(f"{name}={words[name]!r}" for name in words if name in self.words)
        command = f"{self._read.__qualname__}({named})"
        with _environment({**variables(words), **environment}):
            try:
                returned = self._read(SimpleNamespace(**words))
            except Exception as error:  # noqa: BLE001 - any exception is a reported failure
                return Said(command, 1, "", f"{type(error).__name__}: {error}")
            except SystemExit as end:  # as a program that the function may have been
                return Said(command, 1 if end.code else 0, "", str(end.code or ""))
        return Said(command, 0, _printed(returned), "")

    def stop(self) -> None:
        """Do nothing: a function runs in the thread of its caller."""


def _printed(returned: Any) -> str:
    """The rows that a function returned, in the form of printed output."""
    if isinstance(returned, str):
        return returned
    return json.dumps(returned if isinstance(returned, dict) else list(returned), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """The environment with additional variables; a time zone (TZ) among them takes effect at once."""
    before = dict(os.environ)
    os.environ.update(variables)
    _read_zone(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _read_zone(variables)


def _read_zone(variables: Mapping[str, str]) -> None:
    if "TZ" in variables and hasattr(time, "tzset"):
        time.tzset()
