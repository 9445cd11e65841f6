"""Everything the package imports is declared, and what is declared is imported."""

import ast
import configparser
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = ["mockcbs", "contract_tests", "fixtures"]
NOT_IMPORTED = {
    "uvloop": "uvicorn imports it, where there is one",
    "apispec": "flask-smorest's documents are made with it",
}


def declared(section: str, option: str) -> set[str]:
    """The names of the distributions in a list of requirements."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config[section].get(option, "").split("\n")
    return {normal(re.split(r"[\s\[<>=!;]", line.strip())[0]) for line in lines if line.strip()}


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def imported() -> set[str]:
    """The top-level modules that the package imports, without those of Python and its own."""
    found = set()
    for place in PLACES:
        for file in (ROOT / place).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                if isinstance(node, ast.ImportFrom) and not node.level:
                    found.add((node.module or "").partition(".")[0])
    return {name for name in found if name not in sys.stdlib_module_names and name != "mockcbs"}


def extras() -> set[str]:
    """Every distribution of every extra."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    section = "options.extras_require"
    return set().union(*(declared(section, extra) for extra in config[section]))


@cache
def distributions() -> dict[str, set[str]]:
    """The distributions that have a top-level module of a name, by this name."""
    return {module: set(map(normal, names)) for module, names in packages_distributions().items()}


def test_what_is_imported_is_declared():
    """Each imported module belongs to a distribution that setup.cfg lists."""
    listed = declared("options", "install_requires") | extras()

    assert [
        module for module in sorted(imported()) if not distributions().get(module, {normal(module)}) & listed
    ] == []


@pytest.mark.parametrize("name", sorted(declared("options", "install_requires")))
def test_what_is_declared_is_imported(name):
    """Each requirement of the base installation is used."""
    modules = {module for module, names in distributions().items() if name in names}

    assert name in NOT_IMPORTED or modules & imported()


def test_every_requirement_has_a_lowest_version():
    """`.ci/lowest` reads them."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = [line for line in config["options"]["install_requires"].split("\n") if line.strip()]

    assert all(re.match(r"[\w.-]+ >=[\w.]+", line) for line in lines), lines


@pytest.mark.parametrize("script", ["run", "lowest"])
def test_scripts_name_tests_that_exist(script):
    """Pytest runs no test at all if one of the named files is missing."""
    named = re.findall(r"tests/[\w/]+(?:\.py)?", (ROOT / ".ci" / script).read_text("utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []
