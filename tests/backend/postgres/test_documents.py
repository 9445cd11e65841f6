"""Documents in PostgreSQL."""

import pytest

from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.core.waiting import WouldWaitError, no_waiting
from tests import backends
from tests.proxies import proxied


def test_a_slow_database_only_makes_its_callers_wait(postgres_url):
    """Remembered documents need no database, and the event loop never waits."""
    with proxied(backends.fresh_schema(postgres_url)) as (proxy, url):
        backend = PostgresBackend(url)
        backend.documents.put("kind", "p", "a", {"n": 1})
        assert backend.documents.get("kind", "p", "a") == {"n": 1}
        proxy.delay = 0.05

        with no_waiting:
            assert backend.documents.get("kind", "p", "a") == {"n": 1}
            with pytest.raises(WouldWaitError):
                backend.documents.get("kind", "p", "b")
        backend.documents.put("kind", "p", "b", {"n": 2})
        proxy.delay = 0.0
        assert backend.documents.count("kind", "p") == 2
        backend.close()
