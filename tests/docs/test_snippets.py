"""Every command and snippet of the documentation runs, is checked, or is in a list that says why not."""

import configparser
import gc
import json
import re
import shlex
import subprocess
import sys
import warnings

import click
import pytest
import yaml
from click.testing import CliRunner

from mockcbs import create_app
from mockcbs.cli import main
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT
from tests.docs.snippets import ALL, PAGES, ROOT, SHELL, Block, run, steps
from tests.docs.test_pages import shows

Place = tuple[str, str]
"""A page, and how the block begins."""

ELSEWHERE: dict[Place, str] = {
    ("docs/cbs.md", "X-Mockcbs-Reason: time_zone"): "docs/test_snippets.py::test_a_blank_in_a_zone",
    ("docs/contract.md", "$ mockcbs contract"): "docs/test_pages.py::test_check_your_mock_against_production",
    ("docs/contract.md", "$ export MOCKCBS"): "docs/test_pages.py::test_check_your_mock_against_production",
    ("docs/contract.md", "$ pytest"): "docs/test_pages.py::test_check_your_mock_against_production",
    ("docs/contract.md", "# known.yaml"): "docs/test_pages.py::test_known_deviations_are_read",
    ("docs/contract.md", "name: contract, every night"): "deploy/test_action.py::test_the_nightly_workflow",
    ("docs/control.md", "GET /v1/<project_id>"): "docs/test_snippets.py::test_near_misses",
    ("docs/datasets.md", "info: dataset"): "clients/test_cli_serve.py::test_watch",
    ("docs/design.md", "import re\nfrom mockcbs"): "services/test_registry.py::test_new_service_is_routed",
    ("docs/examine-client.md", "from mockcbs.examining"): "docs/test_snippets.py::test_the_exam_of_the_page",
    ("docs/dialogue.md", "$"): "clients/test_docs_dialogue.py::test_the_loop_with_curl",
    (
        "docs/dialogue.md",
        "from huaweicloudsdkcbs",
    ): "clients/test_docs_dialogue.py::test_the_loop_with_the_sdk",
    ("docs/dialogue.md", "怎么开发票"): "clients/test_docs_dialogue.py::test_the_loop_with_the_sdk",
    ("docs/pin.md", "$"): "docs/test_pages.py::test_reproduce_a_production_answer",
    ("docs/pull.md", '"""Yesterday'): "test_examples.py::test_pull_without_our_command",
    ("docs/pull.md", "-- duckdb"): "docs/test_pull.py::test_duckdb_reads_the_files",
    ("docs/pull.md", "-- clickhouse"): "docs/test_pull.py::test_clickhouse_reads_the_files",
    ("docs/pull.md", "import pandas"): "docs/test_pull.py::test_flink_reads_the_files",
    ("docs/pull.md", "-- flink"): "docs/test_pull.py::test_flink_reads_the_files",
    ("docs/pull.md", "CRON_TZ"): "docs/test_pull.py::test_commands_are_accepted",
    ("docs/pull.md", "[Service]"): "docs/test_pull.py::test_commands_are_accepted",
    ("docs/pull.md", "[Timer]"): "docs/test_pull.py::test_jobs_begin_at_two_in_shanghai",
    ("docs/pull.md", "name: pull"): "docs/test_pull.py::test_jobs_begin_at_two_in_shanghai",
    (
        "docs/tables.md",
        "$ mockcbs check runs.yaml",
    ): "docs/test_tables.py::test_from_workflow_to_daily_report",
    (
        "docs/tables.md",
        "$ curl -s http://127.0.0.1:8021/v1/workflow/run",
    ): "docs/test_tables.py::test_from_workflow_to_daily_report",
    ("docs/testing-your-client.md", '"""'): "test_examples.py::test_each_listing_is_its_file",
    ("docs/testing-your-client.md", "// A test of a client in Node"): "test_examples.py::test_node",
    ("docs/testing-your-client.md", "// A test of a client in Java"): "test_examples.py::test_java",
    ("docs/testing-your-client.md", "module example.test"): "test_examples.py::test_go",
    ("docs/testing-your-client.md", "// A test of a client in Go"): "test_examples.py::test_go",
    ("docs/testing-your-client.md", "name: client"): "test_examples.py::test_ci_job",
    ("docs/webhooks.md", "pip install"): "docs/test_webhooks.py::test_the_first_commands",
    ("docs/webhooks.md", "import pytest"): "docs/test_webhooks.py::test_the_test_of_the_page",
    ("docs/webhooks.md", "SELECT"): "docs/test_webhooks.py::test_the_statements",
    ("docs/webhooks.md", "CREATE TABLE"): "docs/test_webhooks.py::test_the_statements",
}
"""Blocks that a test of their own runs."""

