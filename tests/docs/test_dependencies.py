"""`docs/dependencies.md` names what is installed, and under which licence."""

import re

from tests.docs.dependencies_table import PAGE, direct, normal, page

TEXT = PAGE.read_text("utf-8")
ROW = re.compile(r"^\| ([\w.-]+) \| [\d.]+ \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
LISTED = {name: (stated, needed.strip()) for name, stated, needed in ROW.findall(TEXT)}


def test_what_setup_cfg_requires_is_listed():
    """Each required package has a row with a licence; indirect ones may change with the next release."""
    without = [name for name in map(normal, direct()) if not LISTED.get(name, ("",))[0].strip()]

    assert without == [], "run: python -m tests.docs.dependencies_table"


def test_requirements_are_told_from_what_they_require():
    """Packages of setup.cfg have no remark, and indirect ones have one."""
    own = {normal(name) for name in direct()}

    assert {name for name, (_, needed) in LISTED.items() if not needed} == own


def test_a_package_that_is_not_on_the_page_is_noticed():
    """The command restores a removed row."""
    row = next(line for line in TEXT.splitlines() if line.startswith("| numpy |") and "BSD" in line)

    assert row in page(TEXT.replace(f"{row}\n", ""))
