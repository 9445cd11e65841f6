"""What a service states, and what follows from it."""

import re
from typing import get_args

import pytest
from flask import Blueprint

from mockcbs.core.errors import ErrorSpec
from mockcbs.faults.scenario import FAILURES
from mockcbs.services.base import FailureAnswer, Service, bearer
from mockcbs.web.context import WireProblem

BROKEN = ErrorSpec(500, "X.500", "broken")
PLAIN, OTHER = ErrorSpec(400, "X.1", "a"), ErrorSpec(404, "X.1", "b")


def stated(**members) -> Service:
    facts = {
        "name": "toys",
        "title": "Toys",
        "views": Blueprint("toys", __name__),
        "hosts": ("api.toys.example", "toys.*.example"),
        "paths": re.compile("/toys/"),
        "unknown_path": OTHER,
        "unknown_method": OTHER,
        "wire_problems": dict.fromkeys(get_args(WireProblem), PLAIN),
        "failures": dict.fromkeys(FAILURES, FailureAnswer(BROKEN)),
        "catalogue": (PLAIN, OTHER),
    }
    return Service(**facts | members)


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer pat_1", "pat_1"), ("  Bearer   pat_1 ", "pat_1"), ("pat_1", "pat_1"), ("", "")],
)
def test_bearer(header, token):
    """The token follows ``Bearer``; some clients leave that word out."""
    assert bearer({"HTTP_AUTHORIZATION": header}) == token
    assert bearer({}) == ""


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"failures": {}}, "service toys: failures does not state server-error"),
        ({"wire_problems": {}}, "service toys: wire_problems does not state malformed request"),
        ({"name": "games"}, "service games: its blueprint is named 'toys'"),
        ({"recognises": lambda _: True}, "the subdomain of its blueprint is not its name"),
    ],
)
def test_a_service_must_state_everything(members, message):
    """A service that leaves something out fails at its definition, not at the first request."""
    with pytest.raises(ValueError, match=message):
        stated(**members)


@pytest.mark.parametrize(
    ("labels", "host", "names"),
    [
        (("region",), "toys.example", ()),
        (("region",), "*.toys.example", ("region",)),
        (("bucket", "region"), "*.*.toys.example", ("bucket", "region")),
        (("region",), "*.*.*.toys.example", ("label2", "label3", "region")),
    ],
)
def test_labels_of_hosts(labels, host, names):
    """Each wildcard has a name of its own; the last ones are those that the service states."""
    assert stated(host_labels=labels).labels_of(host) == names


def test_hosts():
    """A wildcard stands for one label."""
    pattern = stated().host_pattern

    assert pattern.fullmatch("toys.cn-north-4.example")
    assert not pattern.fullmatch("toys.a.b.example")
    assert not pattern.fullmatch("apiXtoys.example")


def test_codes_of_scenarios():
    """A scenario can use each failure and each code; rows with one code stay in order."""
    codes = stated(shared_catalogues={"shared": (ErrorSpec(401, "S.1", "s"),)}).codes

    assert {*codes} == {*FAILURES, "X.1", "S.1"}
    assert codes["X.1"] == [PLAIN, OTHER]


def test_the_project_of_a_path():
    """Group 1 of the pattern is the project; without projects there is no such group."""
    assert stated(project=re.compile("/v1/([^/]+)/")).project_in("/v1/p/toys") == "p"
    assert stated().project_in("/v1/p/toys") is None
