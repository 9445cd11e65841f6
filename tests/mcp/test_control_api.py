"""A client of the control API of a running mock."""

import pytest

from mockcbs.core.errors import UserError
from mockcbs.mcp.control_api import ControlApi
from mockcbs.testing.live import LiveServer
from tests.conftest import NOW


@pytest.fixture(scope="module")
def mock():
    with LiveServer(now=NOW, strict=True, control_token="open sesame") as server:
        yield server


@pytest.fixture
def api(mock):
    return ControlApi(f"{mock.url}/", "open sesame")


def test_the_mock_is_read_and_changed(api):
    """Parameters that are `None` are omitted; an empty response is `None`."""
    assert api.get("/journal", {"limit": 1, "project": None})["entries"] == []
    assert api.put("/clock", {"freeze": NOW + 1000})["now"] == NOW + 1000
    assert api.post("/reset") is None


def test_requests_are_sent_with_credentials_that_work(api):
    """A strict mock accepts the credentials; the target is a path of that mock."""
    answer = api.send("GET", "/v1/users/me", {}, "")

    assert answer.json()["code"] == 0
    with pytest.raises(UserError, match="is not a path"):
        api.send("GET", "http://example.com/", {}, "")


def test_refusals_are_the_words_of_the_mock(mock, api):
    """Errors, also for a wrong token, have the mock's text; a missing mock is named by its URL."""
    with pytest.raises(UserError, match="limit"):
        api.get("/journal", {"limit": "x"})
    with pytest.raises(UserError, match=r"."):
        ControlApi(mock.url, "wrong").get("/journal")
    with pytest.raises(UserError, match=r"no mock responds at http://127.0.0.1:9"):
        ControlApi("http://127.0.0.1:9").get("/health")
