"""The floors of the house: imports point down, and importing a package loads nothing from above it."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import mockcbs

ROOT = Path(mockcbs.__file__).parent

FLOORS = """
    core
    settings grading
    traffic
    datasets
    faults
    journal
    backend
    state
    tables messages samples
    web
    services
    pinning
    hooks
    webhooks reports
    control
    console
    server
    exchanges pull
    app
    testing
    contract examining mcp
    cli
"""
"""From the ground up; packages on one line do not know each other."""

BESIDE = {"book", "contract_tests", "fixtures"}
"""Packages that stand beside mockcbs/ in the repository, and are installed below it."""

FLOOR_OF = {name: number for number, line in enumerate(FLOORS.split("\n")) for name in line.split()}

WEB = {"flask", "werkzeug", "flask_smorest", "webargs", "uvicorn", "httptools"}


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


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
    return found


def package(module: str) -> str:
    return module.partition(".")[0]


MODULES = {
    module_name(file): file
    for file in sorted(ROOT.rglob("*.py"))
    if file.parent != ROOT or file.stem[0] != "_"
}


@cache
def all_imports() -> list[tuple[str, str]]:
    """Each module, and one that it imports."""
    return [(module, name) for module, file in MODULES.items() for name in sorted(imports(file))]


def test_imports_point_down():
    """No module imports from a higher floor, or from another package of its floor."""
    assert [
        (module, name)
        for module, name in all_imports()
        if package(name) in FLOOR_OF
        and package(name) != package(module)
        and FLOOR_OF[package(name)] >= FLOOR_OF[package(module)]
    ] == []


def test_public_names_are_for_users():
    """No module imports from `mockcbs` itself, which is above all packages and imports lazily."""
    places = FLOOR_OF.keys() | BESIDE

    assert [(module, name) for module, name in all_imports() if package(name) not in places] == []


def folder(module: str) -> str:
    """The folder in a package with *module*, or *module* itself if it is in none."""
    return re.sub(r"^(\w+\.\w+)\.[\w.]+$", r"\1", module)


@pytest.mark.parametrize("place", [str, folder])
def test_no_circle(place):
    """Neither a module nor a folder in a package imports itself through others."""
    waiting: dict[str, set[str]] = {place(module): set() for module in MODULES}
    for module, name in all_imports():
        waiting[place(module)] |= {place(name)} & waiting.keys() - {place(module)}

    while free := {name for name, needs in waiting.items() if not needs & waiting.keys()}:
        waiting = {name: needs for name, needs in waiting.items() if name not in free}

    assert not waiting


def own_members(statement: ast.ClassDef) -> set[str]:
    """The private members that a class defines: methods, and attributes that its methods set on `self`."""
    names = {node.name for node in statement.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    names |= {node.attr for node in ast.walk(statement) if is_set(node) and ast.unparse(node.value) == "self"}
    return {name for name in names if name.startswith("_") and not name.endswith("__")}


def is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


def edited_members(statement: ast.ClassDef) -> list[tuple[str, str]]:
    """The objects and attributes that a class sets, or sets an item of."""
    written = [node for node in ast.walk(statement) if is_set(node)]
    written += [
        node.value
        for node in ast.walk(statement)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)
    ]
    return [(ast.unparse(node.value), node.attr) for node in written if isinstance(node, ast.Attribute)]


@cache
def classes() -> dict[str, ast.ClassDef]:
    """The classes of mockcbs by their names."""
    return {
        node.name: node
        for file in MODULES.values()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def bases(name: str) -> set[str]:
    """The classes of mockcbs from which a class inherits, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        above = {ast.unparse(base).partition("[")[0] for base in classes()[waiting.pop()].bases}
        waiting += (above & classes().keys()) - found
        found |= above & classes().keys()
    return found - {name}


def foreign_members(name: str) -> list[str]:
    """The private members that a class edits: of its parents, and of objects of other classes."""
    inherited = {member for base in bases(name) for member in own_members(classes()[base])}
    itself = {"self", "cls", name}
    own = own_members(classes()[name])
    return [
        f"{name}: {owner}.{member}"
        for owner, member in edited_members(classes()[name])
        if (owner == "self" and member in inherited)
        or (owner not in itself and member.startswith("_") and member not in own)
    ]


def test_no_class_edits_private_members_of_another():
    """Neither those of its parents nor those of other objects."""
    assert [member for name in classes() for member in foreign_members(name)] == []


