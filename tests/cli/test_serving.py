"""What ``mockcbs serve`` does, from settings to farewell."""

import json
import shlex
import subprocess

import requests

from tests.clients.conftest import serving

__all__ = ["serving"]

EXCHANGE = {
    "request": {"method": "GET", "path": "/v1/users/me", "headers": {}, "body": ""},
    "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": '{"recorded":true}'},
}


def test_the_printed_call_works_on_every_address(serving):
    """A wildcard address is printed as one that can be called."""
    with serving("--host", "0.0.0.0") as server:
        assert server.url.startswith("http://127.0.0.1:")
        ended = subprocess.run(shlex.split(server.curl), capture_output=True, text=True, check=False)

    assert ended.returncode == 0
    assert json.loads(ended.stdout)


def test_recorded_exchanges_come_first(serving, tmp_path):
    """With ``--on-miss fail`` only recorded requests get an answer."""
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps({"exchanges": [EXCHANGE]}), "utf-8")

    with serving("--replay", str(file), "--on-miss", "fail", "--quiet") as server:
        known = requests.get(f"{server.url}/v1/users/me", timeout=10)
        unknown = requests.get(f"{server.url}/v1/bots", timeout=10)

    assert known.json() == {"recorded": True}
    assert unknown.status_code >= 400
