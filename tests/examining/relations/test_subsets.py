"""Relations between a whole and its subsets."""

import pytest

from mockcbs.examining.client import Function
from mockcbs.examining.exam import Exam
from mockcbs.examining.relations.subsets import RELATIONS
from tests.examining.clients import coze_days
from tests.examining.relations.shown import check, shown_by


@pytest.mark.parametrize("name", shown_by(relation.name for relation in RELATIONS))
def test_a_fault_is_shown_by_its_relation(name):
    """The relation that a fault breaks is reported with the smallest case, its calls, and the output."""
    check(name)


def test_a_client_that_is_given_no_bot_may_read_every_bot():
    """Without the word {bot_id}, the report says that mixed-up bots were not looked for."""
    bot = "7342866812345678901"

    def read(words):
        words.bot_id = bot
        return coze_days(words)

    finding = Exam(Function(read, ["base_url", "token", "start", "end"])).examine("other-bots")

    assert finding.verdict == "not examined"
    assert "{bot_id}" in finding.reason
