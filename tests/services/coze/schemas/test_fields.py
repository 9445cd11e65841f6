"""Scalars are read as Go reads them, and every field of every schema is one of the strict ones."""

import importlib
import pkgutil

import pytest
from marshmallow import Schema, fields

from mockcbs.services.coze import schemas
from mockcbs.services.coze.schemas import fields as ours
from tests.services.coze.conftest import BOT, RUN

STRICT = (
    ours.Flag, ours.Whole, ours.Id, ours.Object, ours.Item, ours.Items, ours.CommaList, fields.String,
)  # fmt: skip
NO_FLAGS = ["yes", "on", "true", "false", 1, 0, 1.0, "1", "", [], {}]
NO_NUMBERS = ["٣", "１", "1_0", " 1", "1 ", "+1", "1.0", "1e1", "0x1", "one"]


def _schemas():
    for module in pkgutil.iter_modules(schemas.__path__, schemas.__name__ + "."):
        found = vars(importlib.import_module(module.name)).values()
        yield from (one for one in found if isinstance(one, type) and issubclass(one, Schema))


def _fields(schema):
    """Every field of *schema*, those inside others too."""
    waiting = list(schema().fields.values())
    while waiting:
        field = waiting.pop()
        yield field
        inner = (getattr(field, name, None) for name in ("inner", "key_field", "value_field"))
        waiting += [part for part in inner if part]
        if isinstance(field, fields.Nested):
            waiting += field.schema.fields.values()


@pytest.mark.parametrize("schema", sorted(set(_schemas()), key=lambda one: one.__name__))
def test_every_field_is_strict(schema):
    """No field converts its value, and no error uses the words of marshmallow."""
    for field in _fields(schema):
        assert isinstance(field, STRICT) or type(field).__name__ == "_Day", field
        said = [field.error_messages[key] for key in ("invalid", "type") if key in field.error_messages]
        assert isinstance(field, ours.CommaList) or all(text.startswith("must be") for text in said), field
        assert not field.required or field.error_messages["required"] == "is required"


@pytest.mark.parametrize("sent", NO_FLAGS)
@pytest.mark.parametrize("member", ["stream", "auto_save_history", "enable_card"])
def test_flags_of_chats(coze, member, sent):
    """Only true and false are booleans in chats."""
    answer = coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", member: sent})

    assert (answer.status_code, answer.json["code"]) == (400, 4000)
    assert answer.json["msg"].endswith(f"{member} must be true or false")


@pytest.mark.parametrize("sent", NO_FLAGS)
def test_flags_of_runs(coze, sent):
    """Only true and false are accepted for is_async."""
    answer = coze.post("/v1/workflow/run", json={"workflow_id": RUN, "is_async": sent})

    assert answer.json["code"] == 4000


@pytest.mark.parametrize("sent", NO_NUMBERS)
def test_numbers_in_queries(coze, sent):
    """A number in a query consists of ASCII digits."""
    query = {"start_date": "2025-12-15", "end_date": "2025-12-15", "page_size": sent}

    answer = coze.get(f"/v1/bots/{BOT}/analytics/logs", query_string=query)

    assert answer.json["code"] == 4000
    assert answer.json["msg"].endswith("page_size must be a whole number from 1 to 100")


@pytest.mark.parametrize("sent", ["50", 50.0, True, 0, 51, [50]])
def test_numbers_in_bodies(coze, sent):
    """A number in a body is a JSON integer."""
    conversation = coze.post("/v1/conversation/create").json["data"]["id"]

    answer = coze.post(f"/v1/conversation/message/list?conversation_id={conversation}", json={"limit": sent})

    assert answer.json["code"] == 4000


@pytest.mark.parametrize("sent", [False, 0.0, 1.5, [], {}])
def test_ids_are_strings_or_integers(coze, sent):
    """``false`` is not an id, and does not mean a missing one."""
    answer = coze.post("/v1/workflow/run", json={"workflow_id": RUN, "bot_id": sent})

    assert answer.json["code"] == 4000


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/conversation/create", {"connector_id": ""}),
        ("/v1/workflow/run", {"workflow_id": RUN, "connector_id": ""}),
        ("/v1/workflow/stream_run", {"workflow_id": RUN, "connector_id": ""}),
        ("/v3/chat", {"bot_id": BOT, "user_id": "u", "connector_id": ""}),
    ],
)
def test_no_channel_is_the_api(coze, path, body):
    """coze-go always sends connector_id, empty if unset: the API channel is meant."""
    answer = coze.post(path, json=body)

    assert answer.status_code == 200
    assert '"code":4000' not in answer.text


@pytest.mark.parametrize("sent", ["{", "[]", "1", '"x"', "null", 5, []])
def test_parameters_that_are_no_object(coze, sent):
    """Parameters are an object, or a string that holds one."""
    assert coze.post("/v1/workflow/run", json={"workflow_id": RUN, "parameters": sent}).json["code"] == 4000


@pytest.mark.parametrize("text", ['{"x":"y"}', ' {"x": "y"} '])
def test_parameters_as_text(coze, text):
    """Parameters in a text have the same effect as parameters in an object."""
    answer = coze.post("/v1/workflow/run", json={"workflow_id": RUN[:-1] + "9", "parameters": text})

    assert answer.json["data"] == '{"x":"y"}'


def test_parameters_of_chats_are_objects(coze):
    """A chat refuses parameters in a text, as the vendor's page states."""
    body = {"bot_id": BOT, "user_id": "u", "parameters": "{}"}

    assert coze.post("/v3/chat", json=body).json["code"] == 4000
