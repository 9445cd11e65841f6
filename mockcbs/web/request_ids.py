"""Ids of requests. They are random, but equal in every run of a test suite while the clock is frozen."""

import hashlib
import logging
import os

from mockcbs.core.errors import BackendError
from mockcbs.core.platform import after_fork
from mockcbs.state import State

log = logging.getLogger("mockcbs")

_KIND = "web.requests"
_KEY = "count"


def new(mock: State, scope: str | None, now: int) -> str:
    """A new id of 32 hexadecimal digits.

    While the clock of its *scope* is frozen, the id depends only on the seed, the time *now* (ms UTC), the
    scope and the number of earlier requests of the scope. The number is stored in the backend, so that all
    workers and replicas count together and a reset restarts it.
    """
    try:
        if not mock.clock_of(scope).frozen:
            return _drawn()
        number = _count(mock, scope or "")
    except BackendError as error:
        log.warning("a random request id, as requests cannot be counted: %s", error)
        return _drawn()
    text = f"mockcbs/request/{mock.seed}/{now}/{scope or ''}/{number}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _count(mock: State, scope: str) -> int:
    """The number of ids that the scope got before."""
    documents = mock.documents
    with documents.transaction():
        held = documents.get(_KIND, scope, _KEY)
        number: int = held["count"] if held else 0
        documents.put(_KIND, scope, _KEY, {"count": number + 1})
    return number


_pool: list[str] = []
after_fork(_pool.clear)


def _drawn() -> str:
    """A random id. Many are generated at a time, as that takes a sixth of the time."""
    try:
        return _pool.pop()
    except IndexError:
        drawn = os.urandom(16 * 256).hex()
        _pool.extend(drawn[at : at + 32] for at in range(32, len(drawn), 32))
        return drawn[:32]
