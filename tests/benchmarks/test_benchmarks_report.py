"""What is said about a run, and while it lasts."""

import pytest
from plan import CONTENDERS
from progress import remaining
from report import against, placed
from tools import MissingError, Tools


@pytest.mark.parametrize(
    ("ours", "theirs", "bounds", "met"),
    [
        (800, 100, {"least": 8}, True),
        (799, 100, {"least": 8}, False),
        (2, 1, {"most": 2}, True),
        (2.1, 1, {"most": 2}, False),
    ],
)
def test_a_goal_is_a_multiple_of_what_others_reach(ours, theirs, bounds, met):
    """A goal is met if the ratio lies within its bounds."""
    assert against("rate", ours, theirs, **bounds).met is met


def test_there_is_no_goal_without_the_other():
    """Without the figure of the other program, there is nothing to compare."""
    assert against("rate", 800, None, least=8) is None


def test_a_ratio_shows_both_figures():
    """The text has the ratio and what it was computed from."""
    found = against("rate", 12345, 1000, least=8).found

    assert found == "12.3 times (12,345 and 1,000)"


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
