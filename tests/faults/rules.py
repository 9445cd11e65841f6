"""The rules of a scenario that is written in a test."""

from mockcbs.faults.scenario_file import parse
from mockcbs.services.registry import vocabulary


def rules(*rules):
    return parse({"rules": list(rules)}, vocabulary()).rules
