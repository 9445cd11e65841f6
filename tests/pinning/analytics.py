"""Published responses of analytics, and changed ones."""

import copy
import re

import simplejson
from flask import Flask

from mockcbs import Settings, create_app
from tests.services.coze.conftest import BOT, TOKEN


def ask(app: Flask, path: str, query: dict | str) -> str:
    """The data of an answer, as text."""
    answer = app.test_client().get(f"/v1/{path}/analytics", query_string=query, headers=TOKEN)
    assert answer.status_code == 200, answer.text
    return re.sub(r',"detail":.*', "}", answer.text)


def parsed(text: str) -> dict:
    return simplejson.loads(text, use_decimal=True)


SAMPLE = parsed(
    ask(
        create_app(Settings(dataset="coze-sample")),
        f"bots/{BOT}",
        "start_date=2025-12-15&end_date=2025-12-17",
    )
)


def changed(*changes: tuple[str, str]) -> dict:
    """The sample with other values at some places."""
    content = copy.deepcopy(SAMPLE)
    for place, value in changes:
        *keys, last = (int(key) if key.isdigit() else key for key in place.split("."))
        holder = content["data"]
        for key in keys:
            holder = holder[key]
        holder[last] = parsed(value)
    return content
