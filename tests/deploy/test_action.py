"""The steps of the GitHub Action, run as GitHub runs them, without GitHub."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import yaml

from mockcbs import Settings, create_app
from tests.servers import served

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step["run"] for step in ACTION["runs"]["steps"] if "run" in step}

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """Runs a step; gives its status, its output, and what it told GitHub."""
    folder = tmp_path_factory.mktemp("runner")
    told = {name: folder / name.lower() for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_ENV")}
    begun = []

    def run(name: str, options: str = "", **variables: str) -> tuple[int, str, dict[str, str]]:
        for file in told.values():
            file.write_text("")
        given = {
            "RUNNER_TEMP": str(folder),
            "CHECKOUT": str(ROOT),
            "OPTIONS": options,
            **{key: str(file) for key, file in told.items()},
            **variables,
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]],
            env={**os.environ, **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
            start_new_session=True,
        )
        begun.append(done)
        outputs = dict(line.split("=", 1) for line in told["GITHUB_OUTPUT"].read_text().splitlines())
        return done.returncode, done.stdout, outputs

    yield run
    for process in processes_in(folder):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def processes_in(folder: Path) -> list[int]:
    """The processes that run a program of *folder*."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def test_install_and_serve(runner):
    """Later steps can call a running mock."""
    status, printed, _ = runner("Install")
    assert status == 0, printed

    status, printed, outputs = runner("Serve", "--seed 7 --dataset empty")

    assert status == 0, printed
    assert requests.get(f"{outputs['url']}/_mockcbs/ready", timeout=5).json()["status"] == "ready"
    assert requests.get(f"{outputs['url']}/_mockcbs/settings", timeout=5).status_code in {200, 404}


def test_a_mistake_in_the_options(runner):
    """The step fails, and an annotation states the reason."""
    status, printed, outputs = runner("Serve", "--dataset everyda")

    assert status == 1
    assert printed.startswith("::error title=mockcbs::")
    assert "everyda" in printed
    assert outputs == {}


def test_the_contract(runner):
    """The step has the status of the kit."""
    status, printed, _ = runner("Check the contract", "--max-calls 40 --dataset empty")

    assert status == 0, printed
    assert "the mock in process: " in printed


def test_drift_is_reported_once(runner, tmp_path):
    """The first night fails and writes annotations and the summary; the second has nothing new."""
    healthy = create_app(Settings(dataset="coze-sample"))

    def drifted(environ, start_response):
        def start(status, headers, exc_info=None):
            start_response(
                status, [(name.replace("X-Tt-Logid", "X-Log"), text) for name, text in headers], exc_info
            )

        return healthy(environ, start)

    url = runner("Serve", "--dataset coze-sample")[2]["url"]
    given = {"MOCKCBS_BASE_URL": url, "DRIFT": str(tmp_path / "drift.json")}
    given["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
    with served(drifted) as real:
        options = f"--coze {real} --max-calls 60"

        first = runner("Check the contract", options, **given)
        second = runner("Check the contract", options, **given)

    assert first[0] == 1, first[1]
    assert "::error title=coze.http.logid" in first[1]
    assert (tmp_path / "summary.md").read_text("utf-8").startswith("## Contract")
    assert second[0] == 0, second[1]
    assert "nothing has changed since the last run" in second[1]


def test_the_nightly_workflow():
    """The workflow uses existing inputs of the action, and keeps the drift file when a night fails."""
    workflow = yaml.safe_load((ROOT / "examples/nightly.yaml").read_text("utf-8"))
    (steps,) = (job["steps"] for job in workflow["jobs"].values())
    (action,) = (step for step in steps if step["uses"].startswith("OWNER/mockcbs"))
    files = {step["with"]["path"] for step in steps if step["uses"].startswith("actions/cache/")}

    assert set(action["with"]) <= set(ACTION["inputs"])
    assert files == {action["with"]["drift"]}
    assert all(step.get("if") == "always()" for step in steps[2:])
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow[True]["schedule"]  # YAML reads "on" as true
