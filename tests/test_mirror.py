"""The tests of ``mockcbs/x/y.py`` are in ``tests/x/test_y.py``."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = TESTS.parent / "mockcbs"

OUTSIDE = ("benchmarks", "clients", "deploy", "docs", "fuzz", "test_*.py")
"""Tests of the whole: real clients, documents, laws of the repository."""

ACROSS = {
    "backend/postgres/test_failures.py": "connections, servers and replicas that fail",
    "backend/postgres/test_two_replicas.py": "two replicas beside one mock in memory",
    "console/test_browser.py": "the pages in a real browser",
    "backend/test_contract.py": "what every backend does alike",
    "contract/test_*.py": "runs of the whole kit against mutants, other servers and each service",
    "core/test_masking_everywhere.py": "secrets in requests to every service",
    "exchanges/test_record_and_replay.py": "a recording served again",
    "examining/test_programs.py": "clients as programs, on real libraries",
    "faults/test_choosing.py": "every scenario by every way to choose it",
    "faults/test_docs.py": "the scenarios in docs/",
    "server/test_connections.py": "timeouts and ends of connections",
    "services/test_any_request.py": "hostile requests to every service",
    "traffic/test_realism.py": "statistics of generated traffic",
    "services/*/test_*.py": "a service through its routes and the vendor's SDKs",
    "web/test_body_budget.py": "time and memory of hostile bodies",
    "webhooks/test_databases.py": "deliveries of processes that share a database",
}
"""Test files that belong to several modules of their package, and what they test."""

COVERED = {
    "backend/*": "backend/test_contract.py",
    "cli/*": "cli/test_main.py",
    "contract/*": "contract/test_mutants.py",
    "console/*": "console/test_views.py",
    "control/*": "control/test_views.py",
    "core/peers.py": "backend/sqlite/test_peers.py",
    "core/setting.py": "docs/test_settings.py",
    "datasets/profile.py": "datasets/test_schema.py",
    "datasets/errors.py": "datasets/test_load.py",
    "examining/*": "examining/test_exam.py",
    "mcp/*": "cli/test_mcp.py",
    "pinning/cbs_*.py": "pinning/test_cbs.py",
    "pinning/coze_*.py": "pinning/test_coze.py",
    "pull/*": "pull/test_*.py",
    "server/*": "server/test_connections.py",
    "samples/sdk.py": "clients/test_samples.py",
    "services/documentation.py": "control/openapi/test_document.py",
    "services/*": "services/{service}/test_*.py",
    "settings.py": "docs/test_settings.py",
    "traffic/bots.py": "traffic/test_generate.py",
    "traffic/characters.py": "traffic/test_realism.py",
    "traffic/dataset.py": "datasets/test_load.py",
    "traffic/knowledge.py": "traffic/test_answering.py",
    "traffic/recording.py": "traffic/test_log.py",
    "web/documented.py": "control/openapi/test_document.py",
}
"""Modules without a test file: thin, or only visible through others; and the tests that show their behaviour.

The first pattern that fits decides.
"""


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


@pytest.mark.parametrize("test", TEST_FILES)
def test_a_test_file_has_its_module(test):
    """A reader who sees a test knows the module; other tests state what they test."""
    if test.partition("/")[0] in OUTSIDE or "/" not in test:
        return

    assert (MODULES / module_of(test)).exists() or any(fnmatchcase(test, across) for across in ACROSS)


@pytest.mark.parametrize("module", WITH_LOGIC)
def test_a_module_has_its_tests(module):
    """A reader who changes a module knows its tests."""
    if (TESTS / own_test(module)).exists():
        return
    covering = next((test for pattern, test in COVERED.items() if fnmatchcase(module, pattern)), None)

    assert covering, f"write tests/{own_test(module)}"
    service = module.split("/")[1] if module.startswith("services/") else ""
    found = list(TESTS.glob(covering.format(service=service)))
    assert found, f"tests/{covering} is missing"


@pytest.mark.parametrize("pattern", COVERED)
def test_no_exception_is_out_of_date(pattern):
    """Every exception still has a module without a test file."""
    assert any(
        fnmatchcase(module, pattern) and not (TESTS / own_test(module)).exists() for module in WITH_LOGIC
    )


@pytest.mark.parametrize("pattern", ACROSS)
def test_no_test_across_modules_is_out_of_date(pattern):
    """Every such test file exists."""
    assert any(fnmatchcase(test, pattern) for test in TEST_FILES)
