"""The content of a dataset."""

from mockcbs.traffic.bots import Profile
from tests.traffic.logs import BOT, NOW, log_of


def test_a_bot_the_dataset_does_not_name_is_silent_unless_any_bot_is_described():
    """Bots that the dataset does not name have no traffic unless it has an entry for any bot."""
    log = log_of(profile=Profile())

    assert len(log.bot("0" * 8 + BOT[8:], NOW).view.turns) == 0
