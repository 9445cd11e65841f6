"""Runs the checks of the kit under pytest; the options are environment variables ``MOCKCBS_CONTRACT_…``."""

import pytest

from mockcbs.cli.contract import command as contract
from mockcbs.cli.contract import options_of
from mockcbs.contract.kit import Kit
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from mockcbs.contract.targets import CannotRunError
from mockcbs.core.errors import UserError


@pytest.fixture(scope="session")
def kit() -> Kit:
    """The kit, connected to the target of this run."""
    params = contract.make_context("contract", []).params
    try:
        return open_kit(Options(**options_of(params)))
    except UserError as error:
        pytest.exit(str(error), returncode=2)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check through the kit and report its verdict to pytest."""
    clauses = getattr(pyfuncitem.obj, "clauses", None)
    if clauses is None:
        return None
    kit: Kit = pyfuncitem.funcargs["kit"]
    if not kit.concerns(pyfuncitem.obj):
        pytest.skip("the service of this check is not selected")
    before = {name: len(kit.ledger.entries[name].broken) for name in kit.ledger.entries}
    try:
        kit.run(pyfuncitem.obj)
    except CannotRunError as error:
        pytest.exit(kit.mask(str(error)), returncode=2)
    entries = kit.ledger.entries
    broken = [(entries[name], entries[name].broken[count:]) for name, count in before.items()]
    lines = [
        f"{entry.clause.id} ({entry.clause.standing}) {entry.clause.sentence}\n"
        f"{evidence.request}\nexpected {evidence.expected}\nfound    {evidence.found}"
        for entry, pieces in broken
        for evidence in pieces
    ]
    if lines:
        pytest.fail("\n\n".join(lines), pytrace=False)
    if all(not entries[name].checks for name in clauses):
        pytest.skip(entries[clauses[0]].reason)
    return True
