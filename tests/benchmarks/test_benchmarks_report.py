"""What is said about a run, and while it lasts."""

import pytest
from plan import COMPARED, CONTENDERS
from progress import remaining
from report import Result, Table, as_json, as_markdown, placed
from tools import MissingError, Tools


def test_tables_go_where_a_document_has_a_place_for_them():
    """Text around the place of a table does not change; a document without such a place is written anew."""
    document = "before\n<!-- benchmarks -->\n\nold\n\n<!-- end of benchmarks -->\nafter\n"

    assert placed("new\n", document) == document.replace("old", "new")
    assert placed("new\n", "anything") == "new\n"


@pytest.mark.parametrize(
    ("expected", "elapsed", "done", "left"),
    [(100, 0, 0, 100), (100, 30, 0, 70), (100, 120, 0, 0), (10, 100, 1, 0)],
)
def test_time_left_at_first_is_what_was_expected(expected, elapsed, done, left):
    """Later, the time left follows from the parts that are done."""
    assert remaining(expected, elapsed, done) == left


def test_time_left_follows_the_pace():
    """If half takes 100 s instead of 10 s, the rest is estimated between 10 s and 100 s."""
    assert 10 < remaining(10, 100, 0.5) <= 100


def test_what_cannot_be_had_is_said(tmp_path, monkeypatch):
    """A missing package manager is a reason, not an error."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingError, match="there is no npm: apt-get install nodejs npm"):
        Tools(tmp_path).npm("wiremock", "3")


def test_everyone_can_be_chosen():
    """The names of the command line are those of the contenders."""
    from arena import NAMES

    assert set(NAMES) == {"mockcbs", *CONTENDERS}
    assert set(COMPARED) < set(CONTENDERS)


FACTS = {
    "date": "",
    "processor": "",
    "cores": 2,
    "system": "",
    "python": "",
    "load_average": 0.1,
    "load_average_after": 0.2,
    "packages": {},
}


def test_a_report_begins_with_the_targets_of_its_parts():
    """The targets of parts that were measured come first; those of other parts are not mentioned."""
    results = [
        Result("memory", {}, [Table("Memory", ["", "MB"], [["all", "99"]])], {"MB of all services": 99.0}),
        Result("besides", {}, [], {"export": 20.0, "csv.writer": 100.0}),
    ]

    text = as_markdown(FACTS, {}, results)

    assert text.index("## Targets: 1 of 3 met") < text.index("## Memory")
    words = [
        line.rstrip(" |").rpartition("|")[2].strip()
        for line in text.splitlines()
        if "≤" in line or "≥" in line
    ]
    assert words == ["met", "**missed**", "not measured"]
    assert [target["met"] for target in as_json(FACTS, {}, results)["targets"]] == [True, False, None]
