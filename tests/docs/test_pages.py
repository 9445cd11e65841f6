"""What the documentation shows is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mockcbs import Settings, create_app
from tests.servers import served

DOCS = Path(__file__).parents[2] / "docs"
REAL = "https://cbs-ext.cn-north-4.myhuaweicloud.com|https://api.coze.cn"
LOCAL = "http://127.0.0.1:8021"


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page."""
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output that is shown."""
    return [tuple(part.partition("\n")[::2]) for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    """The output of a command, as a user would see it on a machine that is not slow: without progress."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": path, "NO_PROXY": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + re.sub(r"^\d+ of \d+ checks, .*\n", "", done.stderr, flags=re.MULTILINE)


def shows(shown: str, output: str) -> bool:
    """Whether *output* is as *shown*, where ``...`` stands for anything."""
    pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


@pytest.fixture
def url():
    """A mock as ``mockcbs serve`` would serve it."""
    with served(create_app(Settings())) as url:
        yield url


@pytest.mark.slow
def test_check_your_mock_against_production(url, tmp_path):
    """Every command of the page runs, with a mock in the place of the servers it names."""
    environment: dict[str, str] = {}
    for block in blocks("contract.md", "console"):
        for command, shown in commands(block):
            if command.startswith("export "):
                name, _, value = command.removeprefix("export ").partition("=")
                environment |= {name: value, "MOCKCBS_CONTRACT_MAX_CALLS": "100"}
                continue
            if command.startswith("pytest"):
                environment.clear()
            here = re.sub(f"{REAL}|{LOCAL}", url, command)
            enough = f"({here} || test $? = 3)"  # 100 calls leave much unchecked
            output = run(f"{enough} && echo all is well", tmp_path, environment)
            assert shows(f"{shown.replace(LOCAL, url)}...all is well", output), output
            assert "MIID" not in output
            assert "pat_example" not in output
    assert (tmp_path / "drift" / "index.html").exists()


@pytest.mark.slow
def test_known_deviations_are_read(tmp_path):
    """The example of known deviations is one; on the mock nothing breaks that clause."""
    (tmp_path / "known.yaml").write_text(blocks("contract.md", "yaml")[0])

    output = run("mockcbs contract --deviations known.yaml --max-calls 1", tmp_path, {})

    assert "known deviation http.one-line: no longer broken" in output or "expired" in output


@pytest.mark.parametrize(("place", "name"), [(0, "answer"), (1, "metrics")])
def test_reproduce_a_production_answer(place, name, tmp_path):
    """The answers of the page are pinned, served, and given again; the impossible ones are refused."""
    (tmp_path / f"{name}.json").write_text(blocks("pin.md", "json")[place])
    pin, ask, refuse = (commands(block) for block in blocks("pin.md", "console")[3 * place :][:3])
    ((command, nothing), (serve, _)), ((curl, answer),) = pin, ask
    (sed, _), (again, refusal) = refuse

    assert run(command, tmp_path, {}) == nothing
    dataset = str(tmp_path / serve.rpartition(" ")[2])
    with served(create_app(Settings(dataset=dataset))) as url:
        given = run(curl.replace(LOCAL, url), tmp_path, {})
    run(sed, tmp_path, {})

    assert shows(answer, given), given
    assert run(again, tmp_path, {}) == refusal


def test_explain_a_figure(tmp_path):
    """The curl line of the page prints what the page shows."""
    (serve, _), (curl, answer) = (commands(block)[0] for block in blocks("explain.md", "console"))
    with served(create_app(Settings(dataset=serve.rpartition(" ")[2]))) as url:
        given = run(curl.replace(LOCAL, url), tmp_path, {})

    assert shows(answer, given), given
