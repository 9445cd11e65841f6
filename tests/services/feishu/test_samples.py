"""Code with lark-oapi."""

import ast

import pytest

from mockcbs.services.feishu.samples import SDK
from tests.lazily import Lazily
from tests.services.programs import program, programs

lark = Lazily("lark_oapi")

PROGRAMS = programs(SDK, "feishu")


@pytest.mark.slow
@pytest.mark.parametrize("operation", PROGRAMS)
def test_programs_build_a_request(operation):
    """Each program runs with the SDK up to the call."""
    built = ast.parse(PROGRAMS[operation])
    before_the_call = ast.Module(built.body[:-2], built.type_ignores)

    names: dict[str, object] = {}
    exec(compile(before_the_call, operation, "exec"), names)

    assert isinstance(names["request"], lark.BaseRequest)
    assert isinstance(names["client"], lark.Client)


@pytest.mark.parametrize("operation", ["tenant_access_token", "app_access_token", "call_hook"])
def test_what_the_sdk_does_by_itself_has_no_program(operation):
    """There is no program for tokens, which the SDK gets itself, or custom bots, which it lacks."""
    assert program(SDK, f"feishu_{operation}") is None


def test_a_body_is_written_out():
    """A program without a class of the SDK has the method and path of the operation."""
    code = program(SDK, "feishu_create_record")

    assert ".http_method(lark.HttpMethod.POST)" in code
    assert '.uri("/open-apis/bitable/v1/apps/bascnRuns/tables/tblRuns/records")' in code
    assert '"duration_ms": 812' in code
