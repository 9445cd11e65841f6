"""``mockcbs errors``."""

import json

from tests.cli.commands import run


def test_errors_name_the_id_that_provokes_them():
    """Each error of a catalogue is listed with status, message, cause and the id that provokes it."""
    rows = {row["code"]: row for row in reversed(json.loads(run("errors", "--json").stdout))}

    assert rows["CBS.0021"]["status"] == 400
    assert rows["CBS.0021"]["provoke"] == "bot 00000000-0000-0000-0000-000000000021"
    assert rows["APIG.0308"]["provoke"] == "project 00000000000000000000000000000308"
