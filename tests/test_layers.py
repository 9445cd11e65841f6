"""The floors of the house: imports point down."""

import ast
from pathlib import Path

import pytest

import mockcbs

ROOT = Path(mockcbs.__file__).parent
SERVICES = ("cbs", "coze", "iam")

FLOORS = [
    {"cli", "__main__", "__init__"}
    | {"contract", "contract_tests", "exchanges", "export", "pinning", "serving", "testing"},
    {"app"},
    {"control", "faults.inject"},
    {"services"},
    {"gateway", "coze.guard", *(f"{service}.views" for service in SERVICES)},
    {"cbs.dialogue"},
    {"cbs.replies"},
    {f"{service}.{part}" for service in SERVICES for part in ("errors", "schemas", "statistics")}
    | {"cbs.dialogue_schemas", "cbs.reading", "coze", "iam.identity", "iam.tokens", "iam.signature"}
    | {"arguments", "near_misses"},
    {"state"},
    {"shared"},
    {"keeping"},
    {"store", "traffic", "faults", "control.journal", "control.tally"},
    {"calls", "clocks", "masking", "userfile", "wsgi"},
    {"clock", "errors", "peers", "settings", "spelling", "urls", "versions", "wire"},
]
"""From top to bottom; a package stands for all below it, unless something there is listed by itself."""

LISTED = {name: number for number, floor in enumerate(FLOORS) for name in floor}


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def floor_of(module: str) -> int:
    while module not in LISTED:
        module = module.rpartition(".")[0]
    return LISTED[module]


def imports(file: Path) -> set[str]:
    """The modules of mockcbs that *file* imports, lazily or not, by their names below the package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "mockcbs":
            base = (node.module or "").partition(".")[2]
            for alias in node.names:
                inner = f"{base}.{alias.name}".removeprefix(".")
                found.add(inner if (ROOT / f"{inner.replace('.', '/')}.py").exists() else base or inner)
        if isinstance(node, ast.Import):
            found |= {a.name.partition(".")[2] for a in node.names if a.name.partition(".")[0] == "mockcbs"}
    return {name for name in found if not name.startswith("__version__")}


MODULES = [file for file in sorted(ROOT.rglob("*.py")) if file.name != "__init__.py"]


@pytest.mark.parametrize("file", MODULES, ids=module_name)
def test_imports_point_down(file):
    """No module imports from a floor above its own."""
    own = floor_of(module_name(file))

    above = {name for name in imports(file) if floor_of(name) < own}

    assert not above


@pytest.mark.parametrize("service", SERVICES)
def test_services_do_not_know_each_other(service):
    """A service never imports another."""
    others = set(SERVICES) - {service}

    known = {name for file in (ROOT / service).rglob("*.py") for name in imports(file)}

    assert not {name for name in known if name.partition(".")[0] in others}


def test_traffic_knows_no_web():
    """The log of traffic has never heard of Flask, of HTTP or of a vendor."""
    web = {"flask", "werkzeug", "flask_smorest", "webargs", "uvicorn", "httptools"}

    for file in (ROOT / "traffic").rglob("*.py"):
        names = {
            (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert not {name.partition(".")[0] for name in names} & web
