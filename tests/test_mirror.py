"""The tests of ``mockcbs/x/y.py`` are in ``tests/x/test_y.py``."""

from fnmatch import fnmatchcase
from pathlib import Path

TESTS = Path(__file__).parent
MODULES = TESTS.parent / "mockcbs"

OUTSIDE = ("benchmarks", "clients", "deploy", "docs", "fuzz", "test_*.py")
"""Tests of the whole: real clients, documents, laws of the repository."""

ACROSS = {
    "backend/postgres/test_two_replicas.py": "two replicas beside one mock in memory",
    "cli/test_pull_*.py": "failures and mistakes of cli/pull.py",
    "console/browser/test_*.py": "the pages in a real browser",
    "contract/test_*.py": "runs of the whole kit against mutants, other servers and each service",
    "control/test_views_of_state.py": "the views of scenarios, clocks and resets in control/views.py",
    "core/test_masking_everywhere.py": "secrets in requests to every service",
    "exchanges/test_record_and_replay.py": "a recording served again",
    "examining/test_programs.py": "clients as programs, on real libraries",
    "faults/test_choosing.py": "every scenario by every way to choose it",
    "faults/test_docs.py": "the scenarios in docs/",
    "datasets/test_trades.py": "when schema.py reads the knowledge bases of trades",
    "datasets/test_shipped_dates.py": "years, leap days and midnights in the datasets of fixtures/",
    "web/cache/test_cached_bytes.py": "cached responses beside computed ones",
    "server/test_connections.py": "timeouts and ends of connections",
    "server/test_pipelining.py": "many requests at once on one connection",
    "services/test_any_request.py": "hostile requests to every service",
    "services/test_on_demand.py": "views that are imported by their first request",
    "traffic/test_long_texts.py": "long texts and messages without words, in knowledge bases and in traffic",
    "traffic/test_realis*.py": "statistics of generated traffic",
    "services/*/test_*.py": "a service through its routes and the vendor's SDKs",
    "web/test_body_budget.py": "time and memory of hostile bodies",
    "webhooks/test_databases.py": "deliveries of processes that share a database",
    "webhooks/test_replicas.py": "subscriptions that replicas share",
}
"""Test files that belong to several modules of their package, and what they test."""


def below(folder: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob(pattern))


def own_test(module: str) -> str:
    folder, _, name = module.rpartition("/")
    return f"{folder}/test_{name}".removeprefix("/")


def module_of(test: str) -> str:
    folder, _, name = test.rpartition("/")
    return f"{folder}/{name.removeprefix('test_')}".removeprefix("/")


WITH_LOGIC = [module for module in below(MODULES, "*.py") if not module.endswith("__.py")]
TEST_FILES = below(TESTS, "test_*.py")


def test_a_test_file_has_its_module():
    """Each test file has the name of its module, so that a reader finds it; other tests state their
    subject.
    """
    inside = [test for test in TEST_FILES if "/" in test and test.partition("/")[0] not in OUTSIDE]

    assert [
        test
        for test in inside
        if not (MODULES / module_of(test)).exists()
        and not any(fnmatchcase(test, across) for across in ACROSS)
    ] == []


def test_a_module_has_its_tests():
    """Each module has its test file, so that a reader who changes it finds the tests."""
    assert [own_test(module) for module in WITH_LOGIC if not (TESTS / own_test(module)).exists()] == []


def test_no_test_across_modules_is_out_of_date():
    """Every such test file exists."""
    assert [one for one in ACROSS if not any(fnmatchcase(test, one) for test in TEST_FILES)] == []
