"""Subscriptions as datasets and requests state them."""

import pytest

from mockcbs import Mock
from mockcbs.core.errors import UserError
from tests.webhooks.calls import NOW, chat, types


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "ftp://x"}, "is not an http or https URL"),
        ({"profile": "stripe"}, "coze, standard"),
        ({"events": ["chat.started"]}, "session.started"),
        ({"retries": [-1]}, "retries"),
        ({"secrets": ["x"]}, "accepted here: url, secret"),
    ],
)
def test_subscriptions_that_are_refused(mock, change, words):
    """The problem names what is wrong and what is accepted."""
    body = {"url": "http://127.0.0.1:1/", "challenge": False, **change}

    refused = mock.app.test_client().post("/_mockcbs/webhooks", json=body)

    assert refused.status_code == 400
    assert words in refused.json["detail"]


def test_a_dataset_states_subscriptions(receiver, tmp_path):
    """Subscriptions of a dataset stay after a reset; the error for a mistake names its line."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"bots: []\nwebhooks:\n  - {{url: '{receiver.url}', events: [session.started]}}\n")
    with Mock(now=NOW, dataset=str(file)) as mock:
        mock.reset()
        chat()
        mock.webhooks.wait(1)
        mock.state.close()
    file.write_text("bots: []\nwebhooks:\n  - {url: ftp://x}\n")

    assert types(receiver.events) == [("session.started", "")]
    with pytest.raises(UserError, match=r"mine\.yaml:3: webhooks.*is not an http or https URL"):
        Mock(dataset=str(file))
