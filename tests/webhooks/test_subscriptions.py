"""Who gets which events, and for how long."""

from dataclasses import replace

from mockcbs.services import registry
from mockcbs.testing.webhooks import ReceiverServer
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions
from tests.webhooks.calls import chat


def test_scopes_do_not_see_each_other(mock, receiver):
    """A subscription of one token gets that token's events and no other's."""
    with ReceiverServer() as other:
        one, two = (registry.scope_of_token(f"pat_{name}", mock.settings.secret) for name in "ab")
        mock.webhooks.subscribe(receiver.url, scope=one)
        mock.webhooks.subscribe(other.url, scope=two)

        chat("pat_a")
        mock.webhooks.wait(2)
        chat("pat_b", "怎么申请桌面云")
        mock.webhooks.wait(4)

        assert len(receiver.events) == len(other.events) == 2
        assert not {event["event_id"] for event in receiver.events} & {
            event["event_id"] for event in other.events
        }


def test_reset_ends_what_clients_made(mock, receiver):
    """A reset deletes subscriptions and deliveries that wait."""
    mock.webhooks.subscribe(receiver.url)
    chat()

    mock.reset()
    mock.state.jobs.run()

    assert mock.webhooks.deliveries == []
    assert receiver.received == []


def test_a_subscription_is_active_until_it_ends(mock):
    """Those of clients and of flags are active until they are removed or switched off."""
    flag = Subscription("flag-1", "http://127.0.0.1:9/", ("secret",))
    made = [replace(flag, id=f"wh_{number}", scope="p") for number in range(3)]
    subscriptions = Subscriptions(mock.state.documents, mock.state.backend.live, [flag])
    for one in made:
        subscriptions.save(one)
    assert all(map(subscriptions.is_active, [flag, *made]))

    subscriptions.switch_off(flag)
    subscriptions.switch_off(made[0])
    subscriptions.remove(made[1].id, "p")

    assert [one.id for one in [flag, *made] if subscriptions.is_active(one)] == ["wh_2"]
