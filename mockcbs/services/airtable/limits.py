"""The rate limit with ``--strict``: 5 calls a second to a base, then 30 seconds of errors (contract 4.6)."""

from mockcbs.core.errors import ApiError
from mockcbs.faults.scenario import Throttle
from mockcbs.services.airtable import errors
from mockcbs.web import context

RATE = Throttle(calls=5, seconds=1.0)
REFUSAL_MS = 30_000
_KIND = "airtable.calls"


def check_rate(base_id: str) -> None:
    """Count a call to *base_id*; raise `ApiError` if there are too many.

    It uses the monotonic clock of the machine, because a frozen clock would refuse forever.
    """
    mock, scope = context.mock(), context.scope() or ""
    at = mock.clock_of(scope).stopwatch()
    with mock.documents.transaction():
        held = mock.documents.get(_KIND, scope, base_id) or {"passed": [], "until": 0}
        window = round(RATE.seconds * 1000)
        passed = [one for one in held["passed"] if at - window < one <= at]
        until = held["until"] if at < held["until"] <= at + REFUSAL_MS else 0
        if not until and len(passed) >= RATE.calls:
            until = at + REFUSAL_MS
        if not until:
            passed.append(at)
        mock.documents.put(_KIND, scope, base_id, {"passed": passed, "until": until})
    if until:
        wait = -(-(until - at) // 1000)
        reason = f"more than {RATE.calls} calls in a second to {base_id} (--strict): wait {wait} s"
        raise ApiError(errors.THROTTLED, reason)
