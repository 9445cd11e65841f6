"""The mixin that makes an exam a class of tests, in a test run of its own."""

import pytest

pytest_plugins = "pytester"

TESTS = """
import requests
from mockcbs.examining.mixin import ClientExam

def days(words):
    url = f"{words.base_url}/v1/bots/{words.bot_id}/analytics"
    dates = {"start_date": words.start, "end_date": words.end}
    answer = requests.get(url, params=dates, headers={"Authorization": f"Bearer {words.token}"}, timeout=10)
    answer.raise_for_status()
    return answer.json()["data"]["metrics"]

class TestRight(ClientExam):
    def read(self, words):
        return days(words)

class TestFaulty(ClientExam):
    cases = 3
    without = ("repeat",)
    def read(self, words):
        return days(words)[1:]
"""


@pytest.mark.slow
def test_one_test_a_relation(pytester):
    """A broken relation fails its test with all that shows it, without a traceback; others are skipped."""
    pytester.makepyfile(TESTS)

    result = pytester.runpytest_subprocess("-k", "repeat or cuts or top", "-ra", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=2, failed=1, skipped=3)
    result.stdout.fnmatch_lines(
        [
            "broken: A range is the sum of its parts, wherever it is cut; means are weighted.",
            "*its parts*",
            "traffic:",
            "*200 GET /v1/bots/7342866812345678901/analytics*",
            "*the command does not contain {top}*",
            "*TestFaulty.without names repeat*",
        ]
    )
    assert "Traceback" not in result.stdout.str()
