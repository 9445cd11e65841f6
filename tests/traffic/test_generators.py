"""The generators of the bots of a log."""

import pytest

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.traffic import generators
from mockcbs.traffic.bots import ANY, Bot, Profile
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.generators import Generators

QUIET = "quiet"


@pytest.fixture
def bots():
    profile = Profile(sessions_per_day=2)
    return Generators(Dataset("test", bots={ANY: Bot(ANY, profile=profile), QUIET: Bot(QUIET)}), 42)


def test_a_generator_is_made_once(bots):
    """A bot without generated traffic has none."""
    assert bots.of("a") is bots.of("a") is not bots.of("b")
    assert bots.of(QUIET) is None


def test_only_the_first_one_of_a_knowledge_base_is_made_in_a_thread(bots):
    """To prepare the words of a knowledge base takes long."""
    with on_loop(), pytest.raises(StartOver):
        bots.of("a")
    bots.of("a")

    with on_loop():
        assert bots.of("b")


def test_many_are_dropped(bots, monkeypatch):
    """Then they are made again when they are needed."""
    monkeypatch.setattr(generators, "_MAX_KEPT", 2)
    first = bots.of("a")
    for name in "bcd":
        bots.of(name)

    assert bots.of("a") is not first
