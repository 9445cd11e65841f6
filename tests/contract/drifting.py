"""Runs of the kit on servers that drift.

Only checks that get a good response from an operation can be affected by its drift, so for many drifts just
these are run. All drifts share the mock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from mockcbs import Settings, create_app
from mockcbs.contract.kit import Check, Kit
from mockcbs.contract.ledger import Entry, Ledger
from mockcbs.contract.targets import WsgiTarget
from tests.conftest import NOW
from tests.contract.coze_kits import kit_of
from tests.contract.drifts import Drift, Operation, Seen, watched
from tests.contract.table_mutants import ROOMS
from tests.contract.test_coze_kit import CHECKS as COZE
from tests.contract.test_mutants import CHECKS as CBS
from tests.contract.test_mutants import _kit as cbs_kit
from tests.contract.test_table_mutants import checks_of
from tests.contract.test_table_mutants import kit_of as table_kit

MAX_OTHERS = 3


@cache
def _mock(service: str):
    if service == "coze":
        return create_app(Settings(dataset="coze-sample", strict=True))
    if service in {"cbs", "oss"}:
        return create_app(Settings(now=NOW, strict=True))
    return create_app(Settings(now=NOW, dataset=str(ROOMS)))


def _checks(service: str) -> list[Check]:
    return {"cbs": CBS, "coze": COZE}.get(service) or checks_of(service)


def _kit(service: str, target) -> Kit:
    """The kit on one service of a server."""
    app = _mock(service)
    if service == "cbs":
        return cbs_kit(target, app)
    if service == "coze":
        return kit_of(target, writes=True, now=app.extensions["mockcbs"].clock.now())
    kit = table_kit(service, app)
    kit.targets = {service: WsgiTarget(target)}
    return kit


def ledger_of(service: str, mutant, *, writes: bool = True, checks: Iterable[Check] | None = None) -> Ledger:
    """The verdicts of *checks*, by default all, on a server that deviates."""
    kit = _kit(service, mutant.application(_mock(service)))
    kit.writes = writes
    for check in _checks(service) if checks is None else checks:
        kit.run(check)
    _mock(service).extensions["mockcbs"].reset()
    return kit.ledger


@dataclass(frozen=True)
class _Alone:
    """What one check finds if it runs alone on a healthy server."""

    check: Check
    seen: Seen
    judged: frozenset[str]
    """Clauses that it reaches."""


@cache
def _alone(service: str) -> list[_Alone]:
    found = []
    for check in _checks(service):
        seen: Seen = {}
        ledger = ledger_of(service, watched(seen), checks=[check])
        judged = frozenset(name for name, entry in ledger.entries.items() if entry.checks)
        found.append(_Alone(check, seen, judged))
    return found


def seen_of(service: str) -> Seen:
    """The operations of a service, with their members."""
    every: Seen = {}
    for one in _alone(service):
        for operation, members in one.seen.items():
            every.setdefault(operation, {}).update(members)
    return every


def readers(service: str, operation: Operation) -> list[Check]:
    """The checks that get a good response from *operation*, by themselves or by what they share."""
    return [one.check for one in _alone(service) if operation in one.seen]


def _at_stake(service: str, operation: Operation) -> frozenset[str]:
    """Clauses that are reached only by checks that read *operation*."""
    every = _alone(service)
    reading = {name for one in every if operation in one.seen for name in one.judged}
    return frozenset(reading.difference(*(one.judged for one in every if operation not in one.seen)))


def drifted(service: str, one: Drift) -> tuple[Ledger, list[Entry]]:
    """The verdicts on a server that drifts, and the clauses that are not reached because of it."""
    checks = readers(service, one.operation)
    ledger = ledger_of(service, one.mutant(), checks=checks)
    at_stake = _at_stake(service, one.operation)
    return ledger, [entry for entry in ledger.of("not reached") if entry.clause.id in at_stake]


def is_noticed(service: str, one: Drift) -> bool:
    """Whether any clause breaks on a server that drifts; the checks end with the first that does."""
    kit = _kit(service, one.mutant().application(_mock(service)))
    kit.writes = True
    for check in readers(service, one.operation):
        kit.run(check)
        if kit.ledger.of("broken"):
            break
    _mock(service).extensions["mockcbs"].reset()
    return bool(kit.ledger.of("broken"))


@cache
def _unreached(service: str, writes: bool) -> set[str]:
    """Clauses that even a healthy server does not show."""
    ledger = ledger_of(service, watched({}), writes=writes)
    return {entry.clause.id for entry in ledger.of("not reached")}


def check_is_local(service: str, one: Drift, *, writes: bool = True) -> None:
    """A clause breaks; at most three others are not reached, and each states a reason."""
    ledger = ledger_of(service, one.mutant(), writes=writes)

    usual = _unreached(service, writes)
    lost = [entry for entry in ledger.of("not reached") if entry.clause.id not in usual]
    assert ledger.of("broken"), one
    assert len(lost) <= MAX_OTHERS, (str(one), [(entry.clause.id, entry.reason) for entry in lost])
    assert [entry.clause.id for entry in lost if not entry.reason] == []