NOT_RUN: dict[Place, str] = {
    ("CONTRIBUTING.md", "python3 -m venv"): "installs the checkout; .ci/run runs this line of the README",
    ("CONTRIBUTING.md", ".venv/bin/ruff"): ".ci/run runs these checks",
    ("README.md", "python3 -m venv"): "installs the checkout; .ci/run runs this line",
    ("docs/contract/cbs.md", "X-Sdk-Date"): "a format of the vendor",
    ("docs/contract/cbs.md", "GET\n/v1/"): "what a signature is made of; a format of the vendor",
    ("docs/contract/cbs.md", "GET /v3/projects"): "a request of the vendor's SDK",
    ("docs/contract/cbs.md", "S = sessions"): "a formula",
    ("docs/contract/cbs.md", "GET  /v3/projects"): "requests of the vendor's SDK",
    ("docs/contract/coze.md", "event:"): "a stream of the vendor",
    (
        "docs/coze.md",
        "import { CozeAPI }",
    ): "needs a package of npm; clients/test_coze_node.py calls it",
    ("docs/deploy.md", "docker"): "needs a container engine; deploy/test_files.py runs the steps without one",
    ("docs/deploy.md", "- uses"): "an action; deploy/test_action.py runs it",
    ("docs/design.md", "seed ·"): "a drawing",
    ("docs/examine-client.md", "BROKEN"): "a part of a report",
    ("docs/performance.md", "python benchmarks"): "takes minutes; tests/benchmarks run each part",
    ("docs/pull.md", "MOCKCBS_PULL_TOKEN=$("): "needs credentials of the real service",
    ("docs/replicas.md", "pip install"): "needs a database on another machine; backend/postgres has tests",
    ("docs/tls.md", "127.0.0.1"): "lines of /etc/hosts, which only root writes",
    ("docs/tls.md", "services:"): "needs a container engine",
    ("docs/traffic.md", "python benchmarks"): "takes a minute, and writes into docs/images",
    ("docs/zh/getting-started.md", "python3 -m venv"): "installs the checkout; .ci/run runs this line",
}
"""Blocks that cannot run here, and why."""

START = {"README.md": "mockcbs serve --dataset documented-week"}
"""The mock that the text of a page names; by default that of ``mockcbs serve``."""

FILES: dict[str, dict[str, str]] = {
    "docs/control.md": {"mine.yaml": "bots: [{id: '*', traffic: {}}]\n"},
    "docs/examine-client.md": {
        "report.py": """\
import json
import sys

import requests


def daily_rows(base_url, token, bot_id, start, end):
    url = f"{base_url}/v1/bots/{bot_id}/analytics"
    query = {"start_date": start, "end_date": end}
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(url, query, headers=headers, timeout=30).json()["data"]["metrics"]


if __name__ == "__main__":
    print(json.dumps(daily_rows(*sys.argv[1:])))
""",
    },
    "docs/pin.md": {
        "keywords.json": '{"keywords":[{"keyword":"打印机","freq":3}]}',
        "filtered.json": '{"code":0,"msg":"","data":{"bot_id":"7342866812345678901",'
        '"start_date":"2025-12-15",'
        '"end_date":"2025-12-17","granularity":"day","timezone":"Asia/Shanghai","metrics":[],"summary":'
        '{"total_messages":0,"total_calls":0,"unique_users":0,"total_sessions":0,"success_rate":0.0,'
        '"error_rate":0.0,"avg_response_time_ms":0.0}},"detail":{"logid":"x"}}',
    },
}
"""What a reader has: files that a page names."""

GIVEN = {
    ("docs/explain.md", "why = m.explain"): """
from mockcbs import Mock
m = Mock(now="2026-11-22T12:00:00+08:00")
project, bot = "1604d8170cd84440a81281e5a3a04f8b", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
"""
}
"""What stands before a part of a program."""


def place_of(block: Block) -> Place | None:
    """The place in the lists that a block has."""
    places = [*ELSEWHERE, *NOT_RUN]
    found = [(page, begin) for page, begin in places if block.page == page and block.text.startswith(begin)]
    return max(found, key=lambda place: len(place[1]), default=None)


HERE = [block for block in ALL if place_of(block) is None]


def of(*languages: str):
    """The blocks in *languages* that are run here; it takes seconds to import lark_oapi."""
    found = [
        pytest.param(block, id=block.name, marks=[pytest.mark.slow] * ("lark_oapi" in block.text))
        for block in HERE
        if block.language in languages
    ]
    return pytest.mark.parametrize("block", found)


@pytest.mark.parametrize("block", ALL, ids=lambda block: block.name)
def test_every_block_is_run_or_listed(block):
    """A block in a language that nothing here runs is in a list."""
    run_here = block.language in {*SHELL, "json", "python", "yaml"}

    assert run_here or place_of(block), f"list {block.name} in ELSEWHERE or NOT_RUN, or run it"


@pytest.mark.parametrize("place", [*ELSEWHERE, *NOT_RUN, *GIVEN])
def test_no_place_is_out_of_date(place):
    """Every listed block is still there."""
    page, begin = place

    assert any(block.page == page and block.text.startswith(begin) for block in ALL)


@pytest.mark.parametrize("test", sorted(set(ELSEWHERE.values())))
def test_the_tests_elsewhere_exist(test):
    """Each block that another file tests names an existing test."""
    file, name = test.split("::")

    assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text("utf-8")


@of("json")
def test_json_can_be_read(block):
    """Each block of JSON is valid; ``{…}`` stands for any object."""
    json.loads(block.text.replace("{…}", "{}"))


