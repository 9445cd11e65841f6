"""Logs of stated sessions."""

from mockcbs.core.clock import instant
from mockcbs.traffic.bots import Bot, Profile, StatedSession, StatedTurn
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import TrafficLog

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
NOW = instant("2026-11-22T12:34:56.789Z")


def log_of(*sessions: StatedSession, profile: Profile | None = None) -> TrafficLog:
    return TrafficLog(Dataset("test", bots={BOT: Bot(BOT, profile=profile, sessions=sessions)}), 42)


def session(name: str, *at: str, user: str | None = None) -> StatedSession:
    return StatedSession(
        name, tuple(StatedTurn(instant(text), Utterance("?", "invalid"), user) for text in at)
    )
