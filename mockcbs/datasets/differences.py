"""Descriptions of the differences between two datasets."""

from mockcbs.traffic.bots import Bot
from mockcbs.traffic.dataset import Dataset

_MAX_NAMED = 5
"""The number of bots that are named; the others are only counted."""


def differences(before: Dataset, after: Dataset) -> list[str]:
    """The differences between *before* and *after*, a few words for each; empty if they are equal."""
    added = [bot_id for bot_id in after.bots if bot_id not in before.bots]
    gone = [bot_id for bot_id in before.bots if bot_id not in after.bots]
    both = [(before.bots[bot_id], bot) for bot_id, bot in after.bots.items() if bot_id in before.bots]
    found = [
        *[f"bot {bot_id} is new" for bot_id in added],
        *[f"bot {bot_id} is gone" for bot_id in gone],
        *[f"bot {bot.id}: {_changed(old, bot)}" for old, bot in both if old != bot],
    ]
    if len(found) > _MAX_NAMED:
        found = [*found[: _MAX_NAMED - 1], f"{len(found) - _MAX_NAMED + 1} more bots"]
    names = {"description": "description", "now": "now", "default_start": "default_start"}
    found += [
        f"{word} changed" for name, word in names.items() if getattr(before, name) != getattr(after, name)
    ]
    if before.knowledge != after.knowledge:
        found.append("the knowledge base changed")
    sections = dict.fromkeys([*before.services, *after.services])
    return found + [
        f"{name} changed" for name in sections if before.services.get(name) != after.services.get(name)
    ]


def _changed(before: Bot, after: Bot) -> str:
    found = []
    if before.sessions != after.sessions:
        found.append(f"{len(before.sessions)} → {len(after.sessions)} stated sessions")
    if before.profile != after.profile:
        found.append("its generated traffic changed")
    if (before.name, before.card, before.more) != (after.name, after.card, after.more):
        found.append("its properties changed")
    return ", ".join(found)