@of("yaml")
def test_yaml_is_accepted(block, tmp_path):
    """Each block of YAML is a valid dataset, scenario or knowledge base."""
    file = tmp_path / "mine.yaml"
    file.write_text(block.text, "utf-8")
    known = {"bots", "rules", "pairs"} & yaml.safe_load(block.text).keys()

    done = CliRunner().invoke(main.cli, ["check", str(file), *([] if known else ["--as", "dataset"])])

    assert done.exit_code == 0, done.output


@of("python")
def test_python_runs(block, tmp_path, monkeypatch):
    """Each Python program runs against a mock."""
    monkeypatch.chdir(tmp_path)
    before = next((code for place, code in GIVEN.items() if place[1] in block.text[:40]), "")
    with LiveServer() as server, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = before + block.text.replace("http://127.0.0.1:8021", server.url)

        exec(compile(code, block.name, "exec"), {"__name__": "__main__"})
        gc.collect()  # clients that the page does not close


PAGES_TO_TYPE = [page for page in PAGES if any(one.page == page and one.language in SHELL for one in HERE)]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PAGES_TO_TYPE)
def test_commands_run(page, tmp_path):
    """The commands of a page run in order without an error and print the output that the page shows."""
    for name, text in FILES.get(page, {}).items():
        (tmp_path / name).write_text(text, "utf-8")
    typed = [
        step for block in HERE if block.page == page and block.language in SHELL for step in steps(block)
    ]

    done = run(typed, tmp_path, START.get(page, "mockcbs serve"))

    for step, (status, output) in zip(typed, done[-len(typed) :], strict=True):
        assert status == 0, f"{step.command}{output}"
        assert step.shown is None or shows(step.shown, output), f"{step.command}{output}"


INLINE = re.compile(r"(?:^|[`$ (|])(mockcbs (?:[a-z]+)(?: [^`\n|&#]*)?)", re.MULTILINE)


@pytest.mark.parametrize(
    "page", [*PAGES, "README.zh.md", *(f"docs/zh/{name}.md" for name in ("coze", "tables"))]
)
def test_commands_exist(page):
    """Every command that a page names, in its text too, has the options that it names there."""
    for line in INLINE.findall((ROOT / page).read_text("utf-8")):
        _, name, *rest = line.split()
        if name in main.COMMANDS:
            known = _options(main.cli, name, rest)
            strange = [
                word for word in _words(rest) if word.startswith("--") and word.partition("=")[0] not in known
            ]
            assert not strange, line


def _options(group: click.Group, name: str, rest: list[str]) -> set[str]:
    command = group.get_command(click.Context(group), name)
    if isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest[0]]
    return {"--help", *(name for one in command.params for name in (*one.opts, *one.secondary_opts))}


def _words(rest: list[str]) -> list[str]:
    """The words of a command line; what stands in quotes belongs to another command."""
    try:
        return shlex.split(" ".join(rest))
    except ValueError:
        return rest


@pytest.mark.parametrize("page", [*PAGES, "README.zh.md"])
def test_extras_exist(page):
    """Each extra in ``pip install 'mockcbs[…]'`` is one of setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    text = (ROOT / page).read_text("utf-8")

    named = {
        extra for found in re.findall(r"(?:mockcbs|\.)\[([a-z,]+)\]'", text) for extra in found.split(",")
    }

    assert named <= set(config["options.extras_require"])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_exam_of_the_page(tmp_path):
    """The tests of a client that the page shows pass for a good client, called as a function or a program."""
    (code,) = [
        one.text for one in ALL if place_of(one) == ("docs/examine-client.md", "from mockcbs.examining")
    ]
    report = FILES["docs/examine-client.md"]["report.py"]
    (tmp_path / "report.py").write_text(report, "utf-8")
    (tmp_path / "report").write_text(f"#!{sys.executable}\n{report}", "utf-8")
    (tmp_path / "report").chmod(0o755)
    few = "from mockcbs.examining.mixin import ClientExam\nClientExam.cases = 1\n"
    (tmp_path / "test_page.py").write_text(few + code.replace("cases = 10", "cases = 1"), "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )

    assert " passed" in done.stdout, done.stdout
    assert done.returncode == 0, done.stdout


def test_a_blank_in_a_zone(client):
    """The reason that the page shows is the one that is sent."""
    path = f"/v1/p/qabots/{BOT}/requests/session-stats?interval=day&time_zone=+08:00"

    response = client.get(path, headers={"X-Auth-Token": "any"})

    line = f"X-Mockcbs-Reason: {response.headers['X-Mockcbs-Reason']}"
    assert line in (ROOT / "docs/cbs.md").read_text("utf-8")


def test_near_misses():
    """The sentence that the page shows is the one that is sent."""
    client = create_app().test_client()

    client.get(f"/v1/p/qabots/{BOT}/session_stats", headers={"X-Auth-Token": "any"})

    (call,) = client.get("/_mockcbs/journal").json["entries"]
    text = " ".join((ROOT / "docs/control.md").read_text("utf-8").split())
    assert call["near_misses"][0] in text
