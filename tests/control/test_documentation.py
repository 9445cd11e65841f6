"""What OpenAPI documents state about the control API."""

import pytest

from mockcbs.control.documentation import documentation
from mockcbs.control.openapi.stated import documentation_of
from mockcbs.services.documentation import ControlExamples, Documentation
from tests.services.examples import mock_client, send_example

AT_ONCE = [
    "health",
    "change_clock",
    "play_scenario",
    "verify",
    "add_report",
    "set_table",
    "subscribe",
    "send_past",
    "explain",
]


@pytest.fixture(autouse=True)
def _reset():
    """Other examples are sent to the same mock."""
    yield
    mock_client().post("/_mockcbs/reset")


@pytest.mark.parametrize("operation", AT_ONCE)
def test_examples_work_at_once(operation):
    """The examples succeed on a mock that has just started."""
    assert send_example(f"control_{operation}").status_code in {200, 201}


def test_examples_of_bodies_are_of_operations_that_exist():
    """Each example of a body belongs to an existing operation."""
    endpoints = {rule.endpoint for rule in mock_client().application.rules()}

    assert {f"control.{operation}" for operation in documentation_of(None).bodies} <= endpoints


def test_the_first_example_of_a_name_counts():
    """Services state examples about them, which do not replace earlier ones."""
    stated = [
        Documentation({}, (), control=ControlExamples({"bot": one}, {"url": one}, {"verify": one}))
        for one in ("first", "second")
    ]

    found = documentation(stated)

    assert {found.examples(0)["bot"], found.ids["url"], found.bodies["verify"]} == {"first"}
    assert found.ids["entry"] == 1
