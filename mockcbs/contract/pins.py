"""Datasets that resolve a difference between two servers: a mock then gives the response of the other."""

import json
from typing import Any
from urllib.parse import urlsplit

import simplejson

from mockcbs.contract.compare import Difference
from mockcbs.pinning import cbs, cbs_words, coze
from mockcbs.pinning.reading import PinError

_PINNABLE = ("requests/session-stats", "requests/reply-rates", "/analytics", *cbs_words.OPERATIONS)
"""Path endings of the operations whose responses can be pinned."""


def mending(one: Difference) -> str:
    """A dataset file (JSON, which is also YAML) with which a mock gives the response; empty if impossible.

    A dataset decides about figures and texts. A difference in members, types or statuses would stay.
    """
    target = one.request.removeprefix("GET ")
    if not one.is_of_figures or not urlsplit(target).path.endswith(_PINNABLE):
        return ""
    try:
        content = _dataset(target, simplejson.loads(one.body, use_decimal=True))
    except (PinError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    content["bots"] = [{**content["bots"][-1], "id": "*"}]  # a report must not show the id of a bot
    return json.dumps(content, ensure_ascii=False) + "\n"


def _dataset(target: str, answer: Any) -> dict[str, Any]:
    path = urlsplit(target).path
    if path.endswith("/analytics"):
        return coze.pin(answer)
    if path.endswith(cbs_words.OPERATIONS):
        return cbs_words.pin(answer, "*", cbs_words.time_of(target))
    return cbs.pin([answer], "*")
