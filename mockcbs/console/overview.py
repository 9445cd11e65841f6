"""The state of the mock that every page of the console shows."""

from functools import cache
from typing import Any

from mockcbs.console.words import DATASETS_IN_CHINESE, SCENARIOS_IN_CHINESE, Language
from mockcbs.core.clock import iso, real_now
from mockcbs.core.files import shipped
from mockcbs.core.version import VERSION
from mockcbs.datasets.load import DATASETS
from mockcbs.faults.scenario import Scenario
from mockcbs.faults.scenario_file import SCENARIOS, load
from mockcbs.journal.selection import Selection
from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.traffic.bots import ANY


def overview(mock: State, language: Language) -> dict[str, Any]:
    """Clock, scenario and dataset, and the available choices, where possible in *language*."""
    now = mock.clock.now()
    firsts = [mock.log.first_at(bot_id, now) for bot_id in mock.dataset.bots]
    return {
        "version": VERSION,
        "seed": mock.seed,
        "strict": mock.settings.strict,
        "journal_size": mock.settings.journal_size,
        "guarded": mock.settings.control_token is not None,
        "clock": {"now": now, "iso": iso(now), "mode": mock.clock.mode, "real": real_now()},
        "first": min((at for at in firsts if at is not None), default=None),
        "dataset": _dataset(mock, language),
        "datasets": _datasets(mock, language),
        "chosen": mock.worlds.is_chosen or mock.seed != mock.settings.seed,
        "scenario": _scenario(mock, language),
        "scenarios": _scenarios(language),
        "services": [
            {"name": service.name, "title": service.title, "project": service.project is not None}
            for service in registry.services()
        ],
    }


def _dataset(mock: State, language: Language) -> dict[str, Any]:
    dataset = mock.dataset
    named = [bot for bot_id, bot in dataset.bots.items() if bot_id != ANY]
    return {
        "name": dataset.name,
        "description": _description(dataset.name, dataset.description, language),
        "starts_at": dataset.now,
        "any_bot": ANY in dataset.bots and not mock.settings.strict,
        "questions": len(dataset.knowledge.pairs),
        "bots": [
            {
                "id": bot.id,
                "name": bot.name,
                "kind": bot.card.kind,
                "generated": bot.profile is not None,
                "sessions_per_day": bot.profile and bot.profile.sessions_per_day,
                "days": bot.profile and bot.profile.retention_days,
                "stated": len(bot.sessions),
            }
            for bot in named
        ],
    }


def _datasets(mock: State, language: Language) -> list[dict[str, str]]:
    """The current dataset, the one of the start, and the shipped ones."""
    found = [mock.dataset, mock.worlds.opening]
    told = {name: _english_dataset(name) for name in shipped(DATASETS)}
    told = {one.name: one.description for one in found} | told
    return [{"name": name, "description": _description(name, told[name], language)} for name in told]


def _description(name: str, description: str, language: Language) -> str:
    """The description of a dataset; in Chinese for a shipped one, else in the user's words."""
    ours = name in shipped(DATASETS) and description == _english_dataset(name)
    return DATASETS_IN_CHINESE[name] if ours and language == "zh" else description


@cache
def _english_dataset(name: str) -> str:
    """The description in the first line of a dataset file; reading whole files takes a second."""
    return shipped(DATASETS)[name].read_text("utf-8").partition("\n")[0].removeprefix("description: ")


def _scenario(mock: State, language: Language) -> dict[str, Any] | None:
    run = mock.scenarios.run()
    if run is None:
        return None
    left = run.scenario.ttl_seconds and run.scenario.ttl_seconds - run.elapsed / 1000
    return {
        "name": run.scenario.name,
        "description": _described(run.scenario, language),
        "state": run.state,
        "seconds_left": left,
        "elapsed_ms": run.elapsed,
        "hits": mock.journal.page(Selection(scenario=run.scenario.name), 0).count,
    }


@cache
def _scenarios(language: Language) -> list[dict[str, str]]:
    loaded = [load(name, registry.vocabulary()) for name in shipped(SCENARIOS)]
    return [{"name": scenario.name, "description": _described(scenario, language)} for scenario in loaded]


def _described(scenario: Scenario, language: Language) -> str:
    """The description of a scenario; a user's scenario keeps the words of the user."""
    ours = scenario.name in shipped(SCENARIOS) and scenario.description == _english(scenario.name)
    return SCENARIOS_IN_CHINESE[scenario.name] if ours and language == "zh" else scenario.description


@cache
def _english(name: str) -> str:
    return load(name, registry.vocabulary()).description
