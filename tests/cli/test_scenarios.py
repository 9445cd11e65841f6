"""``mockcbs scenarios``."""

import json

from mockcbs.core.files import shipped
from tests.cli.commands import run


def test_the_scenarios_that_come_with_mockcbs_are_listed():
    """Each shipped scenario is listed with its description."""
    rows = json.loads(run("scenarios", "--json").output)

    assert {row["name"] for row in rows} == set(shipped("scenarios"))
    assert all(row["description"] for row in rows)
    assert "throttled" in run("scenarios").output
