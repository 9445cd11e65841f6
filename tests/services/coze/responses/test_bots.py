"""Bots, files, workspaces and users: the JSON type of each member in the published files."""

import pytest

TABLE = """
file id str
file bytes int
file file_name str
file created_at int
bot bot_id str
bot name str
bot description str
bot icon_url str
bot create_time int
bot update_time int
bot version str
bot bot_mode int
published publish_time str
published bot_id str
published bot_name str
listed id str
listed updated_at int
listed is_published bool
listed owner_user_id str
workspace id str
workspace name str
workspace role_type str
workspace workspace_type str
workspace enterprise_id str
user user_id str
user user_name str
user nick_name str
user avatar_url str
"""


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_types(answers, row):
    """A field is of the type that statically typed clients expect."""
    shape, name, kind = row.split()

    assert type(answers[shape][name]).__name__ == kind
