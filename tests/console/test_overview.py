"""The mock as every page shows it."""

import re

from mockcbs.console.words import DATASETS_IN_CHINESE, SCENARIOS_IN_CHINESE
from tests.console.requests import CONSOLE


def test_every_scenario_in_chinese(client):
    """Shipped scenarios are described in the browser's language, and those of users as they are written."""
    chinese = {"Accept-Language": "zh-CN"}
    own = {"name": "slow", "description": "mine", "rules": [{"when": {"nth": 1}, "wire": "reset"}]}

    shown = client.get(f"{CONSOLE}/data/overview", headers=chinese).json["scenarios"]
    client.put("/_mockcbs/scenario", json={"scenario": own})
    played = client.get(f"{CONSOLE}/data/overview", headers=chinese).json["scenario"]

    assert len(shown) == len(SCENARIOS_IN_CHINESE)
    assert [one for one in shown if not re.search(r"[\u4e00-\u9fff]", one["description"])] == []
    assert played["description"] == "mine"


def test_every_dataset_in_chinese(client):
    """Shipped datasets are described in the browser's language, and those of users as they are written."""
    english = {one["name"]: one["description"] for one in client.get("/_mockcbs/datasets").json["datasets"]}
    shown = {}
    for language in ("en", "zh-CN"):
        found = client.get(f"{CONSOLE}/data/overview", headers={"Accept-Language": language}).json
        shown[language] = {one["name"]: one["description"] for one in found["datasets"]}

    client.put("/_mockcbs/dataset?name=busy", data="description: mine\nbots: []\n")
    own = client.get(f"{CONSOLE}/data/overview", headers={"Accept-Language": "zh-CN"}).json

    assert shown["en"] == english
    assert shown["zh-CN"] == DATASETS_IN_CHINESE
    assert (own["dataset"]["description"], own["chosen"]) == ("mine", True)
