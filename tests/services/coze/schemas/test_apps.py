"""Queries and bodies of apps, folders and templates."""

import pytest

from mockcbs.services.coze.envelope import WORKSPACE
from mockcbs.services.coze.schemas.apps import AppsQuery, DuplicateTemplate, FoldersQuery
from tests.services.coze.schemas.refusing import problems


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (AppsQuery, {"publish_status": "all"}, {"publish_status": "online"}),
        (FoldersQuery, {"folder_type": "library"}, {"folder_type": "trash"}),
        (DuplicateTemplate, {"name": "x" * 50}, {"name": "x" * 51}),
    ],
)
def test_a_workspace_and_a_choice(schema, good, bad):
    """A request names a workspace; a wrong choice is refused with the name of its parameter."""
    assert problems(schema, {"workspace_id": WORKSPACE, **good}, **bad).keys() == bad.keys()
    assert "workspace_id" in schema().validate(good)
