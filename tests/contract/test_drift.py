"""Drift stays local, is compared with the last run, and comes with a proposal how to mend it."""

from datetime import date
from functools import cache

import pytest

from mockcbs import Settings, create_app
from mockcbs.contract import drift, github
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Clause, Evidence, Ledger
from mockcbs.contract.targets import WsgiTarget
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.drifts import Drift, Seen, ten, watched
from tests.contract.table_mutants import ROOMS
from tests.contract.test_coze_kit import CHECKS as COZE
from tests.contract.test_coze_kit import kit_of
from tests.contract.test_mutants import CHECKS as CBS
from tests.contract.test_mutants import _kit as cbs_kit
from tests.contract.test_table_mutants import checks_of
from tests.contract.test_table_mutants import kit_of as table_kit

STATS = "/v1/{}/qabots/{}/requests/session-stats"
ANALYTICS, LOGS = "/v1/bots/{}/analytics", "/v1/bots/{}/analytics/logs"
MAX_OTHERS = 3
TABLE = "/open-apis/bitable/v1/apps/bascnMockcbsKit{}/tables"
SERVICES = ["cbs", "coze", "feishu", "airtable", "tencent_docs"]
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
    ],
    "feishu": [Drift("POST", TABLE, ("data", "table_id"), "gone")],
}
PARTS = {
    ("cbs", STATS, ("intervals",)): (
        *("cbs.S-9", "cbs.S-10", "cbs.S-11", "cbs.S-12", "cbs.S-20", "cbs.single-period"),
    ),
    ("cbs", STATS, ("total",)): ("cbs.S-18", "cbs.single-period"),
}
"""Whole parts of responses, and the clauses that are about nothing else."""


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


def _sampled(cases: list) -> list:
    """*cases*, of which the default run tries every third."""
    return [
        one if place % 3 == 0 else pytest.param(*one, marks=pytest.mark.slow)
        for place, one in enumerate(cases)
    ]


@pytest.mark.parametrize(
    ("service", "one"), _sampled([(name, one) for name, few in FEW.items() for one in few]), ids=str
)
def test_drift_stays_local(service, one):
    """One value that is gone or of another type leaves all the rest checked."""
    check_is_local(service, one, writes=False)


@pytest.mark.parametrize(("place", "about"), _sampled(list(PARTS.items())), ids=str)
def test_what_depends_on_a_part(place, about):
    """If a whole part is gone, just the clauses about it are broken by that, and name the broken clause."""
    service, path, member = place

    ledger = ledger_of(service, Drift("GET", path, member, "gone").mutant())

    found = {entry.clause.id: entry for entry in ledger.of("broken by another")}
    assert found.keys() == {*about}
    assert {entry.cause for entry in found.values()} <= {entry.clause.id for entry in ledger.of("broken")}
    assert ledger.of("not reached") == []


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("service", SERVICES)
def test_ten_drifts_of_each_operation(service):
    """Of ten single drifts in each operation, at most a few values leave more than three clauses not reached.

    Such a value is the id of an object that is made, which nothing else tells.
    """
    seen: Seen = {}
    ledger_of(service, watched(seen), writes=True)
    wide: list[tuple[Drift, str]] = []
    for operation, members in seen.items():
        for one in ten(operation, members):
            try:
                check_is_local(service, one, writes=True)
            except AssertionError as error:
                wide.append((one, str(error)))

    assert [
        text for one, text in wide if not one.member[-1:] or not one.member[-1].lower().endswith("id")
    ] == []


def one_run() -> Ledger:
    """A run in which an assumed and a documented clause are broken."""
    ledger = Ledger(
        [
            Clause("coze.a", "documented", "3.1", "A holds."),
            Clause("coze.b", "assumed", "3.2", "B holds."),
            Clause("coze.c", "derived", "3.3", "C holds."),
        ]
    )
    for name in ("coze.a", "coze.b"):
        ledger.enter(name, Evidence("GET /x", "HTTP 200 {}", "1", "2"), held=False)
    return ledger


def test_annotations_and_summary(tmp_path, monkeypatch):
    """GitHub gets one line for each drift, and a summary that quotes it."""
    found = drift.found(one_run(), [], "URL", date(2026, 11, 26))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))

    lines = github.annotations(found)
    github.write_summary(github.summary(found, "URL: 2 broken"))

    assert lines[0].startswith("::error title=coze.a%3A A holds.::GET /x%0Aexpected 1%0A")
    assert lines[1].startswith("::warning title=coze.b")
    text = (tmp_path / "summary.md").read_text()
    assert "URL: 2 broken" in text
    assert "```\n" in text


def test_only_what_has_changed_is_reported(serve, tmp_path):
    """The first run keeps what it finds, the next is about new and mended drift alone."""
    healthy, drifted = create_app(Settings(now=NOW)), [b"Server", b"nginx"]

    def app(environ, start_response):
        def start(status, headers, exc_info=None):
            wrong = drifted[0].decode()
            start_response(status, [(k, "nginx" if k == wrong else v) for k, v in headers], exc_info)

        return healthy(environ, start)

    file, options = tmp_path / "last.json", ["--cbs", serve(app), "--now", NOW, "--max-calls", 30]
    first = contract_of(*options, "--drift", file, "--github")
    same = contract_of(*options, "--drift", file)
    drifted[0] = b"none"
    mended = contract_of(*options, "--drift", file)

    assert (first.exit_code, same.exit_code, mended.exit_code) == (1, 0, 0)
    assert "NEW http.server: " in first.output
    assert "::error title=http.server" in first.output
    assert "nothing has changed since the last run" in same.output
    assert "MENDED http.server" in mended.output


def test_a_file_that_no_run_has_written(tmp_path):
    """A file of something else is an error before the run."""
    file = tmp_path / "last.json"
    file.write_text("[]")

    result = contract_of("--drift", file)

    assert result.exit_code == 2
    assert "not a file that --drift has written" in result.stderr
