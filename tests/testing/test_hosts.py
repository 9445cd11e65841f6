"""The hosts that a mock answers for."""

import httpx
import pytest
import requests

from mockcbs import Mock
from mockcbs.core.errors import UserError


@pytest.mark.parametrize(
    "url",
    [
        "https://api.coze.cn/v1/users/me",
        "http://www.coze.com:80/v1/users/me",
        "https://me:hush@api.coze.com/v1/users/me",
        "https://iam.myhuaweicloud.com/v3/projects",
        "https://iam.ap-southeast-1.myhuaweicloud.com/v3/projects",
        "https://API.coze.cn?x",
    ],
)
def test_all_real_hosts_are_answered(mock, url):
    """Either client reaches the mock by any real host and port, also with a user name in the URL."""
    with httpx.Client(transport=mock.httpx_transport()) as client:
        statuses = {client.get(url).status_code, requests.get(url, timeout=5).status_code}

    assert statuses <= {200, 401, 404}
    assert [entry.service for entry in mock.journal] == ["iam" if "iam" in url else "coze"] * 2


def test_one_prefix_is_no_list_of_letters():
    """A prefix that is given alone is one prefix, not one for each of its letters."""
    with Mock(passthrough="http://127.0.0.1:9/"):
        with pytest.raises(requests.ConnectionError, match="port=9"):
            requests.get("http://127.0.0.1:9/", timeout=1)
        with pytest.raises(requests.ConnectionError, match="was not called"):
            requests.get("http://127.0.0.1:99/", timeout=1)


@pytest.mark.parametrize("passthrough", [5, "", [5], None])
def test_what_is_no_prefix(passthrough):
    """An empty prefix is refused, because it would let every call pass."""
    with pytest.raises(UserError, match=r"passthrough .* is not the beginning of a URL"):
        Mock(passthrough=passthrough)
