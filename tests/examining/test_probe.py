"""The first runs of a client: what it calls and prints, and so what can be examined."""

import pytest

from mockcbs.core.errors import UserError
from mockcbs.examining.client import Function
from mockcbs.examining.probe import BOTS, probe
from mockcbs.examining.world import World
from tests.examining.clients import RIGHT
from tests.examining.test_world import MONDAY, NOW


def profile_of(read, words):
    client = Function(read, words)
    return probe(client, lambda target, traffic: World(client, target, traffic, now=NOW), MONDAY)


@pytest.mark.parametrize("name", list(RIGHT)[:3])
def test_a_client_is_known_by_its_first_runs(name):
    """The first runs show the service, the bot, the words and the operations of a client."""
    found = profile_of(*RIGHT[name])

    assert found.target.bot_id == BOTS[found.service]
    assert found.operations
    assert all(operation.startswith(f"{found.service}.") for operation in found.operations)
    assert found.columns


@pytest.mark.parametrize(
    ("read", "reason"),
    [(lambda _: [], "no"), (lambda _: 1 / 0, "ZeroDivisionError"), (lambda _: "hello", "hello")],
)
def test_a_client_that_reads_nothing_cannot_be_examined(read, reason):
    """The message states the reason."""
    with pytest.raises(UserError, match=reason):
        profile_of(read, ["start", "end"])
