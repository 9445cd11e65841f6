"""The kit is worth what it finds: every mutant breaks the clause it should, the healthy mock breaks none."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import pytest
from flask import Flask
from mockcbs.contract_tests.clauses import CLAUSES

from mockcbs import Settings, create_app
from mockcbs.contract.catalogue import AUTHENTICATORS, UNIVERSAL, all_checks
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.opening import in_process, open_kit, skip
from mockcbs.contract.options import Options
from mockcbs.contract.runner import run
from mockcbs.contract.targets import WsgiTarget
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from tests.conftest import BOT, NOW
from tests.contract.conversation_mutants import CONVERSATION
from tests.contract.credential_mutants import CREDENTIALS
from tests.contract.dialogue_mutants import DIALOGUE
from tests.contract.figure_mutants import FIGURES
from tests.contract.list_mutants import LISTS
from tests.contract.member_mutants import MEMBERS
from tests.contract.mutants import Mutant, sampled_worlds, token_of
from tests.contract.parameter_mutants import PARAMETERS
from tests.contract.period_mutants import PERIODS
from tests.contract.wire_mutants import WIRE

ALL = [*FIGURES, *MEMBERS, *PERIODS, *LISTS, *PARAMETERS, *WIRE, *CREDENTIALS, *DIALOGUE, *CONVERSATION]

WORLDS = list({str(mutant.world): mutant.world for mutant in ALL}.values())
OPEN_TABLES = {
    *("feishu.auth.bad-token", "feishu.auth.user-token", "feishu.bases.unknown"),
    *("airtable.auth.bad-token", "airtable.auth.unknown"),
    *("wecom.auth.bad-token", "wecom.records.unknown"),
}
"""Clauses about strangers, whom the mock in process lets into tables."""
TOO_EARLY = "the target's clock is before 2023-01-01, when the statistics begin"
CHECKS = [check for check in all_checks() if check.clauses[0] in {clause.id for clause in CLAUSES}]


@cache
def _mock(world: frozenset[tuple[str, Any]]) -> Flask:
    return create_app(Settings(**{"now": NOW, "strict": True, **dict(world)}))


def healthy(world: Mapping[str, Any]) -> Flask:
    """One mock for all mutants of a world: they change what passes, not what it holds."""
    return _mock(frozenset(world.items()))


def _kit(app, healthy) -> Kit:
    target, mock = WsgiTarget(app), healthy.extensions["mockcbs"]
    now = mock.clock.now()
    kit = Kit(
        {"cbs": target, "iam": target},
        in_process(Options(dataset="empty")).credentials,
        DEFAULT_PROJECT,
        BOT,
        Ledger(CLAUSES),
        now=now,
        token=token_of(now),
        authenticators=AUTHENTICATORS,
        universal=UNIVERSAL,
    )
    kit.skip = partial(skip, kit, mock)
    return kit


def test_there_are_many():
    """The mutants are many, and no two have the same name."""
    assert len({mutant.name for mutant in ALL}) == len(ALL) >= 60


def test_every_clause_has_a_mutant():
    """For each clause there is a mutant that departs from it, and the kit finds it."""
    assert {clause.id for clause in CLAUSES} - {mutant.clause for mutant in ALL} == set()


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_mutant_is_found(mutant):
    """The clause in question breaks, in a check that names it or, if it holds for every answer, in any."""
    mock = healthy(mutant.world)
    kit = _kit(mutant.application(mock), mock)
    kit.writes = mutant.writes
    if mutant.wire:  # its date is that of a clock that runs
        kit.targets["cbs"].wire, kit.now = True, None
    entry = kit.ledger.entries[mutant.clause]
    likely_first = sorted(CHECKS, key=lambda check: mutant.clause not in check.clauses)

    with mutant.patched():
        for check in likely_first:
            if not entry.broken:
                kit.run(check)
    mock.extensions["mockcbs"].reset()  # its clock was let run on, keys may be locked

    assert entry.verdict == "broken", kit.ledger.of("broken")


@pytest.mark.slow
@pytest.mark.parametrize("world", sampled_worlds(WORLDS))
def test_no_mutant(world):
    """A server without a deviation breaks nothing with any dataset, including one with other dates."""
    mock = healthy(world)
    kit = _kit(Mutant("none", "", wire=True).application(mock), mock)
    kit.targets["cbs"].wire = True

    for check in CHECKS:
        kit.run(check)

    assert [(entry.clause.id, entry.broken) for entry in kit.ledger.of("broken")] == []
    assert kit.ledger.entries["http.date"].verdict == "held"


@pytest.mark.parametrize(
    ("seed", "now"),
    [
        pytest.param(42, NOW, id="42"),
        pytest.param(7, 1_709_247_599_999, id="7", marks=pytest.mark.slow),
        pytest.param(2026, 1_640_995_200_000, id="2026", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("writes", [pytest.param(False, marks=pytest.mark.slow), True])
def test_healthy_mock_breaks_nothing(seed, now, writes):
    """On an unchanged mock every clause is reached and holds, for any seed and clock."""
    ledger = run(open_kit(Options(seed=seed, now=now, allow_writes=writes)))

    assert [(entry.clause.id, entry.broken) for entry in ledger.of("broken")] == []
    assert [(entry.clause.id, entry.reason) for entry in ledger.of("not reached")] == []
    idle = {entry.clause.id: entry.reason for entry in ledger.of("not applicable")}
    excuses = {TOO_EARLY} if writes else {TOO_EARLY, "writing is not allowed (--allow-writes)"}
    never = {"http.date", "coze.run.chatflow", *OPEN_TABLES}
    assert [clause for clause, reason in idle.items() if reason not in excuses and clause not in never] == []


@pytest.mark.slow
def test_healthy_mock_with_a_running_clock():
    """The kit does not take everyday traffic that continues during the run for its own."""
    ledger = run(open_kit(Options(seed=9, allow_writes=True)))

    assert [(entry.clause.id, entry.broken) for entry in ledger.of("broken")] == []
