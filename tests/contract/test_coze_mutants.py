"""Every deviation of a Coze server breaks the clause it should; the healthy mock breaks none."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from mockcbs.contract_tests.coze_clauses import CLAUSES

from mockcbs import Settings, create_app
from mockcbs.services.coze import analytics
from mockcbs.services.coze.analytics import Question
from mockcbs.traffic.log import BotLog
from tests.conftest import NOW
from tests.contract.coze_http_mutants import HTTP_MUTANTS
from tests.contract.coze_read_mutants import READ_MUTANTS
from tests.contract.coze_team_mutants import TEAM_MUTANTS
from tests.contract.coze_write_mutants import WRITE_MUTANTS
from tests.contract.mutants import sampled_worlds
from tests.contract.test_coze_kit import CHECKS, kit_of

COZE_MUTANTS = [*HTTP_MUTANTS, *READ_MUTANTS, *TEAM_MUTANTS, *WRITE_MUTANTS]

WORLDS = list({str(mutant.world): mutant.world for mutant in COZE_MUTANTS}.values())


@cache
def _mock(world: frozenset[tuple[str, Any]]) -> Flask:
    return create_app(Settings(**{"now": NOW, "strict": True, **dict(world)}))


def healthy(world: Mapping[str, Any]) -> Flask:
    """One mock for all mutants of a world; what they write does not get into each other's way."""
    return _mock(frozenset(world.items()))


def test_there_are_many():
    """The mutants are many, and no two have the same name."""
    assert len({mutant.name for mutant in COZE_MUTANTS}) == len(COZE_MUTANTS) >= 60


def test_every_clause_has_a_mutant():
    """For each clause there is a mutant that departs from it, and the kit finds it."""
    assert {clause.id for clause in CLAUSES} - {mutant.clause for mutant in COZE_MUTANTS} == set()


@pytest.mark.slow
@pytest.mark.parametrize("world", sampled_worlds(WORLDS))
def test_no_mutant(world):
    """A server without a deviation breaks nothing, in any world."""
    kit = kit_of(healthy(world), writes=True, now=NOW)

    for check in CHECKS:
        kit.run(check)

    assert [(entry.clause.id, entry.broken) for entry in kit.ledger.of("broken")] == []


def _made_anew(log: BotLog, asked: Question) -> dict[str, Any]:
    """The analytics without rows that are kept as text: mutants change functions that make them."""
    return analytics.answer(log, asked)


@pytest.mark.parametrize("mutant", COZE_MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_is_found(mutant):
    """The clause in question breaks, in a check that names it or, if it holds for every answer, in any."""
    kit = kit_of(mutant.application(healthy(mutant.world)), writes=True, now=NOW)
    entry = kit.ledger.entries[mutant.clause]
    likely_first = sorted(CHECKS, key=lambda check: mutant.clause not in check.clauses)

    with patch.object(analytics, "written", _made_anew), mutant.patched():
        for check in likely_first:
            if not entry.broken:
                kit.run(check)

    assert entry.verdict == "broken", kit.ledger.of("broken")
