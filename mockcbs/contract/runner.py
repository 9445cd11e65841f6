"""Running the kit on a target."""

from collections.abc import Callable

from mockcbs.contract.catalogue import all_checks
from mockcbs.contract.kit import Check, Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import CannotRunError

INTERRUPTED = "interrupted"
_NOTHING_CAME = "no response of this run shows it"


def run(
    kit: Kit, checks: list[Check] | None = None, tell: Callable[[int, int, int], None] = lambda *_: None
) -> Ledger:
    """Run those of *checks*, by default all, that concern the target.

    *tell* hears how many of how many are done, after how many calls.

    If the target goes away or the user interrupts, `Kit.stopped` says why.
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
