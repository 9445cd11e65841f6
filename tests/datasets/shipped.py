"""Figures of the datasets that come with mockcbs."""

from functools import cache

from flask import Flask

from mockcbs import Settings, create_app
from mockcbs.core.clock import instant
from mockcbs.datasets.load import load

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
NAMED_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"


@cache
def _app(dataset: str) -> Flask:
    return create_app(Settings(dataset=dataset, now=load(dataset).now or instant("2024-03-08T12:00:00Z")))


def ask(dataset, operation, bot=NAMED_BOT, **query):
    """The JSON that a statistics operation answers."""
    path, query = f"/v1/{PROJECT}/qabots/{bot}/{operation}", {"interval": "day", **query}
    return _app(dataset).test_client().get(path, query_string=query, headers={"X-Auth-Token": "any"}).json


def sessions(dataset, **query):
    """Start, sessions, users, mean rounds and mean time of each period."""
    intervals = ask(dataset, "requests/session-stats", **query)["intervals"]
    return [tuple(interval.values()) for interval in intervals]


def session_counts(dataset, **query):
    """Sessions by the start of their period."""
    return {start: count for start, count, *_ in sessions(dataset, **query)}


def outcomes(figures):
    """The counts above 0 among the six outcomes."""
    named = {key.removesuffix("_count"): value for key, value in figures.items() if key.endswith("_count")}
    return {outcome: count for outcome, count in named.items() if count and outcome != "question"}
