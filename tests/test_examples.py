"""What the documentation shows: each listing is a file, and each file runs."""

import csv
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from mockcbs.testing.live import LiveServer

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
PAGES = sorted((ROOT / "docs").glob("*.md"))
LISTING = re.compile(r"<!-- (examples/\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)


def run(*command: str, cwd: Path = EXAMPLES, **variables: str) -> str:
    """What a command prints; it must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    elsewhere = "PYTHONPYCACHEPREFIX" in os.environ  # bytecode: no example gets a folder of it
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "" if elsewhere else "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_each_listing_is_its_file():
    """The pages show every example unchanged."""
    listings = {name: text for page in PAGES for name, text in LISTING.findall(page.read_text("utf-8"))}

    files = {
        file.relative_to(ROOT).as_posix(): file.read_text("utf-8")
        for file in EXAMPLES.rglob("*.*")
        if "__pycache__" not in file.parts
    }
    assert listings == {name: files[name] for name in listings}
    assert set(listings) == set(files)


def test_script():
    """After three successful calls there is an outage that the client's attempts outlast; the log shows
    all.
    """
    printed = run(sys.executable, "script.py").splitlines()

    assert re.fullmatch(r"1 \d+", printed[0])
    assert "no answer in 3 attempts" in "\n".join(printed)
    assert any(line.startswith("502 GET /v1/") for line in printed)


def test_httpx_client():
    """The client gets a response, then the failure."""
    printed = run(sys.executable, "httpx_client.py")

    assert "keywords" in printed
    assert "Server disconnected" in printed


@pytest.mark.parametrize("script", ["pull_requests.py", "pull_cozepy.py"])
def test_pull_without_our_command(script, tmp_path):
    """Each script writes yesterday's file with the figures of `mockcbs pull`."""
    bot, space = "7342866812345678901", "7348203000000000001"
    with LiveServer() as mock:
        where = {"COZE_API_BASE": mock.url, "COZE_API_TOKEN": "pat_mockcbs"}
        run(
            *(sys.executable, "-W", "ignore", str(EXAMPLES / script)),
            cwd=tmp_path,
            **where,
            COZE_BOT_ID=bot,
            COZE_SPACE_ID=space,
        )
        pull = ("mockcbs", "pull", "--coze", mock.url, "--bot", bot, "--out", ".", "--name", "ours.csv")
        run(*pull, cwd=tmp_path, **where)

    (theirs,) = csv.DictReader(next(tmp_path.glob(f"{bot}-*.csv")).read_text("utf-8").splitlines())
    (ours,) = csv.DictReader((tmp_path / "ours.csv").read_text("utf-8").splitlines())
    assert ours == {"bot_id": bot, **theirs}


@pytest.mark.slow
@pytest.mark.skipif(
    not all(map(find_spec, ("aiohttp", "pytest_httpserver", "pytest_httpx", "respx"))),
    reason="aiohttp, pytest-httpserver, pytest-httpx or respx is not installed: pip install 'mockcbs[test]'",
)
def test_beside_other_mocks():
    """responses, respx, pytest-httpx, pytest-httpserver and aiohttp work beside mockcbs."""
    assert "6 passed" in run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_with_others.py")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node():
    """The tests in Node's own runner pass, with a mock that they start."""
    assert re.search(r"^\S pass 3$", run("node", "--test", cwd=EXAMPLES / "node"), re.MULTILINE)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="java is not installed")
def test_java():
    """The program starts a mock, and its assertions hold."""
    assert "3 passed" in run("java", "-ea", "SessionsTest.java", cwd=EXAMPLES / "java")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")
def test_go():
    """The tests in Go's own runner pass, without a module that would have to be downloaded."""
    printed = run("go", "test", "-count=1", cwd=EXAMPLES / "go", GOPROXY="off")

    assert re.search(r"^ok\s", printed, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_ci_job(tmp_path):
    """Each named step of the job does what its name states."""
    for file in EXAMPLES.glob("*.py"):
        shutil.copy(file, tmp_path)
    job = yaml.safe_load((EXAMPLES / "ci.yaml").read_text("utf-8"))

    steps = [step["run"] for step in job["jobs"]["test"]["steps"] if "name" in step]
    printed = [run("sh", "-ec", step, cwd=tmp_path) for step in steps]

    assert "10 passed" in printed[0]
    assert '"keywords"' in printed[1]
