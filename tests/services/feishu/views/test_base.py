"""What all routes of Feishu read alike."""

import pytest

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu.views.base import paged


def test_pages_put_together_are_the_whole():
    """All pages together are the whole list, and the last page has no token."""
    items, found, token = list(range(7)), [], ""
    while True:
        page = paged(items, {"page_token": token, "page_size": 3})
        found += page["items"]
        assert page["total"] == 7
        if not page["has_more"]:
            assert page["page_token"] == ""
            break
        token = page["page_token"]

    assert found == items


@pytest.mark.parametrize("token", ["x", "-1", "1" * 10, "٣a"])
def test_a_token_that_no_page_gave(token):
    """An unknown page token gets 1254001."""
    with pytest.raises(ApiError, match="page_token"):
        paged([], {"page_token": token, "page_size": 3})


@pytest.mark.parametrize(("body", "code"), [(b"{", 1254000), (b"[]", 1254000), (b"{}", 1254001)])
def test_bodies_that_cannot_be_read(table, body, code):
    """A body that is not a JSON object gets another code than one that lacks a member."""
    answer = table._client.post(f"{table.path}/records", data=body, headers={"Authorization": "Bearer t-any"})

    assert answer.json["code"] == code
    assert answer.headers["X-Mockcbs-Reason"]
