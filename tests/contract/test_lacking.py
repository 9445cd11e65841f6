"""Values that a response lacks."""

import pytest

from tests.contract.drifting import check_is_local, ledger_of
from tests.contract.drifts import Drift

STATS = "/v1/{}/qabots/{}/requests/session-stats"
ANALYTICS, LOGS = "/v1/bots/{}/analytics", "/v1/bots/{}/analytics/logs"
TABLE = "/open-apis/bitable/v1/apps/bascnMockcbsKit{}/tables"
FEW = {
    "cbs": [
        Drift("GET", STATS, ("total", "session_count"), "gone"),
        Drift("GET", STATS, ("intervals", "[]", "start"), "null"),
        Drift("GET", STATS, (), "status 201"),
    ],
    "coze": [
        Drift("GET", ANALYTICS, ("data", "metrics", "[]", "total_calls"), "of another type"),
        Drift("GET", ANALYTICS, ("data", "metrics"), "renamed"),
        Drift("GET", ANALYTICS, ("data", "metrics"), "in an object"),
        Drift("GET", LOGS, ("data", "total"), "gone"),
        Drift("GET", LOGS, ("data", "has_more"), "gone"),
        Drift("GET", LOGS, ("data", "items", "[]", "event_type"), "gone"),
        Drift("GET", LOGS, ("data", "items", "[]", "trigger_time"), "null"),
        Drift("GET", LOGS, ("data", "items", "[]", "session_id"), "gone"),
        Drift("GET", LOGS, ("data", "items", "[]", "chat_id"), "gone"),
        Drift("GET", LOGS, (), "status 201"),
        Drift("GET", "/v1/workspaces", ("data", "workspaces", "[]", "icon_url"), "gone"),
        Drift("GET", "/v1/bots", ("data", "items", "[]", "updated_at"), "of another type"),
        Drift("GET", "/v1/workspaces", ("data", "workspaces", "[]", "id"), "gone"),
        Drift("GET", ANALYTICS, ("data", "metrics"), "in reverse order"),
    ],
    "feishu": [
        Drift("POST", TABLE, ("data", "table_id"), "gone"),
        Drift("GET", f"{TABLE}/{{}}/records", ("data", "items"), "with its last element twice"),
    ],
}
WRITING = [
    ("cbs", Drift("POST", "/v1/{}/qabots/{}/sessions", ("session_id",), "gone")),
    ("coze", Drift("POST", "/v1/workspaces", ("data", "id"), "gone")),
    ("coze", Drift("POST", "/open_api/v2/chat", ("messages", "[]", "type"), "gone")),
]
PARTS = {
    ("cbs", STATS, ("intervals",)): (
        *("cbs.S-9", "cbs.S-10", "cbs.S-11", "cbs.S-12", "cbs.S-20", "cbs.single-period"),
    ),
    ("cbs", STATS, ("total",)): ("cbs.S-18", "cbs.single-period"),
}
"""Whole parts of responses, and the clauses that are about nothing else."""


QUICK = {"feishu"}
"""Services that the default run tries; for the others each check is run first to see what it calls."""


@pytest.mark.parametrize(
    ("service", "one"),
    [
        pytest.param(name, one, marks=() if name in QUICK else pytest.mark.slow)
        for name, few in FEW.items()
        for one in few
    ],
    ids=str,
)
def test_drift_stays_local(service, one):
    """One value that is gone or of another type leaves all the rest checked."""
    check_is_local(service, one, writes=service not in {"cbs", "coze"})


@pytest.mark.slow
@pytest.mark.parametrize(("service", "one"), WRITING, ids=str)
def test_drift_of_a_call_that_writes_stays_local(service, one):
    """A missing id of something that the kit creates leaves all other clauses checked."""
    check_is_local(service, one)


@pytest.mark.slow
@pytest.mark.parametrize(("place", "about"), PARTS.items(), ids=str)
def test_what_depends_on_a_part(place, about):
    """If a whole part is gone, just the clauses about it are broken by that, and name the broken clause."""
    service, path, member = place

    ledger = ledger_of(service, Drift("GET", path, member, "gone").mutant())

    found = {entry.clause.id: entry for entry in ledger.of("broken by another")}
    assert found.keys() == {*about}
    assert {entry.cause for entry in found.values()} <= {entry.clause.id for entry in ledger.of("broken")}
    assert ledger.of("not reached") == []
