"""Pages that are asked for by number."""

import pytest

from mockcbs.services.coze.schemas.pages import Pages, VersionsQuery
from tests.services.coze.schemas.refusing import problems


@pytest.mark.parametrize("name", ["page_num", "page_index"])
def test_a_page_has_two_names(name):
    """The names that both SDKs use for a page are read."""
    assert Pages().load({name: "3"})["page_num"] == 3


def test_sizes():
    """Lists have 20 on a page and up to 100, versions 10 and up to 50."""
    assert (Pages().load({})["page_size"], VersionsQuery().load({})["page_size"]) == (20, 10)
    assert problems(Pages, {"page_size": "100"}, page_size="101", page_num="0").keys() == {
        "page_size",
        "page_num",
    }
    assert problems(VersionsQuery, {"page_size": "50"}, page_size="51").keys() == {"page_size"}
