"""Calls that tests of the mock in process make."""

import requests

from tests.conftest import BOT, PROJECT

WHEN = "2026-02-19T15:49:25+08:00"
PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"
URL = f"https://cbs-ext.cn-north-4.myhuaweicloud.com{PATH}"
TOKEN = {"X-Auth-Token": "any"}


def get(url=URL, **options):
    return requests.get(url, headers=TOKEN, **options)
