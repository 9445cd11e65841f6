"""The programs that mockcbs writes run against a live mock."""

import json
import shutil
import subprocess
import sys

import pytest
import requests

OPERATIONS = {
    "cbs.session_stats": True,
    "iam.list_projects": False,
    "coze.retrieve_bot": True,
    "feishu.search_records": True,
    "airtable.create_records": True,
    "tencent_docs.use_sheet": False,
    "oss.put_object": True,
    "control.health": False,
}
"""One of each service, and whether its vendor has an SDK for Python."""
RUN = {
    "python": ([sys.executable, "-W", "ignore"], "py"),
    "sdk": ([sys.executable, "-W", "ignore"], "py"),
    "java": (["java", "-XX:TieredStopAtLevel=1"], "java"),
    "node": (["node"], "js"),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "language"),
    [
        (operation, language)
        for operation, has_sdk in OPERATIONS.items()
        for language in RUN
        if has_sdk or language != "sdk"
    ],
)
def test_programs_succeed(server, operation, language, tmp_path):
    """The program in each language sends the example of an operation and prints the response."""
    command, suffix = RUN[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    url = f"{server.url}/_mockcbs/samples"
    samples = requests.get(url, params={"operation": operation}, timeout=60).json()["samples"]
    (code,) = [one["code"] for one in samples if one["language"] == language]
    (file := tmp_path / f"Main.{suffix}").write_text(code, "utf-8")

    done = subprocess.run(
        [*command, str(file)], capture_output=True, encoding="utf-8", timeout=100, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    if language != "sdk":
        status, _, body = done.stdout.partition(" ")
        assert status == "200"
        assert "error" not in body[:40]


def test_a_request_of_the_journal_is_written_with_credentials_that_work(server):
    """Code for a call in the journal has valid credentials instead of the masked ones."""
    requests.get(f"{server.url}/v1/users/me", headers={"Authorization": "Bearer pat_secret"}, timeout=10)
    journal = requests.get(
        f"{server.url}/_mockcbs/journal", params={"operation": "coze.users_me"}, timeout=10
    )
    entry = journal.json()["entries"][0]["id"]

    samples = requests.get(f"{server.url}/_mockcbs/samples", params={"entry": entry}, timeout=10).json()

    assert "Bearer pat_mockcbs" in samples["samples"][0]["code"]
    assert "pat_secret" not in json.dumps(samples)
