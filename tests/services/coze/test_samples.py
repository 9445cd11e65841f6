"""Code with cozepy."""

import pytest
from cozepy import Coze, TokenAuth

from mockcbs.services.coze.samples import SDK
from tests.services.programs import check_calls, program, programs

PROGRAMS = programs(SDK, "coze")


@pytest.mark.parametrize("operation", PROGRAMS)
def test_programs_call_what_the_sdk_has(operation):
    """A method of the client, with parameters that it takes."""
    assert check_calls(PROGRAMS[operation], coze=Coze(TokenAuth("t"))) == 1


def test_messages_are_objects_of_the_sdk():
    """A program sends objects of the SDK instead of dictionaries."""
    code = program(SDK, "coze_create_chat")

    assert "from cozepy import Coze, Message, TokenAuth" in code
    assert "additional_messages=[Message.model_validate(" in code


def test_lists_and_streams_are_read_item_by_item():
    """Items of lists and streams are printed one by one."""
    assert "for item in coze.bots.list(" in program(SDK, "coze_list_bots")
    assert "for item in coze.workflows.runs.stream(" in program(SDK, "coze_stream_workflow")


@pytest.mark.parametrize(
    ("operation", "argument"),
    [("coze_read_variables", "keywords=[]"), ("coze_unpublish_bot", 'connector_id="1024"')],
)
def test_what_only_the_sdk_requires_is_written_too(operation, argument):
    """An argument that only the SDK requires has the API's default."""
    assert argument in program(SDK, operation)


def test_analytics_have_no_method_in_the_sdk():
    """There is no program for the analytics, because the SDK has no method for them."""
    assert program(SDK, "coze_bot_analytics") is None
