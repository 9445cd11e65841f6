"""Published responses of CBS, and changed ones."""

import copy
import json
from importlib import resources

import simplejson


def parsed(text: str) -> dict:
    return simplejson.loads(text, use_decimal=True)


def golden(name: str) -> str:
    file = resources.files("mockcbs.fixtures") / "exchanges" / f"{name}.json"
    return json.loads(file.read_text("utf-8"))["exchanges"][0]["response"]["body"]


G1, G2 = golden("g-01-session-stats"), golden("g-02-reply-rates")


def changed(text: str, place: tuple, value) -> dict:
    content = copy.deepcopy(parsed(text))
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = simplejson.loads(value, use_decimal=True)
    return content
