"""Reading and checking scenarios from YAML files and JSON.

`docs/scenarios.md` describes the format for users.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import filter as fitting
from functools import cache
from http import HTTPMethod
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockcbs.core.bounds import Items
from mockcbs.core.files import (
    LISTED_BY,
    FileError,
    StrictSchema,
    dotted,
    flat,
    locate,
    number,
    read,
    real,
    shipped,
    text,
)
from mockcbs.core.patterns import Pattern
from mockcbs.core.printable import printable
from mockcbs.core.spelling import accepted, meant, not_one_of
from mockcbs.faults.counters import START
from mockcbs.faults.rule_schema import RuleSchema
from mockcbs.faults.scenario import (
    FAILURES,
    Rule,
    Scenario,
)

SCENARIOS = "scenarios"

_METHODS = [method.value for method in HTTPMethod]


class ScenarioError(FileError):
    """A scenario is not valid; the message names the key and the accepted values."""


@dataclass(frozen=True)
class Vocabulary:
    """The names that scenarios may use."""

    codes: Mapping[str, Collection[int]] = field(hash=False)
    """The error codes, each with the statuses of its rows."""
    services: Collection[str]
    operations: Collection[str]


def ttl(**kwargs: Any) -> fields.Float:
    """The seconds after which a scenario ends; `None` means never."""
    return real(0.001, 31_536_000, load_default=None, allow_none=True, **kwargs)


MAX_RULES = 1_000
"""Rules of one scenario: every request in its scope is compared with each of them."""


class ScenarioSchema(StrictSchema):
    """A whole scenario."""

    name = text(64)
    description = text(512, load_default="")
    seed = number(0, 2**63 - 1, load_default=0)
    ttl_seconds = ttl()
    rules = Items(
        fields.Nested(RuleSchema),
        required=True,
        validate=validate.Length(1, MAX_RULES, error=f"give 1 to {MAX_RULES:,} rules"),
    )

    def __init__(self, vocabulary: Vocabulary, name: str, begins: str = START, **kwargs: Any) -> None:
        """*begins* is the state in which the scenario starts."""
        super().__init__(**kwargs)
        self._vocabulary = vocabulary
        self._name = name
        self._begins = begins

    @validates_schema(skip_on_field_errors=True)
    def _names_exist(self, data: dict[str, Any], **_: Any) -> None:
        for place, rule in enumerate(data["rules"]):
            for where, sentence in _strange_names(rule, self._vocabulary):
                outer, inner = where
                raise ValidationError({"rules": {place: {outer: {inner: [sentence]}}}})
        _check_states(data["rules"], self._begins)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Scenario:
        return Scenario(**{"name": self._name, **data, "rules": tuple(data["rules"])})


def _strange_names(rule: Rule, known: Vocabulary) -> Iterator[tuple[tuple[str, str], str]]:
    """Names in *rule* that do not exist: the key, and a message with the accepted names."""
    answer, pattern = rule.then.answer, rule.when.pattern
    if answer and answer.error and answer.error not in known.codes:
        names = f"{', '.join(FAILURES)}, or a code that `mockcbs errors` lists"
        yield ("answer", "error"), f"{answer.error!r} is not one of {names}{meant(answer.error, FAILURES)}"
    elif answer and answer.error and answer.status not in {None, *known.codes[answer.error]}:
        statuses = " or ".join(map(str, sorted(known.codes[answer.error])))
        yield ("answer", "status"), f"{answer.error} has the status {statuses}, not {answer.status}"
    for name, sentence in strange_names(pattern, known):
        yield ("when", name), sentence


def strange_names(pattern: Pattern, known: Vocabulary) -> Iterator[tuple[str, str]]:
    """The unknown names in *pattern*: for each its member, and a message with the accepted names."""
    for name, names in (
        ("service", known.services),
        ("operation", fitting(known.operations, f"{pattern.service or '*'}.*")),
        ("method", _METHODS),
    ):
        wanted = getattr(pattern, name)
        if wanted is not None and not fitting(names, wanted):
            yield name, not_one_of(wanted, sorted(names), "`mockcbs routes`")


def _check_states(rules: Sequence[Rule], begins: str) -> None:
    """Refuse to start in an unknown state, and rules for a state that is never reached.

    A state without rules is a valid end of a scenario. A scenario that starts in a later state may have rules
    for earlier ones. Raises `ValidationError`.
    """
    named = (state for rule in rules for state in (rule.when.state, rule.then.state) if state)
    known = dict.fromkeys([START, *named])
    if begins not in known:
        raise ValidationError({"state": [not_one_of(begins, known)]})
    reached = _reached(rules, {START, begins})
    for place, rule in enumerate(rules):
        if rule.when.state is not None and rule.when.state not in reached:
            states = f"reached are {', '.join(sorted(reached))}{meant(rule.when.state, reached)}"
            message = f"{rule.when.state!r} is never reached; {states}"
            raise ValidationError({"rules": {place: {"when": {"state": [message]}}}})


def _reached(rules: Iterable[Rule], begins: set[str]) -> set[str]:
    """The states *begins*, and all states that can follow them."""
    leads: dict[str | None, set[str]] = defaultdict(set)
    for rule in rules:
        if rule.then.state:
            leads[rule.when.state].add(rule.then.state)
    reached: set[str] = set()
    new = begins | leads[None]
    while new:
        reached |= new
        new = {state for known in new for state in leads[known]} - reached
    return reached


def load(name_or_file: str, vocabulary: Vocabulary) -> Scenario:
    """Read a scenario of mockcbs by its name, or a file of the user; raises `ScenarioError`."""
    path = locate(SCENARIOS, name_or_file, ScenarioError)
    return _read(path, vocabulary)


@cache
def _by_name(name: str, vocabulary: Vocabulary) -> Scenario:
    return _read(shipped(SCENARIOS)[name], vocabulary)


def _read(path: Path, vocabulary: Vocabulary) -> Scenario:
    scenario: Scenario = read(path, ScenarioSchema(vocabulary, path.stem), ScenarioError)
    return scenario


def parse(content: Any, vocabulary: Vocabulary, begins: str = START) -> Scenario:
    """A scenario given as JSON, a shipped name or the content of a file; raises `ScenarioError`.

    *begins* is the state in which it starts.
    """
    if isinstance(content, str) and content not in shipped(SCENARIOS):
        names = accepted(content, shipped(SCENARIOS), LISTED_BY[SCENARIOS])
        raise ScenarioError(f"no scenario {content!r}: name one of {names}")
    if not isinstance(content, str | Mapping):
        raise ScenarioError(
            f"scenario: {content!r:.80} is not a name; the content of a file must be a mapping of keys "
            "to values"
        )
    scenario: Scenario
    try:
        if isinstance(content, str):
            scenario = _by_name(content, vocabulary)
            _check_states(scenario.rules, begins)
        else:
            scenario = ScenarioSchema(vocabulary, "unnamed", begins).load(content)
    except ValidationError as error:
        problems = [printable(f"{dotted(keys)}{message}") for keys, message in flat(error.messages)]
        raise ScenarioError("\n".join(problems[:10])) from error
    return scenario


def with_ttl(scenario: Scenario, seconds: float | None) -> Scenario:
    """*scenario* with a time to live in seconds; raises `ScenarioError`."""
    try:
        seconds = _TTL.deserialize(seconds)
    except ValidationError as error:
        raise ScenarioError(f"ttl_seconds: {' '.join(error.messages)}") from error
    return scenario if seconds is None else replace(scenario, ttl_seconds=seconds)


_TTL = ttl()
