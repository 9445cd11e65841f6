"""``mockcbs routes``."""

import json

from click.testing import CliRunner

from mockcbs.cli.main import cli


def run(*arguments):
    return CliRunner().invoke(cli, ["routes", *arguments])


def test_an_example_is_code_for_an_operation():
    """--example prints code for an operation in a language, for a mock at a URL."""
    done = run("--example", "coze.create_chat", "--language", "sdk", "--url", "http://mock:1/")

    assert done.exit_code == 0
    assert "from cozepy import Coze" in done.output
    assert 'base_url="http://mock:1"' in done.output
    compile(done.output, "example", "exec")


def test_an_unknown_operation_is_refused():
    """The error names the unknown operation."""
    done = run("--example", "coze.creat_chat")

    assert done.exit_code != 0
    assert "no operation 'coze.creat_chat'" in done.output


def test_an_sdk_without_the_method_is_refused():
    """The error names the available languages."""
    done = run("--example", "coze.bot_analytics", "--language", "sdk")

    assert done.exit_code != 0
    assert "use one of curl, python, java, node, go" in done.output


def test_summaries_are_whole_and_our_own_routes_are_listed():
    """Each summary is a whole sentence; the routes of /_mockcbs are listed."""
    rows = json.loads(run("--json").output)

    assert {"/_mockcbs/journal", "/_mockcbs/dataset"} <= {row["path"] for row in rows}
    assert [row["operation"] for row in rows if not row["summary"].endswith(".")] == []
