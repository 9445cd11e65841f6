"""The response to every exchange in ``fixtures/exchanges`` has equal bytes, or equal JSON if marked."""

import json
import re
from importlib import resources

import pytest

from mockcbs import Settings, create_app


def _documents():
    folder = resources.files("mockcbs.fixtures") / "exchanges"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [json.loads(file.read_text("utf-8")) for file in files if file.name.endswith(".json")]


DOCUMENTS = _documents()


def _masked(body: bytes, members: list[str]) -> bytes:
    """*body* with the string values of *members* hidden."""
    for member in members:
        body = re.sub(rb'("%b":)"[^"]*"' % member.encode(), rb'\1"****"', body)
    return body


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["id"])
def test_exchanges(document):
    """A new mock answers each recorded exchange in turn with exactly the recorded bytes.

    A mark in the record states that the order of members has no meaning: it is compared as JSON.
    """
    app = create_app(Settings(**{name: document[name] for name in ("dataset", "now", "strict")}))
    client = app.test_client()

    for exchange in document["exchanges"]:
        request, expected = exchange["request"], exchange["response"]

        answer = client.open(
            request["path"], method=request["method"], headers=request["headers"], data=request.get("body")
        )

        assert answer.status_code == expected["status"]
        assert answer.mimetype in {"application/json", "text/event-stream"}
        body = expected["body"].encode()
        said, wanted = (_masked(text, exchange["masked"]) for text in (answer.data, body))
        if document.get("compare") == "json" and answer.mimetype == "application/json":
            said, wanted = json.loads(said), json.loads(wanted)
        assert said == wanted


def test_ids_differ():
    """Every exchange has a unique id, which the contract refers to."""
    ids = [document["id"] for document in DOCUMENTS]

    assert len(set(ids)) == len(ids) > 0
