"""The controls of a mock for tests, in process or live."""

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import date, timedelta
from functools import cached_property
from os import PathLike, fspath
from typing import Any, ClassVar

from flask import Flask

from mockcbs.app import create_app
from mockcbs.core import clock as clocks
from mockcbs.core.bounds import MAX_PROJECT, MAX_TOKEN
from mockcbs.core.clock import Clock
from mockcbs.core.files import is_shipped, locate
from mockcbs.core.patterns import Pattern
from mockcbs.core.spelling import not_one_of, not_taken
from mockcbs.datasets.errors import DatasetError
from mockcbs.datasets.load import DATASETS, Source
from mockcbs.datasets.own_files import read_source
from mockcbs.faults import scenario_file
from mockcbs.faults.scenario import Scenario
from mockcbs.journal.entry import Entry
from mockcbs.services import registry
from mockcbs.services.base import ANY_BOTS
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.testing.webhooks import WebhookControl
from mockcbs.traffic.ids import bot_id
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.turns import OUTCOMES, Outcome
from mockcbs.web.cache.response_cache import ResponseCache
from mockcbs.web.problems import Problem
from mockcbs.webhooks import service

LISTED_BY = "help(mockcbs.Settings)"
"""What lists all settings, for the error about an unknown one."""
_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
_PATTERN = tuple(field.name for field in fields(Pattern))
_SCOPES = {"project": (1, MAX_PROJECT), "token": (1, MAX_TOKEN)}
"""The minimum and maximum length of the names of scopes, in characters."""


