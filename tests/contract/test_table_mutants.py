"""Every deviation of a server of tables or of OSS breaks the clause it should; the healthy mock breaks none."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from flask import Flask

from mockcbs import Settings, create_app
from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.catalogue import CLAUSES, SERVICES, UNIVERSAL, all_checks
from mockcbs.contract.credentials import Credentials
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import WsgiTarget
from tests.conftest import NOW
from tests.contract.oss_mutants import OSS
from tests.contract.table_mutants import AIRTABLE, FEISHU, ROOMS, STRICT, TENCENT_DOCS, WECOM

ALL = [*FEISHU, *AIRTABLE, *TENCENT_DOCS, *WECOM, *OSS]
TABLES = [name for name in SERVICES if name != "webhooks"]
"""Webhooks have tests of their own, as there the kit is the one that is called."""
UNANSWERED = {f"{name}.http.answered" for name in SERVICES}
"""Tested with servers that hang up."""


def checks_of(service: str) -> list[Any]:
    """The checks of a service."""
    return [check for check in all_checks() if check.clauses[0].startswith(f"{service}.")]


@cache
def _mock(world: frozenset[tuple[str, Any]]) -> Flask:
    return create_app(Settings(**{"now": NOW, **dict(world)}))


def healthy(world: Mapping[str, Any]) -> Flask:
    """One mock for all mutants of a world; the kit removes what it makes."""
    return _mock(frozenset(world.items()))


def kit_of(service: str, app: Any) -> Kit:
    """The kit on one service of an application, ready to run."""
    accounts = VENDORS[service].accounts
    kit = Kit(
        {service: WsgiTarget(app)},
        Credentials(),
        "",
        "",
        Ledger(CLAUSES[service]),
        writes=True,
        now=NOW,
        accounts={one.name: one.default for one in accounts},
        secrets=frozenset(one.name for one in accounts if one.is_secret),
        authenticators={service: SERVICES[service].authenticate},
        local=True,
        universal=UNIVERSAL,
    )
    SERVICES[service].look(kit)
    return kit


@pytest.mark.parametrize("service", TABLES)
def test_every_clause_has_a_mutant(service):
    """For each clause there is a mutant that departs from it, and the kit finds it."""
    named = {mutant.clause for mutant in ALL}

    assert {clause.id for clause in CLAUSES[service]} - named - UNANSWERED == set()


def test_names_differ():
    """No two mutants have the same name."""
    assert len({mutant.name for mutant in ALL}) == len(ALL)


@pytest.mark.parametrize("service", TABLES)
def test_healthy_mock_breaks_nothing(service):
    """Every clause holds on a mock with a chat and a custom bot, but those about strangers' tokens and Bases."""
    kit = kit_of(service, healthy({"dataset": str(ROOMS)}))

    for check in checks_of(service):
        kit.run(check)

    open_mock = {"feishu.auth.bad-token", "feishu.auth.user-token", "feishu.bases.unknown"}
    open_mock |= {"airtable.auth.bad-token", "airtable.auth.unknown"}
    open_mock |= {"wecom.auth.bad-token", "wecom.records.unknown"}
    assert [(entry.clause.id, entry.broken) for entry in kit.ledger.of("broken")] == []
    assert {e.clause.id for e in kit.ledger.entries.values() if e.verdict != "held"} <= open_mock


@pytest.mark.parametrize("service", ["feishu", "airtable", "wecom"])
def test_strict_mock_refuses_strangers(service):
    """With --strict the mock refuses invented tokens and ids as the contract states."""
    kit = kit_of(service, healthy(STRICT))

    for check in checks_of(service):
        if check.__name__ in {"test_bad_tokens", "test_strangers", "test_reads"}:
            kit.run(check)

    assert [(entry.clause.id, entry.broken) for entry in kit.ledger.of("broken")] == []
    assert {f"{service}.auth.bad-token"} <= {entry.clause.id for entry in kit.ledger.of("held")}


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_mutant_is_found(mutant):
    """The clause in question breaks, in a check that names it or, if it holds for every answer, in any."""
    service = mutant.clause.partition(".")[0]
    kit = kit_of(service, healthy(mutant.world))
    kit.targets = {service: WsgiTarget(mutant.application(healthy(mutant.world)))}
    entry = kit.ledger.entries[mutant.clause]
    first = sorted(checks_of(service), key=lambda check: mutant.clause not in check.clauses)

    with mutant.patched():
        for check in first:
            if not entry.broken:
                kit.run(check)

    assert entry.verdict == "broken", (entry, [e.clause.id for e in kit.ledger.of("broken")])
