"""``mockcbs datasets``."""

import json

from mockcbs.core.files import shipped
from tests.cli.commands import run


def test_the_datasets_that_come_with_mockcbs_are_listed():
    """Each shipped dataset is listed with its bots and its clock."""
    rows = {row["name"]: row for row in json.loads(run("datasets", "--json").output)}

    assert list(rows) == sorted(shipped("datasets"))
    assert rows["everyday"]["clock"] == "real"
    assert rows["coze-sample"]["clock"] == "frozen at 2025-12-22T01:00:00.000Z"
    assert "7342866812345678901" in rows["coze-sample"]["bots"]


def test_one_of_them_is_drawn():
    """Another seed draws another picture; an unknown dataset is refused."""
    drawn = [run("datasets", "--show", "quiet", *seed).output for seed in ((), ("--seed", "7"))]

    assert drawn[0] != drawn[1]
    assert run("datasets", "--show", "quite").exit_code == 2
