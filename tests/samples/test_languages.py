"""Programs in all languages send the very request they were written for."""

import contextlib
import json
import shutil
import subprocess
import sys

import pytest
from flask import Flask, request

from mockcbs.samples.languages import LANGUAGES
from mockcbs.samples.request import Request
from tests.servers import served

RUN = {
    "curl": ["sh"],
    "python": [sys.executable],
    "java": ["java", "-XX:TieredStopAtLevel=1"],
    "node": ["node"],
    "go": ["go", "run"],
}
"""How a program of one file is run."""
SUFFIX = {"curl": "sh", "python": "py", "java": "java", "node": "js", "go": "go"}
HARD = "引'\"`\\u0041${x}$(x)\t\n%41 end"
TOKEN = {"X-Auth-Token": "a\"b'c\\d$e"}
REQUESTS = {
    "GET": ("GET", "/p%20q/%E5%BC%95?a=%2B08%3A00&b=1&b=2&c=%27%22%5C%24x&d[0]=z", TOKEN, ""),
    "JSON": (
        "POST",
        "/x",
        {**TOKEN, "Content-Type": "application/json"},
        json.dumps({"text": HARD, "n": [1, None, True, 1.5]}, ensure_ascii=False),
    ),
    "text": ("PUT", "/x?acl", {**TOKEN, "Content-Type": "text/plain"}, HARD),
    "PATCH": ("PATCH", "/x", {**TOKEN, "Content-Type": "application/json"}, '{"n":12345678901234567890}'),
    "DELETE": ("DELETE", "/x", {**TOKEN, "Content-Type": "application/json"}, '["a"]'),
}


@pytest.fixture(scope="module")
def echo():
    """A server that repeats what reaches it."""
    app = Flask("echo", static_folder=None)

    @app.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def repeat(path):
        return {
            "method": request.method,
            "path": request.path,
            "query": request.query_string.decode(),
            "arguments": sorted(request.args.items(multi=True)),
            "token": request.headers.get("X-Auth-Token"),
            "type": request.headers.get("Content-Type", "").partition(";")[0],
            "body": request.get_data().decode(),
        }

    with served(app) as url:
        yield url


def output(language, code, folder):
    """What a program prints."""
    if shutil.which(RUN[language][0]) is None:
        pytest.skip(f"{RUN[language][0]} is not installed")
    file = folder / f"Main.{SUFFIX[language]}"
    file.write_text(code, "utf-8")
    done = subprocess.run(
        [*RUN[language], str(file)], capture_output=True, encoding="utf-8", timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
def test_programs_send_their_request(echo, language, name, tmp_path):
    """Method, path, query, header, type and body arrive unchanged, with any characters."""
    method, target, headers, body = REQUESTS[name]
    code = language.write(Request(method, echo + target, headers, body))

    printed = output(language.name, code, tmp_path)

    got = json.loads(printed[printed.index("{") :])
    sent = Request(method, echo + target)
    assert got["method"] == method
    assert got["path"] == "/p q/引" if name == "GET" else "/x"
    assert got["arguments"] == sorted(map(list, sent.parameters))
    assert got["token"] == TOKEN["X-Auth-Token"]
    assert got["type"] == headers.get("Content-Type", got["type"])
    with contextlib.suppress(ValueError):
        got["body"], body = json.loads(got["body"]), json.loads(body)
    assert got["body"] == body


def test_a_body_of_a_get_needs_another_java_client():
    """HttpURLConnection would make it a POST."""
    java = next(one for one in LANGUAGES if one.name == "java")

    code = java.write(Request("GET", "http://h/", {}, "{}"))

    assert "java.net.http.HttpClient" in code
    assert "// HttpURLConnection cannot send GET with a body" in code
