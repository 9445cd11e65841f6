"""Runs of the kit on servers that drift."""

from functools import cache

from mockcbs import Settings, create_app
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import WsgiTarget
from tests.conftest import NOW
from tests.contract.drifts import Drift, watched
from tests.contract.table_mutants import ROOMS
from tests.contract.test_coze_kit import CHECKS as COZE
from tests.contract.test_coze_kit import kit_of
from tests.contract.test_mutants import CHECKS as CBS
from tests.contract.test_mutants import _kit as cbs_kit
from tests.contract.test_table_mutants import checks_of
from tests.contract.test_table_mutants import kit_of as table_kit

MAX_OTHERS = 3


@cache
def _mock(service):
    if service == "coze":
        return create_app(Settings(dataset="coze-sample", strict=True))
    if service == "cbs":
        return create_app(Settings(now=NOW, strict=True))
    return create_app(Settings(now=NOW, dataset=str(ROOMS)))


def _kit(service: str, target) -> tuple[Kit, list]:
    """The kit on one service of a server, and its checks."""
    app = _mock(service)
    if service == "cbs":
        return cbs_kit(target, app), CBS
    if service == "coze":
        return kit_of(target, writes=True, now=app.extensions["mockcbs"].clock.now()), COZE
    kit = table_kit(service, app)
    kit.targets = {service: WsgiTarget(target)}
    return kit, checks_of(service)


def ledger_of(service: str, mutant, *, writes: bool = False) -> Ledger:
    """The verdicts on a server that deviates."""
    kit, checks = _kit(service, mutant.application(_mock(service)))
    kit.writes = writes
    for check in checks:
        kit.run(check)
    _mock(service).extensions["mockcbs"].reset()
    return kit.ledger


@cache
def _unreached(service: str, *, writes: bool) -> set[str]:
    """Clauses that even a healthy server does not show."""
    ledger = ledger_of(service, watched({}), writes=writes)
    return {entry.clause.id for entry in ledger.of("not reached")}


def check_is_local(service: str, one: Drift, *, writes: bool) -> None:
    """A clause breaks; at most three others are not reached, and each states a reason."""
    ledger = ledger_of(service, one.mutant(), writes=writes or service not in {"cbs", "coze"})

    usual = _unreached(service, writes=writes)
    lost = [entry for entry in ledger.of("not reached") if entry.clause.id not in usual]
    assert ledger.of("broken"), one
    assert len(lost) <= MAX_OTHERS, (str(one), [(entry.clause.id, entry.reason) for entry in lost])
    assert [entry.clause.id for entry in lost if not entry.reason] == []
