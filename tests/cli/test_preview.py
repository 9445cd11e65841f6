"""The curves of ``mockcbs datasets --show``."""

import json

import pytest
from click.testing import CliRunner

from mockcbs.cli.main import cli
from mockcbs.cli.preview import sparkline


def show(*arguments: str):
    return CliRunner().invoke(cli, ["datasets", "--show", *arguments])


@pytest.mark.parametrize(
    ("values", "curve"),
    [([], ""), ([0, 0], "  "), ([1, 8], "▁█"), ([5], "█"), ([0, 4, 8], " ▄█"), ([7] * 3, "███")],
)
def test_a_curve_has_a_character_for_each_value(values, curve):
    """The highest value is a full bar, and nothing is a blank."""
    assert sparkline(values) == curve


def test_the_incident_can_be_seen():
    """The preview shows days, hours, outcomes and latency of each bot; an incident is a peak of failures."""
    shown = show("incident")

    assert shown.exit_code == 0
    assert shown.output.startswith("incident: ")
    assert "7342866812345678901 办公小助手" in shown.output
    assert "any other bot" in shown.output
    failures = [line for line in shown.output.splitlines() if "failures a day" in line]
    assert len(failures) == 3
    assert all(line.partition("  ")[2].rstrip().partition("█")[2].startswith("  ") for line in failures)


def test_json_has_the_numbers():
    """--json prints the numbers of the curves, which depend on the seed."""
    seeds = [json.loads(show("quiet", "--json", "--seed", seed).output) for seed in ("1", "1", "2")]

    assert seeds[0] == seeds[1] != seeds[2]
    assert len(seeds[0][0]["sessions_by_day"]) == 90
    assert sum(seeds[0][0]["outcomes_percent"].values()) == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(("name", "words"), [("nope", "no dataset 'nope'"), ("empty", "has no traffic")])
def test_a_dataset_without_traffic_is_an_error(name, words):
    """The error names the problem."""
    shown = show(name)

    assert shown.exit_code != 0
    assert words in str(shown.exception or shown.output) or words in shown.output