TRAFFIC = ("conversations", "amounts", "words", "index")
"""The folders of traffic, from the ground up."""


@pytest.mark.parametrize("folder", TRAFFIC)
def test_folders_of_traffic_know_only_what_is_below(folder):
    """What users do does not depend on how many come, neither on what they say, and nothing on the index."""
    above = tuple(f"traffic.{other}." for other in TRAFFIC[TRAFFIC.index(folder) + 1 :])

    assert [
        (module, name)
        for module, name in all_imports()
        if module.startswith(f"traffic.{folder}.") and name.startswith(above)
    ] == []


SERVICES = sorted(
    path.name for path in (ROOT / "services").iterdir() if path.is_dir() and path.name[0] != "_"
)


@pytest.mark.parametrize("service", SERVICES)
def test_services_do_not_know_each_other(service):
    """No service imports another; the gateway guards those of Huawei and is not a service itself."""
    others = tuple(f"services.{other}" for other in set(SERVICES) - {service, "gateway"})

    assert [
        (module, name)
        for module, name in all_imports()
        if module.startswith(f"services.{service}") and name.startswith(others)
    ] == []


@pytest.mark.parametrize(
    "name",
    ["core", "traffic", "datasets", "faults", "journal", "backend", "state", "tables", "messages", "samples"],
)
def test_low_floors_load_no_web(name):
    """Importing every module of a low floor loads no Flask and no server."""
    modules = [f"mockcbs.{module}" for module in MODULES if package(module) == name]
    code = f"import sys, {', '.join(modules)}; print(*{WEB!r} & set(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not loaded.split()


KNOW_VENDORS = {"services", "pinning", "contract", "webhooks"}
"""What is about a vendor by its purpose; everything else asks the registry."""


def test_services_are_known_by_the_registry():
    """No module imports from the package of one service."""
    vendors = tuple(f"services.{service}" for service in SERVICES)

    assert [
        (module, name)
        for module, name in all_imports()
        if package(module) not in KNOW_VENDORS and name.startswith(vendors)
    ] == []


NAMES = {"wecom", "huawei", *SERVICES}
ABOUT_VENDORS = {
    "contract": "checks servers against the contract of a vendor",
    "examining": "examines clients of two analytics APIs",
    "webhooks": "profile coze is a kind of signature",
    "settings": "profile coze is a kind of signature",
    "testing.webhooks": "profile coze is a kind of signature",
    "cli.contract": "its flags name the servers to check",
    "cli.pin": "its arguments are published responses",
    "cli.pull": "its flags name the API to pull from",
    "pull.folders": "oss is also a protocol of fsspec",
}
"""Packages and modules that name services, and why."""


def names_service(text: str) -> bool:
    """Whether *text* is the name of a service, or begins with it, as the names of operations do."""
    return re.fullmatch(rf"({'|'.join(NAMES)})([._]\w+)?", text) is not None


@pytest.mark.parametrize(
    "module",
    [
        name
        for name in MODULES
        if name.split(".")[:2] not in [["services", service] for service in SERVICES]
        and not {package(name), name} & ABOUT_VENDORS.keys()
    ],
)
def test_services_state_themselves(module):
    """No module outside the package of a service has its name in a text: a new service needs no edit."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))

    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert [text for text in texts if isinstance(text, str) and names_service(text)] == []


@pytest.mark.parametrize("name", ABOUT_VENDORS)
def test_what_is_about_vendors_names_services(name):
    """No exception is out of date."""
    files = [file for module, file in MODULES.items() if name in {module, package(module)}]
    trees = [ast.parse(file.read_text("utf-8")) for file in files]

    texts = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]

    assert any(names_service(text) for text in texts if isinstance(text, str))


def test_the_page_on_design_lists_the_packages_from_the_top():
    """The page lists all packages, from the highest floor to the lowest."""
    page = (ROOT.parent / "docs" / "design.md").read_text("utf-8")
    rows = page.partition("| package, from the top |")[2].partition("\n\n")[0].splitlines()[2:]
    listed = [name.strip("` ") for row in rows for name in row.split("|")[1].split(",")]

    assert sorted(listed) == sorted(FLOOR_OF)
    assert [FLOOR_OF[name] for name in listed] == sorted(FLOOR_OF.values(), reverse=True)
