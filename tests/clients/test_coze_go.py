"""A client in Go, which decodes into typed structs and reads streams line by line, as coze-go does."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")

SOURCE = Path(__file__).parent / "go" / "coze.go"


@pytest.fixture(scope="module")
def seen(_shared, tmp_path_factory):
    """What came of each call."""
    folder = tmp_path_factory.mktemp("go")
    env = {**os.environ, "GO111MODULE": "off", "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", folder / "coze", SOURCE], env=env, check=True, timeout=100)
    url = _shared("--dataset", "coze-sample").url
    done = subprocess.run(
        [folder / "coze", url], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


EXPECTED = {
    "bots": True,
    "cancel": [0, "canceled", 4104],
    "chat": ["in_progress", "completed", True, True],
    "chatflow": ["conversation.chat.created", "done"],
    "error": [["Error"], ["4200"]],
    "file": ["a.png", 5, True],
    "history": ["Running", "Success"],
    "jwt": [True, 0],
    "messages": 2,
    "refused": [4000, True],
    "resume": ["Message", "Interrupt", "Message", "Done"],
    "run": [0, '{"output":"ok"}'],
    "stream": ["conversation.chat.created", "conversation.chat.completed", "done", True, "completed"],
    "stream_run": [["Message", "Done"], ['{"output":"ok"}']],
}


@pytest.mark.parametrize("call", EXPECTED)
def test_calls(seen, call):
    """A client in Go gets the same result from each call as other clients."""
    assert seen[call] == EXPECTED[call]


def test_nothing_else_was_called(seen):
    """Every call of the program is looked at."""
    assert seen.keys() == EXPECTED.keys()
