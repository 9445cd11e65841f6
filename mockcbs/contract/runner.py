"""Runs the checks of the kit on a target."""

from collections.abc import Callable

from mockcbs.contract.catalogue import all_checks
from mockcbs.contract.kit import Check, Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import CannotRunError

INTERRUPTED = "interrupted"
_NOTHING_CAME = "no response of this run showed it"


def run(
    kit: Kit, checks: list[Check] | None = None, tell: Callable[[int, int, int], None] = lambda *_: None
) -> Ledger:
    """Run the *checks* (by default all) that apply to the target.

    Calls *tell* with the number of finished checks, of all checks, and of calls.

    If the target goes down or the user interrupts, `Kit.stopped` contains the reason.
    """
    chosen = [check for check in (all_checks() if checks is None else checks) if kit.concerns(check)]
    for place, check in enumerate(chosen):
        try:
            tell(place, len(chosen), kit.calls)
            kit.run(check)
        except (CannotRunError, KeyboardInterrupt) as error:
            kit.stop(str(error) or INTERRUPTED, chosen[place:])
            break
    for name in kit.ledger.entries:
        kit.ledger.excuse(name, _NOTHING_CAME, applicable=True)
    return kit.ledger
