"""The shape of good responses of CBS."""

import re

import pytest

from mockcbs.contract.cbs import Cbs
from mockcbs.contract.cbs_shapes import check_shape
from mockcbs.contract.lacking import Lacking
from mockcbs.contract.targets import Answer
from tests.contract.kits import broken, kit_of_mock

SHAPE = "cbs.shape-session-stats"


def checked(change, status=200):
    """The clauses that session statistics break after *change* of their text, and the response."""
    kit = kit_of_mock()
    good = Cbs.of(kit).get("session-stats", "interval=week")
    answer = Answer(good.call, status, good.headers, change(good.text).encode(), good.sent, good.received)

    check_shape(kit, "session-stats", answer)

    return broken(kit), answer


def put(pattern, text):
    return lambda body: re.sub(pattern, text, body, count=1)


@pytest.mark.parametrize(
    ("change", "clauses"),
    [
        (lambda body: body, set()),
        (
            put(r'"session_count":(\d+)', r'"session_count":"\1"'),
            {"cbs.number-integers", "cbs.shape-session-stats"},
        ),
        (put(r"(\.\d\d)\d", r"\1"), {"cbs.number-decimals"}),
        (put(r"^\{", '{"more":1,'), {"cbs.shape-extra"}),
        (put(r"^\{", '{"error_code":"0",'), {"cbs.shape-extra", "cbs.shape-no-error"}),
        (put(r'"user_count":\d+,', ""), {SHAPE}),
        (put(r'"start":"[^"]+"', '"start":"Monday"'), {SHAPE}),
        (put(r'("session_count":\d+),("user_count":\d+)', r"\2,\1"), {"http.member-order"}),
    ],
)
def test_a_response_breaks_the_clause_about_what_is_wrong_with_it(change, clauses):
    """A faulty response breaks the clause about its fault; the mock's response breaks none."""
    assert checked(change)[0] == clauses


def test_a_wrong_member_is_lacking():
    """Checks that need a wrong member are not run and name the clause; the other members are read."""
    _, answer = checked(put(r'"session_count":\d+', '"session_count":null'))

    periods = [answer.json["total"], *answer.json["intervals"]]
    lacking = [period["session_count"] for period in periods if isinstance(period["session_count"], Lacking)]
    assert [one.clause for one in lacking] == [SHAPE]


@pytest.mark.parametrize(
    ("body", "status", "clauses"),
    [("<html>", 200, set()), ('{"error_code":"CBS.0001","error_msg":"no"}', 400, {"cbs.shape-success"})],
)
def test_what_is_no_such_response_is_lacking_as_a_whole(body, status, clauses):
    """A refusal breaks the clause about success; a body that is not JSON breaks one on every response."""
    found, answer = checked(lambda _: body, status)

    assert found == clauses
    assert isinstance(answer.json, Lacking)
