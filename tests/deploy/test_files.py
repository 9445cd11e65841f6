"""Deployment files: linted, and their steps run without a container engine."""

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import requests
import yaml

from mockcbs.core.setting import settings_of
from mockcbs.settings import ServerSettings, Settings
from tests.databases import free_port, postgresql
from tests.servers import stopped

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
PODS = list(yaml.safe_load_all((DEPLOY / "k8s.yaml").read_text("utf-8")))
VARIABLES = {
    f"MOCKCBS_{name.upper()}" for owner in (Settings, ServerSettings) for name, *_ in settings_of(owner)
}


def tool(*command: str, text: str = "") -> str:
    """What a linter finds in files or in *text*; it is installed beside this Python."""
    found = Path(sys.executable).parent / command[0]
    if not found.exists():
        pytest.skip(f"{command[0]} is not installed: pip install 'mockcbs[deploy]'")
    done = subprocess.run(
        [found, *command[1:]], input=text, capture_output=True, text=True, timeout=60, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.deploy
def test_linters():
    """Hadolint reads the Dockerfile, kubernetes-validate the manifest against Kubernetes' own schemas."""
    assert tool("hadolint", str(DEPLOY / "Dockerfile")) == ""
    assert tool("kubernetes-validate", "--strict", str(DEPLOY / "k8s.yaml")) == ""


@pytest.mark.deploy
@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("compose-spec", "deploy/compose.yaml"),
        ("github-actions", "action.yml"),
        ("github-workflows", "examples/ci.yaml"),
        ("github-workflows", "examples/nightly.yaml"),
    ],
)
def test_schemas(schema, file):
    """Each file has the form that its vendor publishes as a JSON schema."""
    assert tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", str(ROOT / file)) == ""


@pytest.mark.deploy
def test_scripts():
    """Shellcheck finds nothing in the scripts, nor in the steps of the action and the examples."""
    workflows = [ROOT / "action.yml", *(ROOT / "examples").glob("*.yaml")]
    steps = [step for file in workflows for step in steps_of(yaml.safe_load(file.read_text("utf-8")))]

    assert len(steps) > 5
    for step in steps:
        assert tool("shellcheck", "--shell", "bash", "-", text=step) == ""
    for script in (DEPLOY / "release", ROOT / ".ci/run", ROOT / ".ci/lowest"):
        assert tool("shellcheck", str(script)) == ""


def steps_of(workflow: dict) -> list[str]:
    """The scripts of an action, or of the jobs of a workflow."""
    owners = [workflow["runs"]] if "runs" in workflow else workflow["jobs"].values()
    return [step["run"] for owner in owners for step in owner["steps"] if "run" in step]


def test_variables_are_settings():
    """Every MOCKCBS_… variable in these files is one that mockcbs reads."""
    texts = [file.read_text("utf-8") for file in DEPLOY.iterdir()]

    named = {name for text in texts for name in re.findall(r"MOCKCBS_[A-Z_]+", text)}

    assert named
    assert named <= VARIABLES


def test_one_port_everywhere():
    """The port that the container exposes is the one that compose, Kubernetes and nginx use."""
    container = next(one for one in PODS if one["kind"] == "Deployment")["spec"]["template"]["spec"]
    ports = {port["name"]: port["containerPort"] for port in container["containers"][0]["ports"]}
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    nginx = COMPOSE["configs"]["proxy"]["content"]

    assert ports["http"] == int(exposed) == ServerSettings.port
    assert f"http://mock:{exposed};" in nginx
    assert f"listen {exposed};" in nginx
    assert COMPOSE["services"]["mock"]["environment"]["MOCKCBS_PEER_PORT"] == str(ports["peers"])


def instructions(name: str) -> list[str]:
    """The arguments of an instruction of the Dockerfile, with lines joined."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


@pytest.mark.deploy
@pytest.mark.timeout(600)
def test_the_steps_of_the_image(tmp_path):
    """What RUN installs serves with the image's environment and command, and passes the health check."""
    home, port = tmp_path / "mockcbs", free_port()
    build = (
        instructions("RUN")[0].replace("/opt/mockcbs", str(home)).replace("python -m", f"{sys.executable} -m")
    )
    subprocess.run(["bash", "-euc", build], cwd=ROOT, check=True, timeout=500, stdout=subprocess.DEVNULL)
    (entry,), (arguments,) = (yaml.safe_load(instructions(name)[0]) for name in ("ENTRYPOINT", "CMD"))
    (check,) = re.findall(r"CMD (\[.*urlopen.*\])", DOCKERFILE)
    variables = dict(pair.split("=") for pair in shlex.split(instructions("ENV")[0]))
    assert variables == {"MOCKCBS_HOST": "0.0.0.0"}
    command = [entry.replace("/opt/mockcbs", str(home)), arguments]

    with stopped(
        subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], "MOCKCBS_HOST": "127.0.0.1", "MOCKCBS_PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        )
    ) as process:
        assert process.stdout.readline()
        health = [
            part.replace("/opt/mockcbs", str(home)).replace("8021", str(port))
            for part in yaml.safe_load(check)
        ]
        assert subprocess.run(health, timeout=10, check=False).returncode == 0
        assert not (home / "bin/pip").exists()
    assert subprocess.run(health, timeout=10, check=False, stderr=subprocess.DEVNULL).returncode != 0


@pytest.mark.deploy
def test_the_replicas_of_compose():
    """Two processes with compose's variables serve as one mock: what one is asked, the other counts."""
    given = COMPOSE["services"]["mock"]["environment"]
    answers = []
    with postgresql() as url:
        state = re.sub(r"^postgresql\+\w+:", "postgresql:", url)
        variables = {**os.environ, **given, "MOCKCBS_STATE": state, "MOCKCBS_PEER_PORT": "0"}
        command = [Path(sys.executable).parent / "mockcbs", "serve", "--quiet", "--port", "0"]
        with (
            stopped(subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)) as one,
            stopped(subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)) as two,
        ):
            first, second = one.stdout.readline().strip(), two.stdout.readline().strip()
            bot = "/v1/p/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
            headers = {"X-Auth-Token": "t"}
            for base in (first, second):
                requests.post(f"{base}{bot}/chat", json={"question": "你好"}, headers=headers, timeout=10)
                stats = requests.get(
                    f"{second}{bot}/requests/session-stats?interval=day", headers=headers, timeout=10
                )
                answers.append(stats.json()["total"]["session_count"])

    assert answers[1] == answers[0] + 1


@pytest.mark.deploy
@pytest.mark.timeout(600)
def test_the_release(tmp_path):
    """The script builds an archive and a wheel that hold every file of the packages."""
    copy = tmp_path / "checkout"
    subprocess.run(["git", "clone", "-q", ROOT, copy], check=True, timeout=60)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    done = subprocess.run(
        [copy / "deploy/release"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (wheel,) = (copy / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    listed = subprocess.run(
        ["git", "ls-files", "mockcbs"], cwd=copy, check=True, capture_output=True, text=True
    )
    assert set(listed.stdout.split()) <= held
