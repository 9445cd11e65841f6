"""The programs that mockcbs writes run against a live mock."""

import json
import subprocess
import sys

import pytest

from tests.conftest import BOT, PROJECT

CHAT_BOT = "7342866812345678901"
CALLS = {
    "cbs": (
        "GET",
        f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day",
        {"X-Auth-Token": "x"},
        "",
    ),
    "coze": ("GET", f"/v1/bots/{CHAT_BOT}", {"Authorization": "Bearer pat_mockcbs"}, ""),
    "feishu": (
        "GET",
        "/open-apis/bitable/v1/apps/bascnA/tables?page_size=20",
        {"Authorization": "Bearer t-any"},
        "",
    ),
    "airtable": (
        "POST",
        "/v0/appMockcbs0000001/Reports",
        {"Authorization": "Bearer patmockcbs.mockcbs"},
        json.dumps({"records": [{"fields": {"input_len": 3}}]}),
    ),
    "oss": ("PUT", "/photos", {"Authorization": "OSS any:any", "Date": "now"}, ""),
}


@pytest.mark.parametrize("service", CALLS)
def test_sdk_samples_run(server, service, tmp_path):
    """With the vendor's SDK, a call succeeds."""
    import requests

    method, target, headers, body = CALLS[service]
    given = {"method": method, "url": server.url + target, "headers": headers, "body": body}
    samples = requests.post(f"{server.url}/_mockcbs/samples", json=given, timeout=10).json()["samples"]
    (code,) = [one["code"] for one in samples if one["language"] == "sdk"]
    (file := tmp_path / "program.py").write_text(code, "utf-8")

    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(file)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
