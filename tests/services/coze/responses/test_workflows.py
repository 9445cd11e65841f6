"""Workflows and their runs: the JSON type of each member in the published files."""

import pytest

TABLE = """
run_history execute_id str
run_history execute_status str
run_history bot_id str
run_history connector_id str
run_history connector_uid str
run_history run_mode int
run_history logid str
run_history create_time int
run_history update_time int
run_history output str
run_history error_code str
run_history error_message str
run_history debug_url str
run_history token str
run_history cost str
run_history is_output_trimmed bool
workflow workflow_id str
workflow workflow_name str
workflow description str
workflow icon_url str
workflow app_id str
workflow created_at str
workflow updated_at str
workflow creator dict
version version str
version description str
version changelog str
version publish_status str
version created_at str
version updated_at str
version workflow_id str
"""


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_types(answers, row):
    """A field is of the type that statically typed clients expect."""
    shape, name, kind = row.split()

    assert type(answers[shape][name]).__name__ == kind
