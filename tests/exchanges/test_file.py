"""Files of recorded exchanges."""

import json
from pathlib import Path

import pytest
from werkzeug.test import Client

from mockcbs import create_app
from mockcbs.core.errors import UserError
from mockcbs.exchanges import replay
from tests.exchanges.recorded import BASE

ASKED = {"method": "GET", "path": "/v1/p/x"}
GIVEN = {"status": 200}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([], "must be a mapping of keys to values"),
        ({}, "exchanges: is missing; expected a list, each a request and its response"),
        ({"exchanges": {}}, "exchanges: expected a list, each"),
        ({"exchanges": [1]}, "exchanges[0]: must be a mapping"),
        ({"exchanges": [{"response": GIVEN}]}, "exchanges[0].request: is missing; expected method, path, "),
        ({"exchanges": [{"request": ASKED}]}, "exchanges[0].response: is missing; expected status, "),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN}, {"request": 1, "response": GIVEN}]},
            "exchanges[1].request: must be a mapping",
        ),
        (
            {"exchanges": [{"request": {"path": "/"}, "response": {"status": "200"}}]},
            "exchanges[0].request.method: is missing; expected a method such as GET; exchanges[0].response",
        ),
        (
            {"exchanges": [{"request": ASKED | {"path": 5}, "response": GIVEN}]},
            "exchanges[0].request.path: expected the path and query of the request",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": {"status": 1}}]},
            "exchanges[0].response.status: expected a status such as 200",
        ),
        (
            {"exchanges": [{"request": ASKED | {"body": {}}, "response": GIVEN}]},
            "exchanges[0].request.body: expected the body as a text",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"body": "?", "encoding": "base64"}}]},
            "exchanges[0].response.body: cannot be decoded: ",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"encoding": "gzip"}}]},
            "exchanges[0].response.encoding: expected base64, or nothing",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a": 1}}}]},
            "exchanges[0].response.headers.a: expected a text",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a": "b\r\nc: d"}}}]},
            "exchanges[0].response.headers.a: expected a text of characters up to U+00FF, on one line",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a": "报表"}}}]},
            "exchanges[0].response.headers.a: expected a text of characters up to U+00FF, on one line",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a": "\x1b[2J"}}}]},
            "exchanges[0].response.headers.a: expected a text of characters up to U+00FF, on one line",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"status": 101}}]},
            "exchanges[0].response.status: expected a status such as 200",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN | {"headers": {"a:\n": "b"}}}]},
            "exchanges[0].response.headers.a:\n: expected a header's name",
        ),
        (
            {"exchanges": [{"request": ASKED, "response": GIVEN, "stand_ins": "a"}]},
            "exchanges[0].stand_ins: expected a list of texts",
        ),
    ],
)
def test_a_file_that_is_none_is_told_by_its_keys(content, told, tmp_path):
    """The error names the file, the key and the expected value."""
    path = tmp_path / "no.json"
    path.write_text(json.dumps(content))

    with pytest.raises(UserError) as caught:
        replay.read(path)

    assert str(caught.value).startswith(f"{path}: not a file of exchanges of `mockcbs record`: {told}")


@pytest.mark.parametrize("content", [b"", b'{"exchanges": [', b"[" * 100_000])
def test_a_file_that_is_no_json(content, tmp_path):
    """A file that is not JSON is an error of the user, too."""
    path = tmp_path / "no.json"
    path.write_bytes(content)

    with pytest.raises(UserError, match=r"no\.json: not a file of exchanges, because it is not JSON: "):
        replay.read(path)


def test_the_file_of_the_page(tmp_path):
    """The format that the page shows is answered from, for any project and bot."""
    page = (Path(__file__).parents[2] / "docs/record.md").read_text("utf-8")
    path = tmp_path / "mine.json"
    path.write_text(page.partition("```json\n")[2].partition("```")[0])
    client = Client(replay.Replay(create_app(), replay.read(path), "fail"))

    assert client.get(f"{BASE}/keywords?top=1").get_json() == {"keywords": []}
