"""The search for the smallest case that breaks a relation."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from mockcbs.examining.traffic import Traffic

MAX_SMALLER = 40
"""The maximum number of cases that are tried to find a smaller one."""


class BrokenError(Exception):
    """A relation does not hold."""

    def __init__(self, reason: str, evidence: str, traffic: Traffic) -> None:
        super().__init__(reason)
        self.reason = reason
        """How the relation fails."""
        self.evidence = evidence
        """The traffic of the case, and the requests and output of each run."""
        self.traffic = traffic


def first_broken(cases: Iterable[Any], check: Callable[[Any], None]) -> BrokenError | None:
    """The error of the first of *cases* for which the relation does not hold."""
    return next((broken for case in cases if (broken := _broken(check, case))), None)


def smallest(
    strategy: Any, check: Callable[[Any], None], *, cases: int, seed: int, name: str
) -> BrokenError | None:
    """Check *cases* cases of *strategy*; return `None` if the relation holds, else the error of the
    smallest case.
    """
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 - an extra
    from hypothesis import seed as seeded  # noqa: PLC0415

    checked: dict[Any, BrokenError | None] = {}
    smaller = 0

    def examine(case: Any) -> None:
        nonlocal smaller
        if case not in checked:
            if any(checked.values()):
                smaller += 1
            if smaller > MAX_SMALLER:
                return
            checked[case] = _broken(check, case)
        if broken := checked[case]:
            raise broken.with_traceback(None)

    number = int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:8])
    limited = settings(
        max_examples=cases + 1,  # skip the first case: it is the simplest, which seldom shows an error
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    run: Callable[[], None] = limited(seeded(number)(given(strategy)(examine)))  # type: ignore[no-untyped-call]
    try:
        run()
    except BrokenError as broken:
        return broken
    return None


def _broken(check: Callable[[Any], None], case: Any) -> BrokenError | None:
    try:
        check(case)
    except BrokenError as broken:
        return broken
    return None
