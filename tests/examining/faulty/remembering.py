"""Faulty clients that remember responses or sums for too long."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from tests.examining.clients import (
    Rows,
    Words,
    coze_days,
    coze_total,
    own_token,
    sessions,
)

_CACHE: dict[tuple[str, ...], Any] = {}


def cached_for_ever(words: Words) -> Rows:
    key = (words.base_url, words.start, words.end)
    if key not in _CACHE:
        _CACHE[key] = coze_days(words)
    return _CACHE[key]


def cached_token(words: Words) -> Rows:
    """Gets a token once, and never looks at its end."""
    key = ("token", words.base_url)
    if key not in _CACHE:
        _CACHE[key] = own_token(words)
    return sessions(SimpleNamespace(**{**vars(words), "token": _CACHE[key]}))["intervals"]


_RUNS = defaultdict(int)


def adds_to_a_file(words: Words) -> Rows:
    """Keeps its sums between runs."""
    _RUNS[words.base_url] += coze_total(words)["total_calls"]
    return {"total_calls": _RUNS[words.base_url]}


_BY_PATH: dict[tuple[str, str], Rows] = {}


def cached_by_path(words: Words) -> Rows:
    """Takes two ranges for one, as its cache does not look at the query."""
    return _BY_PATH.setdefault((words.base_url, words.bot_id), coze_days(words))
