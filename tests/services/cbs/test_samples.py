"""Code with huaweicloudsdkcbs."""

import pytest
from huaweicloudsdkcbs import v1

from mockcbs.services.cbs.samples import SDK
from tests.services.programs import check_calls, program, programs

PROGRAMS = programs(SDK, "cbs")


@pytest.mark.parametrize("operation", PROGRAMS)
def test_programs_call_what_the_sdk_has(operation):
    """The method of the client, and the members of its request."""
    requests = {name: kind for name, kind in vars(v1).items() if name.endswith("Request")}

    assert check_calls(PROGRAMS[operation], client=v1.CbsClient(), **requests) == 2


def test_every_operation_of_the_sdk_has_a_program():
    """Each of the twelve operations of the SDK has a program."""
    assert len(PROGRAMS) == 12


def test_parameters_have_the_types_of_the_sdk():
    """In a program, parameters of the URL have the types of the SDK."""
    code = program(SDK, "cbs_hot_questions")

    assert "top=10" in code
    assert 'qabot_id="303a0a00-c88a-43e3-aa2f-d5b8b9832b02"' in code
    assert 'BasicCredentials("MOCKCBSAK", "mockcbs-secret-key"' in code
