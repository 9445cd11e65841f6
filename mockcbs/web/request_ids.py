"""Ids of requests. They are random, but equal in every run of a test suite while the clock is frozen."""

import hashlib
import logging
import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from mockcbs.core.errors import BackendError
from mockcbs.core.platform import after_fork
from mockcbs.state import State

log = logging.getLogger("mockcbs")


def new(mock: State, scope: str | None, now: int) -> str:
    """A new id of 32 hexadecimal digits.

    While the clock of its *scope* is frozen, the id depends only on the seed, the time *now* (ms UTC), the
    scope and the number of earlier requests of the scope. The backend counts, so that all workers and
    replicas count together and a reset starts again.
    """
    try:
        if not mock.clock_of(scope).frozen:
            return drawn()
        number = mock.backend.counts.next(scope or "")
    except BackendError as error:
        log.warning("a random request id, as requests cannot be counted: %s", error)
        return drawn()
    text = f"mockcbs/request/{mock.seed}/{now}/{scope or ''}/{number}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def log_id(now: int, request_id: str) -> str:
    """The ``X-Tt-Logid`` of a request at *now* (ms UTC): the time in China, then 20 hexadecimal digits."""
    return f"{_in_china(now // 1000)}{request_id[:20].upper()}"


@lru_cache(16)  # most requests arrive in the second of another one
def _in_china(at: int) -> str:
    """The local time in digits, at a time in Unix seconds."""
    return f"{datetime.fromtimestamp(at, UTC) + timedelta(hours=8):%Y%m%d%H%M%S}"


_pool: list[str] = []
after_fork(_pool.clear)


def drawn() -> str:
    """The id of a request under a clock that runs: a random one. Many are generated at a time, as that takes
    a sixth of the time.
    """
    try:
        return _pool.pop()
    except IndexError:
        digits = os.urandom(16 * 256).hex()
        _pool.extend(digits[at : at + 32] for at in range(32, len(digits), 32))
        return digits[:32]
