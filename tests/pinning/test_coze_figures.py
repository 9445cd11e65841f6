"""The figures of a published analytics response."""

import pytest

from mockcbs.pinning.coze import pin
from mockcbs.pinning.coze_request import Asked
from mockcbs.pinning.reading import PinError
from tests.pinning.analytics import SAMPLE, changed


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"user_id": "u"}, "unique_users 3 is impossible with the filter user_id=u; 1 is possible"),
        ({"session_id": "s"}, "total_sessions 3 is impossible with the filter session_id=s; 1 is possible"),
        (
            {"connector_id": "5"},
            r"\[0\]: 3 calls are impossible in channel '5'; possible are 1024, 999, ",
        ),
    ],
)
def test_impossible_with_a_filter(asked, reason):
    """Figures for one user, session or channel must be possible for that one alone."""
    with pytest.raises(PinError, match=reason):
        pin(SAMPLE, Asked(**asked))


def test_a_bot_stores_messages():
    """Calls without messages are a workflow's, not a bot's."""
    silent = [(f"metrics.{row}.total_messages", "0") for row in range(3)]
    answer = changed(*silent, ("summary.total_messages", "0"))

    assert pin(answer)["bots"][0]["card"] == {"kind": "workflow"}
    with pytest.raises(PinError, match="total_messages 0 is impossible with 4 calls of a bot; 4 to 8"):
        pin(answer, Asked("bot"))
