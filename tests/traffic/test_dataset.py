"""The content of a dataset."""

from dataclasses import replace

from mockcbs.datasets.load import load
from mockcbs.traffic.bots import ANY, Bot, Profile
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import KnowledgeBase
from tests.traffic.logs import BOT, NOW, log_of


def test_a_bot_the_dataset_does_not_name_is_silent_unless_any_bot_is_described():
    """Bots that the dataset does not name have no traffic unless it has an entry for any bot."""
    log = log_of(profile=Profile())

    assert len(log.bot("0" * 8 + BOT[8:], NOW).view.turns) == 0


OFFICE = KnowledgeBase(characters=("office", "service_desk"))
SHOP, CAMPUS = KnowledgeBase(characters=("shop",)), KnowledgeBase(characters=("student",))


def dataset(bot: Bot) -> Dataset:
    return Dataset("d", bots={bot.id: bot}, knowledge=OFFICE, trades=(OFFICE, SHOP, CAMPUS))


def test_bots_that_are_not_listed_draw_their_trade():
    """Other bots and other seeds have other trades; a bot always has the same."""
    any_bot = dataset(Bot(ANY, profile=Profile()))

    drawn = [any_bot.knowledge_of(str(bot), 1) for bot in range(30)]

    assert {id(one) for one in drawn} == {id(OFFICE), id(SHOP), id(CAMPUS)}
    assert drawn == [any_bot.knowledge_of(str(bot), 1) for bot in range(30)]
    assert drawn != [any_bot.knowledge_of(str(bot), 2) for bot in range(30)]


def test_a_trade_fits_the_character():
    """Shops ask about shopping; a listed bot leaves the file's knowledge base only if it does not fit."""
    trades = {"shop": SHOP, "student": CAMPUS, "office": OFFICE, None: OFFICE}

    for character, wanted in trades.items():
        assert dataset(Bot(BOT, profile=Profile(character=character))).knowledge_of(BOT, 1) is wanted
    assert dataset(Bot(ANY, profile=Profile(character="shop"))).knowledge_of(BOT, 1) is SHOP


def test_a_stated_knowledge_base_decides():
    """What the file states for a bot or for all bots is not drawn."""
    own = dataset(Bot(BOT, profile=Profile(character="shop"), knowledge=CAMPUS))
    all_alike = replace(dataset(Bot(ANY, profile=Profile(character="shop"))), trades=())

    assert own.knowledge_of(BOT, 1) is CAMPUS
    assert all_alike.knowledge_of(BOT, 1) is OFFICE
    assert own.bases == (OFFICE, CAMPUS, SHOP)


def test_the_shipped_datasets_state_their_trades():
    """The default dataset has several trades, and its listed bots keep the office; others have one each."""
    everyday = load("everyday")

    assert len(everyday.bases) == 4
    assert {id(everyday.knowledge_of(bot, 42)) for bot in everyday.bots if bot != ANY} == {
        id(everyday.knowledge)
    }
    assert [len(load(name).bases) for name in ("busy", "incident", "quiet", "growing-shop")] == [1] * 4
