"""The documentation names what there is."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from mockcbs import create_app
from mockcbs.core.files import shipped
from mockcbs.faults.rule_schema import RuleSchema, WhenSchema
from mockcbs.faults.scenario import FAILURES, DamageKind, Per, WebhookTrouble, Wire
from mockcbs.faults.scenario_file import ScenarioSchema, parse
from mockcbs.services.registry import vocabulary
from tests.conftest import BOT

DOCS = Path(__file__).parents[2] / "docs"
SCENARIOS = (DOCS / "scenarios.md").read_text("utf-8")
CONTROL = (DOCS / "control.md").read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        *shipped("scenarios"),
        *FAILURES,
        *get_args(DamageKind),
        *get_args(Wire),
        *get_args(WebhookTrouble),
        *get_args(Per)[1:],
        *RuleSchema().fields,
        *WhenSchema().fields,
        *ScenarioSchema(vocabulary(), "").fields,
    ],
)
def test_scenarios_are_documented(name):
    """Every shipped scenario, key and accepted word."""
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", SCENARIOS)


def test_documented_scenarios_are_accepted():
    """Every YAML listing of the page can be played."""
    listings = re.findall(r"```yaml\n(.*?)```", SCENARIOS, re.DOTALL)

    assert [parse(yaml.safe_load(listing), vocabulary()).rules for listing in listings]


def test_every_third_call():
    """The listing does what the sentence above it states."""
    (listing,) = re.findall(
        r"^Every third request [^\n]*\n\n```yaml\n(.*?)```", SCENARIOS, re.DOTALL | re.MULTILINE
    )
    client = create_app().test_client()
    client.put("/_mockcbs/scenario", json={"scenario": yaml.safe_load(listing)})
    path, headers = f"/v1/p/qabots/{BOT}/requests/session-stats?interval=day", {"X-Auth-Token": "t"}

    statuses = [client.get(path, headers=headers).status_code for _ in range(6)]

    assert statuses == [200, 200, 429, 200, 200, 429]


def test_control_is_documented():
    """Every route of the control API, and every body the page shows is accepted."""
    rules = [rule.rule for rule in create_app().rules() if rule.endpoint.startswith("control.")]
    changes = re.findall(r'`(\{"(?:freeze|tick|advance_ms|real)".*?\})`', CONTROL)
    client = create_app().test_client()

    assert [rule for rule in rules if re.sub(r"<(\w+)>", r"{\1}", rule) not in CONTROL] == []
    for change in changes:
        content = json.loads(change.replace("WHEN", '"2026-01-01"'))
        assert client.put("/_mockcbs/clock", json=content).status_code == 200
    assert len(changes) == 6
