"""Queries and bodies of workspaces and variables."""

import pytest

from mockcbs.services.coze.schemas.account import UpdateVariables, VariablesQuery, WorkspacesQuery
from tests.services.coze.conftest import BOT
from tests.services.coze.schemas.refusing import problems

SET = {"bot_id": BOT, "connector_uid": "u", "data": [{"keyword": "city", "value": "北京"}]}


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"app_id": "7439828073344000001"}, "_schema"),
        ({"bot_id": ""}, "_schema"),
        ({"connector_uid": ""}, "connector_uid"),
        ({"data": []}, "data"),
        ({"data": [{"keyword": "k"}]}, "data"),
        ({"data": [{"keyword": "k" * 65, "value": "v"}]}, "data"),
    ],
)
def test_variables_belong_to_a_bot_or_an_app(changes, member):
    """One of both, and a user; a variable has a keyword of up to 64 letters and a value."""
    assert problems(UpdateVariables, SET, **changes).keys() == {member}


def test_queries_read_text():
    """Keywords are separated by commas; a page holds up to 50 workspaces."""
    query = VariablesQuery().load({"bot_id": BOT, "connector_uid": "u", "keywords": "city,street"})

    assert query["keywords"] == ["city", "street"]
    assert problems(WorkspacesQuery, {"page_size": "50"}, page_size="51").keys() == {"page_size"}
