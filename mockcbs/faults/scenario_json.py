"""Scenarios as plain JSON, for a backend."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mockcbs.core.patterns import Pattern
from mockcbs.faults.scenario import Answer, Damage, Latency, Ramp, Rule, Scenario, Then, Throttle, When


def encoded(scenario: Scenario) -> dict[str, Any]:
    """*scenario* as JSON."""
    return asdict(scenario)


def decoded(document: Mapping[str, Any]) -> Scenario:
    """The scenario that `encoded` turned into *document*."""
    return Scenario(**{**document, "rules": tuple(_rule(rule) for rule in document["rules"])})


def _rule(rule: Mapping[str, Any]) -> Rule:
    when, then, ramp = rule["when"], rule["then"], rule["ramp"]
    parts = {
        "answer": then["answer"] and Answer(**then["answer"]),
        "throttle": then["throttle"] and Throttle(**then["throttle"]),
        "latency": then["latency"] and _latency(then["latency"]),
        "damage": tuple(Damage(**damage) for damage in then["damage"]),
    }
    return Rule(
        When(**{**when, "pattern": Pattern(**when["pattern"])}),
        Then(**{**then, **parts}),
        ramp and Ramp(**ramp),
    )


def _latency(latency: Mapping[str, Any]) -> Latency:
    uniform = latency["uniform_ms"]
    return Latency(**{**latency, "uniform_ms": uniform and tuple(uniform)})