class ClockControl:
    """The clock of a mock."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def now(self) -> int:
        """The time of the mock, ms UTC."""
        return self._state.clock.now()

    def freeze(self, at: str | int | None = None) -> None:
        """Stop the clock at *at* (ISO 8601 or epoch ms), by default at its present time."""
        instant = None if at is None else _instant("clock.freeze:", at)
        with self._changed() as clock:
            clock.freeze(instant)

    def tick(self, start: str | int | None = None) -> None:
        """Let the clock run from *start* (ISO 8601 or epoch ms), by default from its present time."""
        instant = None if start is None else _instant("clock.tick:", start)
        with self._changed() as clock:
            clock.tick(instant)

    def advance(self, **units: float) -> None:
        """Move the clock forward: ``advance(minutes=3)``, with the units of `datetime.timedelta`."""
        _check_names("clock.advance", units, _UNITS)
        for name, value in units.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TypeError(f"clock.advance: {name} {value!r} is not a number")
        if not units:
            raise TypeError(f"clock.advance: give an amount; accepted are {', '.join(_UNITS)}")
        try:
            with self._changed() as clock:
                clock.advance(timedelta(**units) // timedelta(milliseconds=1))
        except (ValueError, OverflowError) as error:
            given = ", ".join(f"{name}={value}" for name, value in units.items())
            raise ValueError(f"clock.advance({given}): {error}") from error

    def real(self) -> None:
        """Return to real time."""
        with self._changed() as clock:
            clock.real()

    def _changed(self) -> AbstractContextManager[Clock]:
        return self._state.changed_clock(None)


class Controls:
    """The controls of a mock that a single test uses."""

    SETTINGS: ClassVar = tuple(field.name for field in fields(Settings))
    """The names of its keyword arguments."""

    def __init__(
        self,
        *,
        now: str | int | None = None,
        scenario: str | PathLike[str] | Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        """*settings* are those of `mockcbs.Settings`; *scenario* may be a name, a file, or its content."""
        _check_names(type(self).__name__, settings, self.SETTINGS, LISTED_BY)
        self.settings = Settings(now=now, **settings)
        self.app: Flask = create_app(self.settings)
        """The mock as a WSGI application."""
        self.cache = ResponseCache(self.app)
        """The WSGI application with the response cache in front of it."""
        self.state: State = self.app.extensions["mockcbs"]
        self.clock = ClockControl(self.state)
        self._opening = scenario
        self._open()

    @cached_property
    def webhooks(self) -> WebhookControl:
        """The webhooks of the mock: subscriptions and deliveries."""
        return WebhookControl(service.of(self.app))

    @property
    def journal(self) -> list[Entry]:
        """The calls so far, oldest first."""
        return self.state.journal.entries()[::-1]

    def verify(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        count: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        **pattern: Any,
    ) -> None:
        """Check that a client made such calls; raises `AssertionError` with the nearest calls and reasons.

        *path* and the texts in *pattern* (``operation``, ``query``, ``header``, …) may contain ``*``. Without
        a number, at least one call is expected.
        """
        from mockcbs.control.schemas import expectation  # noqa: PLC0415 - keeps the start fast

        __tracebackhide__ = True
        _check_names("verify", pattern, (*_PATTERN, "count", "at_least", "at_most"))
        wanted = _stated(method=method, path=path, **pattern)
        expected = expectation(wanted, **_stated(count=count, at_least=at_least, at_most=at_most))
        if shortfall := expected.shortfall(self.state.journal):
            raise AssertionError(shortfall)

    def scenario(
        self,
        scenario: str | PathLike[str] | Mapping[str, Any] | None,
        *,
        project: str | None = None,
        token: str | None = None,
        ttl_seconds: float | None = None,
        **strange: Any,
    ) -> None:
        """Start *scenario* for all calls, or for one project or token; `None` stops it.

        *scenario* is a name, a file, or the content of a file.
        """
        _check_names("scenario", strange, ("scenario", "project", "token", "ttl_seconds"))
        _check_texts("scenario", _SCOPES, **_stated(project=project, token=token))
        if project is not None and token is not None:
            raise TypeError("scenario: give a project or a token, not both")
        scope = project if token is None else self._scope_of(token)
        if scenario is None:
            self.state.scenarios.stop(scope)
        else:
            self.state.scenarios.play(scenario_file.with_ttl(_scenario(scenario), ttl_seconds), scope)

    def dataset(self, dataset: str | PathLike[str] | Mapping[str, Any] | None) -> None:
        """Show another dataset from now on; `None` is the dataset of the start. Data of clients stays.

        *dataset* is a name, a file, or the content of a file. The clock moves as for ``PUT
        /_mockcbs/dataset``. Raises `UserError` for an invalid dataset; the former one stays.
        """
        self.state.choose_dataset(None if dataset is None else _source(dataset))

    def seed(self, seed: int | None) -> None:
        """Show the traffic of another seed from now on; `None` is the seed of the start.

        Data of clients stays.
        """
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise TypeError(f"seed {seed!r} is not a whole number")
        self.state.choose_seed(seed)

    def ask(
        self,
        bot: str,
        question: str,
        *,
        user: str = "",
        session: str = "",
        at: str | int | None = None,
        outcome: Outcome | None = None,
        project: str | None = None,
        token: str | None = None,
    ) -> Turn:
        """Add a question to the traffic of *bot*; all statistics count it at once.

        It belongs to *project*, or to *token* if the bot's service has no projects; by default to
        the default project or the configured token. Without an *outcome* the bot's knowledge base decides;
        without a *session* the question opens one. Raises `TypeError` or `ValueError` for values that no
        client can send.
        """
        from mockcbs.control.turns import said  # noqa: PLC0415 - keeps the start fast

        _check_texts("ask", _lengths(bot), bot=bot, question=question, user=user, session=session)
        _check_texts("ask", _SCOPES, **_stated(project=project, token=token))
        if outcome is not None and outcome not in OUTCOMES:
            raise ValueError(f"ask: outcome {not_one_of(str(outcome), OUTCOMES)}")
        bot = self._bot(bot)
        when = self.clock.now if at is None else _instant("ask: at", at)
        self._asked += 1
        turn = Turn(
            bot,
            session or f"asked-{self._asked:06d}",
            user,
            when,
            said(self.state.knowledge_of(bot), question, outcome),
        )
        self.state.log.record(turn, self._owner(bot, project, token))
        self.state.catch_up()
        return turn

    def explain(self, request: str, figure: str, *, token: str | None = None) -> dict[str, Any]:
        """The turns and the formula behind a figure of a statistics response.

        *request* is path and query as a client sends them. *figure* is the path of the figure in the
        response, such as ``total.session_count`` or ``intervals[3].user_count``. The members of the result
        are those of ``GET /_mockcbs/explain``, with all turns. Calls to services without projects belong to
        *token*; the default is the configured one. Raises `ValueError` if the request is not a statistics
        request, if its service refuses it, or if its response does not have that figure.
        """
        from mockcbs.control.explain import explanation  # noqa: PLC0415 - keeps the start fast

        _check_texts("explain", _SCOPES, **_stated(token=token))
        scope = None if token is None else self._scope_of(token)
        try:
            return explanation(self.app, request, figure, page_size=sys.maxsize, scope=scope)
        except Problem as problem:
            raise ValueError(f"explain: {problem.detail}") from problem

    def reset(self) -> None:
        """Return to the state at the start."""
        self.state.reset()
        self._open()

    def report(self) -> str:
        """The journal with one line for each call, oldest first."""
        return "\n".join(entry.line for entry in self.journal) or "no calls"

    def _open(self) -> None:
        self._asked = 0
        if self._opening is not None:
            self.scenario(self._opening)

    def _bot(self, text: str) -> str:
        """*text* as the id of a bot that exists; raises `ValueError`."""
        bot, dataset = bot_id(text), self.state.dataset
        if self.settings.strict and not dataset.names(bot):
            raise ValueError(f"ask: dataset {dataset.name} has no bot {bot} (strict)")
        return bot

    def _owner(self, bot: str, project: str | None, token: str | None) -> str:
        """The scope that a question to *bot* belongs to."""
        service = registry.with_bot(bot)
        given = project if service and service.project else token and self._scope_of(token)
        return given or registry.default_scope(bot, self.settings)

    def _scope_of(self, token: str) -> str | None:
        return registry.scope_of_token(token, self.settings.secret)


def _check_names(taker: str, given: Iterable[str], accepted: Iterable[str], where: str = "") -> None:
    """Refuse an unknown argument, and name the accepted ones; raises `TypeError`."""
    if problem := not_taken(taker, given, accepted, where):
        raise TypeError(problem)


def _stated(**given: Any) -> dict[str, Any]:
    """The arguments that are not `None`."""
    return {name: value for name, value in given.items() if value is not None}


def _lengths(bot: str) -> dict[str, tuple[int, int]]:
    """The minimum and maximum length of texts in requests to *bot*, in characters."""
    service = registry.with_bot(bot) if isinstance(bot, str) else None
    limits = (service and service.bots) or ANY_BOTS
    ids = (0, limits.max_id)
    return {"bot": (1, limits.max_id), "question": (1, limits.max_question), "user": ids, "session": ids}


def _check_texts(taker: str, lengths: Mapping[str, tuple[int, int]], **given: Any) -> None:
    """Refuse texts that no client can send; raises `TypeError` or `ValueError`."""
    for name, value in given.items():
        if not isinstance(value, str):
            raise TypeError(f"{taker}: {name} {value!r} is not a text")
        least, most = lengths[name]
        if not least <= len(value) <= most:
            raise ValueError(f"{taker}: a {name} of {len(value)} characters, not {least} to {most}")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError(f"{taker}: {name} {value!r} contains half a character (a lone surrogate)")


def _instant(name: str, text: str | int) -> int:
    """*text* as ms UTC; raises `ValueError`, whose message begins with *name*."""
    try:
        return clocks.settable(text)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from error


def _scenario(scenario: str | PathLike[str] | Mapping[str, Any]) -> Scenario:
    if isinstance(scenario, str | PathLike):
        return scenario_file.load(fspath(scenario), registry.vocabulary())
    return scenario_file.parse(scenario, registry.vocabulary())


def _source(dataset: str | PathLike[str] | Mapping[str, Any]) -> Source:
    """A dataset that a test gives by its name, as a file, or in full; raises `UserError` or `TypeError`."""
    if isinstance(dataset, str | PathLike):
        path = locate(DATASETS, fspath(dataset), DatasetError)
        return Source(path.stem) if is_shipped(DATASETS, path) else read_source(path)[0]
    if isinstance(dataset, Mapping):
        return Source("unnamed", json.dumps(dict(dataset), default=_iso), is_json=True)
    raise TypeError(f"dataset {dataset!r} is neither a name, nor a file, nor the content of a dataset file")


def _iso(value: object) -> str:
    """A time as a dataset file writes it; raises `TypeError` for anything else that JSON cannot hold."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"dataset: {value!r} is neither text, a number, a time, a list nor a mapping")
