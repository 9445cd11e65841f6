"""A client in Java with the wire of coze-java: its headers, its bodies, its way to read streams."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="java is not installed")

PROGRAM = Path(__file__).parent / "java" / "Coze.java"
INTEGER = range(-(2**31), 2**31)
"""What Java's Integer holds, into which the SDK reads all times of chats and tokens."""

MODELS = """
chat.data: id str, conversation_id str, bot_id str, created_at int, meta_data dict, status str
retrieved.data: completed_at int, usage dict, last_error dict
messages.data[]: id str, role str, type str, content str, content_type str, chat_id str, created_at int
conversation.data: id str, created_at int, meta_data dict, last_section_id str
run: data str, debug_url str, execute_id str, usage dict
history.data[]: execute_id str, execute_status str, bot_id str, connector_id str, connector_uid str
history.data[]: run_mode int, logid str, create_time int, update_time int, output str, error_code str
file.data: id str, bytes int, created_at int, file_name str
bots.data: total int, space_bots list
bots.data.space_bots[]: bot_id str, bot_name str, description str, icon_url str, publish_time str
workspaces.data: total_count int, workspaces list
workspaces.data.workspaces[]: id str, name str, icon_url str, role_type str, workspace_type str
token: access_token str, expires_in int, token_type str
refused: code int, msg str
canceled: code int, msg str
expired: code int, msg str
event:Message: content str, node_title str, node_seq_id str, node_is_finish bool, usage dict
event:Done: debug_url str
event:conversation.chat.completed: id str, status str, created_at int, completed_at int, usage dict
event:conversation.message.completed: id str, type str, content str, created_at int
"""
"""Members of the SDK's models and their types, by the name of a response and the place in it."""


@pytest.fixture(scope="module")
def seen(_shared):
    """The last JSON of each name."""
    url = _shared("--dataset", "coze-sample").url
    command = ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", str(PROGRAM), url]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return {
        name: json.loads(text)
        for name, _, text in (line.partition("\t") for line in done.stdout.splitlines())
    }


@pytest.mark.slow
@pytest.mark.parametrize("row", MODELS.strip().splitlines())
def test_models(seen, row):
    """Each member has the type that the SDK declares, and numbers fit into the types of Java."""
    place, _, members = row.rpartition(": ")
    found = _at(seen, place)

    for member in members.split(", "):
        name, kind = member.split()
        assert type(found[name]).__name__ == kind, name
        assert kind != "int" or found[name] in INTEGER, name


def _at(seen, place):
    name, *path = place.split(".") if not place.startswith("event:") else [place]
    found = seen[name]
    for step in path:
        found = found[step.removesuffix("[]")]
        if step.endswith("[]"):
            found = found[0]
    return found


@pytest.mark.parametrize(
    ("name", "code"), [("refused", 4000), ("canceled", 4104), ("expired", 700012006), ("run", 0), ("bots", 0)]
)
def test_codes(seen, name, code):
    """Refusals carry the code that the SDK's exceptions show."""
    assert seen[name]["code"] == code


def test_streams_come_to_their_ends(seen):
    """Each stream has its events in order, up to the last one."""
    assert seen["event:done"] == "[DONE]"
    assert seen["event:Message"]["content"] == '{"output":"ok"}'
