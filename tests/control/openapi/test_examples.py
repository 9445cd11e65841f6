"""Examples of parameters and bodies."""

from openapi_schema_validator import OAS30Validator

from tests.control.openapi.described import described, operations
from tests.services.examples import send_example


def test_examples_are_what_their_schemas_accept():
    """A client that sends them is not refused for their form."""
    whole = described(None)

    for one in operations(whole):
        found = [(part["schema"], part["example"]) for part in one.get("parameters", ()) if "example" in part]
        bodies = one.get("requestBody", {}).get("content", {})
        found += [(media["schema"], media["example"]) for media in bodies.values()]
        answers = [answer.get("content", {}) for answer in one["responses"].values()]
        media = [each["application/json"] for each in answers if "application/json" in each]
        found += [(each["schema"], each["example"]) for each in media if "example" in each]
        for schema, example in found:
            OAS30Validator({**schema, "components": whole["components"]}).validate(example)


def test_examples_can_be_sent():
    """Most examples succeed; the others need something that a client must create first.

    Those that must work at once are named in the tests of each service's documentation.
    """
    refused = []

    for one in operations(described(None)):
        name = one["operationId"]
        if name == "control_reset":
            continue
        answer = send_example(name)
        content = (answer.get_json(silent=True) or {}) if answer.is_json else {}
        if answer.status_code >= 400 or (isinstance(content, dict) and content.get("code") not in {None, 0}):
            refused.append(name)

    assert len(refused) < 0.45 * len(operations(described(None)))


def test_responses_have_examples():
    """Every success with JSON shows all its members, and the code of a success."""
    whole = described(None)
    contents = {
        one["operationId"]: answer.get("content", {})
        for one in operations(whole)
        for status, answer in one["responses"].items()
        if status.startswith("2")
    }
    shown = {
        name: next(iter(one.values())) for name, one in contents.items() if [*one] == ["application/json"]
    }

    assert [name for name, media in shown.items() if "example" not in media] == []
    assert shown["cbs_session_stats"]["example"]["total"]["session_count"] == 1
    assert shown["coze_workflow_analytics"]["example"]["code"] == 0
    assert shown["feishu_list_tables"]["example"]["msg"] == "success"
