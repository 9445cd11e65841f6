"""The request of a published analytics response."""

import pytest

from mockcbs.pinning.coze_request import is_analytics, read
from mockcbs.pinning.reading import PinError

DAYS = "start_date=2025-12-15&end_date=2025-12-21"
PATH = "/v1/bots/7342866812345678901/analytics"


def test_what_a_request_asks_for():
    """The request gives the bot, the filters, and what the response must repeat."""
    found = read(f"{PATH}?{DAYS}&granularity=hour&user_id=ann")

    assert (found.kind, found.user_id, found.session_id) == ("bot", "ann", "")
    assert found.echoed == {
        "id": "7342866812345678901",
        "start_date": "2025-12-15",
        "end_date": "2025-12-21",
        "granularity": "hour",
    }
    assert read(f"/v1/workflows/7342866812345678901/analytics?{DAYS}").kind == "workflow"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/v1/bots", "request '/v1/bots' is not one such as /v1/bots/"),
        ("http://[", "is not one such as"),
        (f"{PATH}?{DAYS}&users=ann", "unknown parameter 'users'; accepted are start_date"),
        (f"{PATH}?end_date=2025-12-21", "request: start_date"),
        (f"{PATH}?start_date=x&end_date=2025-12-21", "start_date 'x'"),
    ],
)
def test_requests_that_never_get_figures(target, words):
    """The error names the parameter and its value."""
    with pytest.raises(PinError) as caught:
        read(target)

    assert words in str(caught.value)


def test_recorded_requests_may_have_unknown_parameters():
    """Unknown parameters are ignored, as a real server does."""
    assert read(f"{PATH}?{DAYS}&users=ann", recorded=True).user_id == ""
    assert is_analytics(f"{PATH}/?x")
    assert not is_analytics("/v3/chat")
