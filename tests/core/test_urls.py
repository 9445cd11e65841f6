"""URLs of servers, as users give them."""

import pytest

from mockcbs.core.errors import UserError
from mockcbs.core.urls import check_base_url, encoded

EXAMPLE = "https://api.coze.cn"


@pytest.mark.parametrize(
    "url", [EXAMPLE, "http://127.0.0.1:8000", "http://[::1]:8000/prefix", "https://例子.cn"]
)
def test_base_urls(url):
    """A scheme and a host are enough; a port and a path may follow."""
    check_base_url(url, EXAMPLE)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("api.coze.cn", "'api.coze.cn' is not a URL such as https://api.coze.cn"),
        ("ftp://api.coze.cn", "is not a URL such as"),
        ("http://", "is not a URL such as"),
        ("http://a:0", "is not a URL such as"),
        ("http://a:99999", "is not a URL such as"),
        ("http://[::1", "is not a URL such as"),
        ("http://a/?b=c", "a base URL has no query, fragment or password"),
        ("http://a/#b", "a base URL has no query"),
        ("http://me:hush@a/", "a base URL has no query"),
    ],
)
def test_what_is_no_base_url(url, reason):
    """The error shows the URL and an example, but never a password."""
    with pytest.raises(UserError) as caught:
        check_base_url(url, EXAMPLE)

    assert reason in str(caught.value)
    assert "hush" not in str(caught.value)


def test_only_what_no_url_can_hold_is_encoded():
    """Texts and bytes give the same URL, and an encoded URL stays as it is."""
    assert encoded("/a b?名=%20&x[]=~+#") == "/a%20b?%E5%90%8D=%20&x[]=~+#"
    assert encoded("/?名".encode()) == encoded(encoded("/?名")) == "/?%E5%90%8D"
